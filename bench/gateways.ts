import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import { openStore } from '../core/store/open.ts'
import { load } from './load.ts'
import { type Server, startDidgate } from './processes.ts'
import type { Target } from './workloads.ts'

/** A database with this many numbers, and a gateway over it. */
export interface Bed {
  url: string
  server: Server
  target: Target
}

/** Kept from one run to the next; the smallest is made anew, because purchases would use it up. */
export async function prepared(folder: string, count: number): Promise<string> {
  const file = `${folder}/n${count}.db`
  if (!existsSync(file)) await load(`sqlite:${file}`, count)
  const handle = openSync(file, 'r')
  fsyncSync(handle) // or the first commit of the run would wait for all that was just written
  closeSync(handle)
  return `sqlite:${file}`
}

async function login(port: number): Promise<string> {
  const body = 'Action=SessionCreate&Username=bench_ann&Password=bench-password'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await fetch(`http://127.0.0.1:${port}/onsip/api`, { method: 'POST', headers, body })
  return /<SessionId>(\w+)</.exec(await answer.text())?.[1] ?? ''
}

/** Numbers that nobody owns, from the end, where claims come last. */
export async function forSale(url: string, count: number): Promise<string[]> {
  const store = await openStore(url)
  try {
    const rows = await store.read(db =>
      db
        .selectFrom('numbers')
        .select('e164')
        .where('available_from', '=', 0)
        .orderBy('e164', 'desc')
        .limit(count)
        .execute(),
    )
    return rows.map(({ e164 }) => e164)
  } finally {
    await store.close()
  }
}

export async function openBed(
  url: string,
  named: number,
  env: Record<string, string> = {},
  program?: string,
): Promise<Bed> {
  const server = await startDidgate(url, env, [], program)
  return { url, server, target: { session: await login(server.port), named: await forSale(url, named) } }
}
