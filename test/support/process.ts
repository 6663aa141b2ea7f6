import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { World } from '../../src/worlds/world-file.ts'
import { programFile } from './program.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const START_MS = 120_000

export interface ServerProcess {
  /** Origin of the data plane. */
  url: string
  admin: string
  child: ChildProcess
  /** What it wrote, for a failing test's message. */
  output(): string
  /** SIGTERM, and wait. */
  stop(): Promise<number | null>
  /** kill -9, and wait. */
  kill(): Promise<void>
}

export function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

async function isReady(admin: string): Promise<boolean> {
  try {
    return (await fetch(`${admin}/readyz`, { signal: AbortSignal.timeout(1000) })).ok
  } catch {
    return false
  }
}

/** The real program in a process of its own, as an operator runs it. */
export async function startServer(
  env: Record<string, string>,
  args: readonly string[] = [],
  /** Where its log goes: a file of this process, or to the output that is kept. */
  stderr: number | 'pipe' = 'pipe',
): Promise<ServerProcess> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const settings = { PORT: String(port), ADMIN_PORT: String(adminPort), LOG_LEVEL: 'warn', ...env }
  const child = spawn(process.execPath, [await programFile('src/cli.ts'), 'serve', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', stderr],
  })
  const written: string[] = []
  child.stdout?.on('data', chunk => written.push(String(chunk)))
  child.stderr?.on('data', chunk => written.push(String(chunk)))
  const ended = new Promise<number | null>(done => child.once('exit', done))
  const admin = `http://127.0.0.1:${adminPort}`
  const giveUpAt = Date.now() + START_MS
  while (!(await isReady(admin))) {
    if (child.exitCode !== null || Date.now() > giveUpAt)
      throw new Error(`the server did not start:\n${written.join('')}`)
    await new Promise(done => setTimeout(done, 50))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    admin,
    child,
    output: () => written.join(''),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A folder for one test, with the world it starts from. */
export function workFolder(world: World): { folder: string; seed: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-test-'))
  const seed = join(folder, 'world.json')
  writeFileSync(seed, JSON.stringify(world))
  return { folder, seed, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
