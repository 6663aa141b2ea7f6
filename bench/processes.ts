import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

export interface Server {
  port: number
  process: ChildProcess
  stop(): Promise<void>
}

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) })
    return true
  } catch {
    return false
  }
}

/** Starts a server of ours or a peer, and waits until it answers. Stopped by its process id, never by name. */
export async function start(command: string, args: readonly string[], port: number, env: Record<string, string> = {}) {
  // what a server has to say goes where an operator's would: to a file
  const log = openSync('.tmp/bench/servers.log', 'a')
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', log] })
  const giveUpAt = Date.now() + 120_000
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > giveUpAt)
      throw new Error(`${command} ${args.join(' ')} does not answer`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const server: Server = {
    port,
    process: child,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
  return server
}

/** Of a Linux kernel as distributions ship it: `getconf CLK_TCK`. */
const TICK_MS = 10

/** User and system time of a process and all that it started, in milliseconds, as the operating system counts it. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // the name of the program, in brackets, may hold anything; what follows are numbers
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean)
  const own = (Number(fields[11]) + Number(fields[12])) * TICK_MS
  return children.reduce((sum, child) => sum + processorMs(Number(child)), own)
}

/** Resident memory of a server's process, in megabytes. */
export function residentMegabytes({ process: { pid } }: Server): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1000
}

/** The gateway over a database of its own; `seed` none, one of the worlds, or what a former run left. */
export async function startDidgate(
  databaseUrl: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
  program = 'dist/src/cli.js',
): Promise<Server> {
  const [port, adminPort] = [await freePort(), await freePort()]
  return start(process.execPath, [program, 'serve', ...args], port, {
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    DATABASE_URL: databaseUrl,
    DIDGATE_SEED: 'none',
    DIDGATE_KEY: 'bench-key-bench-key-bench-key-32',
    ...env,
  })
}

/** One of the programs in `servers/`; its arguments follow the port. */
export async function startPeer(name: string, ...args: string[]): Promise<Server> {
  const port = await freePort()
  return start(process.execPath, ['--import', 'tsx', `bench/servers/${name}.ts`, String(port), ...args], port)
}
