/** PgBouncer in transaction mode, on a port and in a folder of its own, in front of the test database's server. */
import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identityOf } from './postgres-servers.ts'
import { freePort } from './process.ts'

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/local/sbin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync)
const START_MS = 10_000

export function whyNoBouncer(): string | undefined {
  if (!PROGRAM) return 'no pgbouncer is installed'
  return process.getuid?.() === 0 && !identityOf('postgres') ? 'no user postgres to run it as' : undefined
}

const accepts = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect({ host: '127.0.0.1', port })
    const answer = (value: boolean) => () => {
      socket.destroy()
      resolve(value)
    }
    socket.once('connect', answer(true)).once('error', answer(false))
  })

/** `servers`: how many connections it has to the database, fewer than those to it. */
export async function startBouncer(target: { host: string; port: number }, servers: number) {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-bouncer-'))
  const as = process.getuid?.() === 0 ? identityOf('postgres') : undefined
  if (as) chownSync(folder, as.uid, as.gid)
  const port = await freePort()
  const users = join(folder, 'users.txt')
  writeFileSync(users, '"postgres" ""\n')
  const file = join(folder, 'pgbouncer.ini')
  const log = join(folder, 'log')
  const settings = [
    ...['[databases]', `* = host=${target.host} port=${target.port}`, '[pgbouncer]', 'pool_mode = transaction'],
    ...[`listen_port = ${port}`, 'listen_addr = 127.0.0.1', 'unix_socket_dir =', 'auth_type = trust'],
    ...[`auth_file = ${users}`, `default_pool_size = ${servers}`, 'max_client_conn = 200', `logfile = ${log}`],
  ]
  writeFileSync(file, `${settings.join('\n')}\n`)
  const child = spawn(PROGRAM as string, [file], { ...as, cwd: folder, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('exit', resolve))
  for (const end = Date.now() + START_MS; !(await accepts(port)); await sleep(50)) {
    if (Date.now() > end || child.exitCode !== null)
      throw new Error(existsSync(log) ? readFileSync(log, 'utf8') : 'no log')
  }
  return {
    port,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
