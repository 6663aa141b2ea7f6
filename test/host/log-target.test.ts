/** What becomes of log lines is no matter of the service: disks are full, readers sleep or go away. */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createLineStream } from '../../src/logs/line-stream.ts'
import { createLog, logRequest, type RequestEntry } from '../../src/logs/log.ts'
import { type ServerProcess, startServer } from '../support/process.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const fifo = () => {
  const path = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'log')
  execFileSync('mkfifo', [path])
  return path
}

/** Enough lines to fill every buffer on the way. */
async function logMuch({ url, admin }: ServerProcess): Promise<number> {
  const filler = 'x'.repeat(4_000)
  for (let n = 0; n < 400; n++) {
    const answer = await fetch(`${url}/wavix/v1/nothing?${filler}`, { signal: AbortSignal.timeout(10_000) })
    expect(answer.status).toBe(404)
  }
  const text = await (await fetch(`${admin}/metrics`)).text()
  return Number(/^didgate_log_lines_lost_total (\d+)$/m.exec(text)?.[1])
}

describe('the log of the program', () => {
  const cases: Record<string, () => { fd: number; begin?: () => void }> = {
    'a full disk': () => ({ fd: openSync('/dev/full', 'w') }),
    'a pipe that nobody reads': () => ({ fd: openSync(fifo(), constants.O_RDWR) }),
    'a pipe whose reader goes away'() {
      const path = fifo()
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      return { fd: openSync(path, 'w'), begin: () => closeSync(reader) }
    },
  }
  for (const [name, open] of Object.entries(cases)) {
    it.skipIf(!existsSync('/dev/full'))(
      `C2: ${name}: every request is answered, lost lines are counted, SIGTERM ends it`,
      async () => {
        const { fd, begin } = open()
        const env = { DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none', LOG_LEVEL: 'info' }
        const server = await startServer(env, [], fd)
        closing.push(() => server.kill())
        begin?.()
        expect(await logMuch(server)).toBeGreaterThan(10)
        expect(await server.stop()).toBe(0)
        closeSync(fd)
      },
    )
  }

  it('S4: SIGHUP ends it as SIGTERM does', async () => {
    const server = await startServer({ DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none', LOG_LEVEL: 'info' })
    const ended = new Promise(resolve => server.child.once('exit', resolve))
    server.child.kill('SIGHUP')
    expect(await ended).toBe(0)
    expect(server.output()).toContain('stopping')
  })
})

describe('a stream of lines', () => {
  it('lines that come together are written in one piece, and much at once', async () => {
    const pieces: number[] = []
    const write = ((
      _fd: number,
      chunk: Buffer,
      _: number,
      length: number,
      __: null,
      done: (...all: unknown[]) => void,
    ) => {
      pieces.push(chunk.toString().split('\n').length - 1)
      setImmediate(() => done(null, length))
    }) as unknown as Parameters<typeof createLineStream>[1]
    const stream = createLineStream(1, write)
    const lines = 3_000
    for (let n = 0; n < lines; n++) stream.write(`${'x'.repeat(99)}\n`)
    const written = () => pieces.reduce((sum, each) => sum + each, 0)
    while (written() < lines) await sleep(5)
    expect(pieces.length).toBeLessThan(lines / 100)
    expect(stream.lost()).toBe(0)
  })

  it('what has been said reaches its place when a process ends by itself', () => {
    const url = new URL('../../src/logs/line-stream.ts', import.meta.url)
    const program = `import { createLineStream } from ${JSON.stringify(url.href)}; createLineStream().write('last words\\n'); process.exit(3)`
    const ended = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    })
    expect(ended.stderr).toBe('last words\n')
    expect(ended.status).toBe(3)
  })

  it('C2: goes on where it stopped, and never joins two lines', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'didgate-')), 'log')
    const fd = openSync(path, 'w')
    const errors: (string | undefined)[] = ['EAGAIN', undefined, 'half', 'ENOSPC', undefined]
    const write = ((
      _fd: number,
      chunk: Buffer,
      _: number,
      length: number,
      __: null,
      done: (...all: unknown[]) => void,
    ) => {
      const fate = errors.shift()
      if (fate === 'half') done(null, writeSync(fd, chunk, 0, length >> 1))
      else if (fate !== undefined) done(Object.assign(new Error(fate), { code: fate }))
      else done(null, writeSync(fd, chunk))
    }) as unknown as Parameters<typeof createLineStream>[1]
    const stream = createLineStream(fd, write)
    stream.write('first\n')
    while (errors.length > 4) await sleep(10)
    while (readFileSync(path, 'utf8') === '') await sleep(10)
    stream.write('second is torn\n')
    while (stream.lost() === 0) await sleep(10)
    stream.write('third\n')
    while (!readFileSync(path, 'utf8').includes('third')) await sleep(10)
    expect(readFileSync(path, 'utf8').split('\n')).toEqual(['first', 'second ', 'third', ''])
    expect(stream.lost()).toBe(1)
  })

  it('S4: what a provider documents as a 5xx is no error of ours', () => {
    const levels: string[] = []
    const log = createLog('info', { write: line => void levels.push(JSON.parse(line).level) })
    const entry = { requestId: 'r', dialect: 'vobiz', operation: 'x', method: 'POST', url: '/', ms: 1 }
    const faults: [number, RequestEntry['fault']][] = [
      [500, 'insufficient_funds'],
      [500, 'invalid_input'],
      [503, 'temporarily_unavailable'],
      [500, 'internal'],
      [500, undefined],
    ]
    for (const [status, fault] of faults) logRequest(log, { ...entry, status, fault })
    expect(levels).toEqual(['info', 'info', 'error', 'error', 'error'])
  })
})
