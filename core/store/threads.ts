import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** One of the threads beside this file, over the database at `path`. */
export function startThread(file: string, path: string): Worker {
  return new Worker(new URL(file, import.meta.url), { workerData: path })
}

const ending = new WeakSet<Worker>()

/** An idle one keeps no process alive; one that is ending does, until it has ended. */
export function letGo(thread: Worker): void {
  if (!ending.has(thread)) thread.unref()
}

/** It answers what it was asked before, and closes its connection. */
export async function endThread(thread: Worker | undefined): Promise<void> {
  if (!thread) return
  ending.add(thread)
  const ended = once(thread, 'exit')
  thread.ref()
  thread.postMessage('close')
  await ended.catch(() => {}) // rejects when the thread breaks, which ends it as well
}
