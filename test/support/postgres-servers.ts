/**
 * PostgreSQL servers of a test's own: on ports and in a folder of their own, which end and go with the test, whatever becomes
 * of it. They are run by a user of the system who is not root, since they refuse root.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './process.ts'

const run = promisify(execFile)
const PACKAGES = '/usr/lib/postgresql'
const USER = 'postgres'
const START_MS = 30_000

interface Identity {
  uid: number
  gid: number
}

export function identityOf(user: string): Identity | undefined {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = lines.find(line => line.startsWith(`${user}:`))?.split(':') ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

function programs(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined
  const newest = readdirSync(PACKAGES).sort((a, b) => Number(b) - Number(a))
  const folders = newest.map(version => join(PACKAGES, version, 'bin'))
  return folders.find(folder => ['initdb', 'postgres', 'pg_basebackup'].every(name => existsSync(join(folder, name))))
}

/** Whether a process works there: those of a server that was killed see it a moment later. */
function isAnyIn(folder: string): boolean {
  return readdirSync('/proc').some(id => {
    try {
      return /^\d+$/.test(id) && readlinkSync(`/proc/${id}/cwd`) === folder
    } catch {
      return false // it has ended
    }
  })
}

export type Servers = ReturnType<typeof createServers>
export interface PostgresServer {
  port: number
  folder: string
  /** As its administrator, in this database. */
  ask<T extends object>(text: string, database?: string): Promise<T[]>
  start(): Promise<void>
  /** kill -9 of its first process, as a machine that fails would end it; the others end with it. */
  kill(): Promise<void>
}

/** Why there can be none here; undefined: there can. */
export function whyNoServers(): string | undefined {
  if (programs() === undefined) return `no PostgreSQL server below ${PACKAGES}`
  if (process.getuid?.() !== 0) return 'only root may start one as another user'
  return identityOf(USER) ? undefined : `no user ${USER}`
}

export function createServers() {
  const { uid, gid } = identityOf(USER) as Identity
  const bin = programs() as string
  const root = mkdtempSync(join(tmpdir(), 'didgate-servers-'))
  chownSync(root, uid, gid)
  const alive = new Set<ChildProcess>()
  const as = { uid, gid, cwd: root, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const command = (name: string, args: readonly string[]) => run(join(bin, name), [...args], as)

  const over = (folder: string, port: number): PostgresServer => {
    let child: ChildProcess | undefined
    const ask = async <T extends object>(text: string, database = 'postgres'): Promise<T[]> => {
      const client = new pg.Client({ host: '127.0.0.1', port, user: USER, database, connectionTimeoutMillis: 2_000 })
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.query<T>(text)).rows
      } finally {
        await client.end()
      }
    }
    return {
      ...{ port, folder, ask },
      async start() {
        const log = join(root, `${port}.log`)
        writeFileSync(log, '')
        child = spawn(join(bin, 'postgres'), ['-D', folder], { ...as, stdio: ['ignore', 'ignore', 'pipe'] })
        child.stderr?.on('data', chunk => appendFileSync(log, chunk))
        const started = child
        alive.add(started)
        started.once('exit', () => alive.delete(started))
        for (const end = Date.now() + START_MS; ; await sleep(50)) {
          if (started.exitCode !== null || Date.now() > end) throw new Error(readFileSync(log, 'utf8'))
          if (
            await ask('SELECT 1').then(
              () => true,
              () => false,
            )
          )
            return
        }
      },
      async kill() {
        const ending = child
        if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
        const ended = new Promise(resolve => ending.once('exit', resolve))
        ending.kill('SIGKILL')
        await ended
        while (isAnyIn(folder)) await sleep(10)
      },
    }
  }

  const settle = async (folder: string, settings: readonly string[]) => {
    const port = await freePort()
    const own = [`port = ${port}`, "listen_addresses = '127.0.0.1'", `unix_socket_directories = '${root}'`]
    const small = ['shared_buffers = 32MB', 'max_connections = 60', 'fsync = on', 'wal_level = replica']
    appendFileSync(join(folder, 'postgresql.conf'), `${[...own, ...small, ...settings].join('\n')}\n`)
    return over(folder, port)
  }

  return {
    root,
    /** Who runs them. */
    owner: { uid, gid },
    /** A new one, not started. `parent`: where its folder is made. */
    async create(name: string, settings: readonly string[] = []): Promise<PostgresServer> {
      const folder = join(root, name)
      await command('initdb', ['-D', folder, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync'])
      return settle(folder, settings)
    },
    /** One that follows the other, which runs; not started. */
    async follow(first: PostgresServer, name: string, settings: readonly string[] = []): Promise<PostgresServer> {
      const folder = join(root, name)
      const from = `host=127.0.0.1 port=${first.port} user=${USER} application_name=${name}`
      await command('pg_basebackup', ['-d', from, '-D', folder, '-X', 'stream', '--checkpoint=fast', '--no-sync', '-R'])
      return settle(folder, settings)
    },
    async remove() {
      for (const child of alive) {
        const ended = new Promise(resolve => child.once('exit', resolve))
        child.kill('SIGQUIT') // at once, and its other processes with it
        await Promise.race([ended, sleep(5_000).then(() => child.kill('SIGKILL'))])
      }
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
