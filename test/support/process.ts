import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
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

/**
 * Below those that a system gives to whoever asks for any: none of these comes between our look and its use. Above the last
 * that browsers and `fetch` refuse.
 */
const PORTS = [10_081, 32_768] as const
const TRIES = 100

const isFree = (port: number) =>
  new Promise<boolean>(done => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(...PORTS)
    if (await isFree(port)) return port
  }
  throw new Error(`none of ${TRIES} ports is free`)
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
