import { statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Inspection } from '../../core/store/inspect.ts'
import { megabytes } from '../backup/files.ts'
import type { Config } from '../config/config.ts'
import { keyFile } from '../config/key.ts'
import { whyNotBound } from '../http/listen.ts'
import { adminOrigin, askReady } from '../process/ask-ready.ts'
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
  const origin = adminOrigin(config.admin)
  if (config.admin.port === 0) return judgePorts(config, origin)
  const found = await askReady(origin, ANSWER_MS)
  if (found.is === 'ready') return ok(`ready at ${origin}`)
  if (found.is === 'not ready') return broken(`not ready at ${origin}: ${found.reason}`)
  if (found.is === 'foreign') return broken(`something else than didgate answers at ${origin} (ADMIN_PORT)`)
  return found.error.code === 'ECONNREFUSED'
    ? judgePorts(config, origin)
    : broken(`not ready at ${origin}: ${found.error.message}`)
}

async function judgePorts(config: Config, origin: string): Promise<Verdict> {
  const wanted = [
    { name: 'PORT', host: config.host, port: config.port },
    { name: 'ADMIN_PORT', host: config.admin.host, port: config.admin.port },
    ...config.dialectPorts.map(({ port }) => ({ name: 'DIALECT_PORTS', host: config.host, port })),
  ]
  const problems: string[] = []
  for (const { name, host, port } of wanted) {
    const why = await tryPort(host, port, name)
    if (why !== undefined) problems.push(why)
  }
  if (problems.length > 0) return broken(`no gateway runs, and none could start: ${problems.join('; ')}`)
  return ok(`none runs at ${origin}; its ports are free`)
}

/** Why a port cannot be had, in the words of a start. */
function tryPort(host: string, port: number, name: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', error => resolve(whyNotBound(error, `${host}:${port}`, name)))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}
