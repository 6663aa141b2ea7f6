import { statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Inspection } from '../../core/store/inspect.ts'
import { megabytes } from '../backup/files.ts'
import type { Config } from '../config/config.ts'
import { keyFile } from '../config/key.ts'
import { broken, ok, type Verdict, warning } from './finding.ts'

const MEGABYTE = 1024 * 1024
/** Less than the first is gone with the next import, less than the second within days. */
const NOTHING_LEFT = 32 * MEGABYTE
const LITTLE_LEFT = 512 * MEGABYTE
/** The log of a database is cut back to a quarter of it, unless somebody reads an old state for long. */
const LONG_LOG = 256 * MEGABYTE
const OTHERS = 0o077
const ANSWER_MS = 4_000

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Of the disk that the database is on, where it is here. */
export async function judgeDisk(database: Inspection, path: string | undefined): Promise<Verdict> {
  if (path === undefined) {
    const { rows } = await database.read(db =>
      sql<{ bytes: number }>`SELECT pg_database_size(current_database()) AS bytes`.execute(db),
    )
    return ok(`the database takes ${megabytes(Number(rows[0]?.bytes))}; the server's disk is to be watched there`)
  }
  const { bavail, bsize } = statfsSync(dirname(path))
  const [free, size, log] = [bavail * bsize, sizeOf(path), sizeOf(`${path}-wal`)]
  const says = `${megabytes(free)} free, the database takes ${megabytes(size)} and its log ${megabytes(log)}`
  if (free < NOTHING_LEFT) return broken(says)
  if (free < LITTLE_LEFT) return warning(`${says}: it will soon be full`)
  if (log > LONG_LOG) return warning(`${says}: something reads an old state for long, and keeps the log from being cut`)
  return free < size ? warning(`${says}: no backup fits beside it`) : ok(says)
}

/** What others on this machine can read. */
export function judgeFiles(path: string, config: Config): Verdict {
  const key = config.key === undefined ? keyFile(config.databaseUrl) : undefined
  const files = [path, `${path}-wal`, key].filter(file => file !== undefined)
  const open = files.filter(file => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0)
  return open.length === 0
    ? ok('database and key are for their owner alone')
    : warning(`others may read ${open.join(', ')}: chmod 600`)
}

/** The gateway itself, or what would keep it from starting. */
export async function judgeGateway(config: Config): Promise<Verdict> {
  const { host, port } = config.admin
  const origin = `http://${reachable(host)}:${port}`
  const answer = port === 0 ? undefined : await askReady(`${origin}/readyz`)
  if (answer === undefined) return judgePorts(config, origin)
  if (answer.ok === true) return ok(`ready at ${origin}`)
  if (answer.ok === false) return broken(`not ready at ${origin}: ${String(answer.reason)}`)
  return broken(`something else than didgate answers at ${origin} (ADMIN_PORT)`)
}

const reachable = (host: string) =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host

/** What it answers as JSON, nothing of ours as an empty object; undefined: nobody listens there. */
async function askReady(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' })
    return (await response.json().catch(() => ({}))) as Record<string, unknown>
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED') return undefined
    const why =
      (error as Error).name === 'TimeoutError' ? `does not answer within ${ANSWER_MS} ms` : 'cuts the connection'
    return { ok: false, reason: `it ${why}` }
  }
}

async function judgePorts(config: Config, origin: string): Promise<Verdict> {
  const wanted = [
    { name: 'PORT', host: config.host, port: config.port },
    { name: 'ADMIN_PORT', host: config.admin.host, port: config.admin.port },
    ...config.dialectPorts.map(({ port }) => ({ name: 'DIALECT_PORTS', host: config.host, port })),
  ]
  const problems: string[] = []
  for (const { name, host, port } of wanted) {
    const code = await tryPort(host, port)
    if (code !== undefined) problems.push(`${name}: ${host}:${port} cannot be opened (${code})`)
  }
  if (problems.length > 0) return broken(`no gateway runs, and none could start: ${problems.join('; ')}`)
  return ok(`none runs at ${origin}; its ports are free`)
}

/** Why a port cannot be had, as the system says it. */
function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}
