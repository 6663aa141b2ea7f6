import type { Core } from '../core/verbs.ts'
import type { Log } from './log.ts'

/** Whatever sends the outbox. */
export interface Ticking {
  tick(): Promise<unknown>
}

export interface RunnerOptions {
  core: Pick<Core, 'jobs' | 'imports'>
  sender: Ticking
  log: Log
  onRan?: (job: string, count: number) => void
  everyMs?: number
}

export interface Runner {
  start(): void
  /** Waits for the round that runs. Afterwards nothing runs until `start`. */
  stop(): Promise<void>
}

/** What falls due is run within a second; no round begins before the last one ended. */
const EVERY_MS = 500

export function createRunner(options: RunnerOptions): Runner {
  const { log, everyMs = EVERY_MS } = options
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()
  let resuming: Promise<void> = Promise.resolve()
  let isRunning = false

  const attempt = async (what: string, step: () => Promise<unknown>) => {
    try {
      await step()
    } catch (error) {
      // the next round tries again: one failing job may not end the service
      log.error({ err: error, step: what }, 'background step failed')
    }
  }
  const runRound = async () => {
    await attempt('jobs', () => runJobs(options))
    await attempt('deliveries', () => options.sender.tick())
  }
  const schedule = (delay: number) => {
    timer = setTimeout(() => {
      round = runRound().then(() => {
        if (isRunning) schedule(everyMs)
      })
    }, delay)
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      // beside the rounds: a large import takes longer than a due job may wait
      resuming = attempt('imports', () => options.core.imports.resume())
      schedule(0)
    },
    async stop() {
      isRunning = false
      clearTimeout(timer)
      await Promise.all([round, resuming])
    },
  }
}

async function runJobs({ core, log, onRan }: RunnerOptions): Promise<void> {
  for (const { job, count } of await core.jobs.runDue()) {
    onRan?.(job, count)
    if (count > 0) log.info({ job, count }, 'job ran')
  }
}
