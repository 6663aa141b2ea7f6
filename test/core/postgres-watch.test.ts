/** Statements that get no answer, on a clock that the test moves; who is asked meanwhile whether the server is there. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSockets, createWatch, told } from '../../core/store/postgres-watch.ts'

/** What the server does with whoever comes. */
type Manner = 'silent' | 'refuses' | 'welcomes' | 'hangs up'

const LIMIT_MS = 30_000

const message = (kind: string, body: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(kind), length, body])
}
const ANSWERS = {
  refuses: message('E', Buffer.from('SFATAL\0C53300\0Mtoo many connections\0\0')),
  welcomes: Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]),
}

/** `manners`: of each that comes, in order; the last of them for all that come later. */
async function serverOf(...manners: Manner[]) {
  const open = new Set<Socket>()
  let came = 0
  const server = createServer(socket => {
    const manner = manners[Math.min(came++, manners.length - 1)] as Manner
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
    if (manner === 'hangs up') socket.destroy()
    else socket.on('data', () => void (manner === 'silent' || socket.write(ANSWERS[manner])))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { open, came: () => came, config: { host: '127.0.0.1', port, user: 'nobody', database: 'none' } }
}

/** A watch over one server, and what it did. */
function watchOver(config: pg.ClientConfig) {
  const done = { gone: [] as pg.ClientConfig[], demoted: 0, ended: 0, cut: 0 }
  const end = async () => {
    done.ended++
    throw new Error('it was gone already')
  }
  const client = { end, connection: { stream: { destroy: () => void done.cut++ } } } as unknown as pg.ClientBase
  const watched = { config: () => config, gone: (which: pg.ClientConfig) => void done.gone.push(which) }
  const watch = createWatch({ ...watched, demoted: () => void done.demoted++ })
  const forbearing = createWatch(watched)
  return { done, client, watch, forbearing }
}

const NOWHERE = { host: '127.0.0.1', port: 1 }
const UNTOUCHED = { gone: [], demoted: 0, ended: 0, cut: 0 }

const closing: (() => unknown)[] = []
/** Of statements that are not answered before a test is over. */
const answers: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(async () => {
  for (const answer of answers.splice(0)) answer()
  await turn()
  vi.useRealTimers()
  for (const close of closing.splice(0)) close()
})

const silence = () => new Promise<void>(resolve => void answers.push(resolve))
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
/** What happens on sockets takes real time. */
async function shortly(isSo: () => boolean) {
  for (const end = Date.now() + 5_000; !isSo(); await turn()) if (Date.now() > end) throw new Error('waited in vain')
}
async function aWhile() {
  for (const end = Date.now() + 50; Date.now() < end; ) await turn()
}

it('an answer in time is passed on, and nothing is looked at any more', async () => {
  const { done, client, watch } = watchOver(NOWHERE)
  const asked = watch(client, LIMIT_MS, async () => {
    await new Promise(resolve => setTimeout(resolve, 1_999))
    return 7
  })
  await pass(1_999)
  expect(await asked).toBe(7)
  expect(vi.getTimerCount()).toBe(0)
  expect(done).toEqual(UNTOUCHED)
})

it.each([
  'refuses',
  'welcomes',
] as const)('a server that %s is there: the statement may take until its limit', async manner => {
  const server = await serverOf(manner)
  const { done, client, watch } = watchOver(server.config)
  void watch(client, LIMIT_MS, silence)
  await pass(1_999)
  await aWhile()
  expect(server.came()).toBe(0)
  for (const times of [1, 2, 3]) {
    await pass(times === 1 ? 1 : 10_000)
    await shortly(() => server.came() === times)
    await shortly(() => server.open.size === 0) // who asked has gone
  }
  await pass(LIMIT_MS - 22_001)
  expect(done).toEqual(UNTOUCHED)
  await pass(1)
  expect(done).toEqual({ ...UNTOUCHED, ended: 1, cut: 1 })
})

it('a server that says nothing for three seconds and for five more is gone', async () => {
  const server = await serverOf('silent')
  const { done, client, watch } = watchOver(server.config)
  void watch(client, LIMIT_MS, silence)
  await pass(2_000)
  await shortly(() => server.came() === 1)
  await pass(2_999)
  await aWhile()
  expect(server.came()).toBe(1)
  await pass(1)
  await shortly(() => server.came() === 2)
  await pass(4_999)
  await aWhile()
  expect(done.gone).toEqual([])
  await pass(1)
  await shortly(() => done.gone.length === 1)
  expect(done.gone[0]).toBe(server.config)
  await shortly(() => server.open.size === 0)
})

it('one that lets in at the second time is there, and so is one that hung up once', async () => {
  for (const first of ['silent', 'hangs up'] as const) {
    const server = await serverOf(first, 'welcomes')
    const { done, client, watch } = watchOver(server.config)
    void watch(client, LIMIT_MS, silence)
    await pass(2_000)
    await shortly(() => server.came() >= 1)
    if (first === 'silent') await pass(3_000)
    await shortly(() => server.came() === 2)
    await shortly(() => server.open.size === 0)
    await aWhile()
    expect(done).toEqual(UNTOUCHED)
  }
})

it('of all statements that wait one asks, and asks again when it has heard', async () => {
  const server = await serverOf('silent')
  const { done, client, watch } = watchOver(server.config)
  for (let n = 0; n < 5; n++) void watch(client, LIMIT_MS, silence)
  await pass(2_000)
  await shortly(() => server.came() === 1)
  await pass(3_000)
  await shortly(() => server.came() === 2)
  await pass(5_000)
  await shortly(() => done.gone.length === 1)
  await aWhile()
  expect(server.came()).toBe(2)
  await pass(2_000)
  await shortly(() => server.came() === 3)
  await aWhile()
  expect(server.came()).toBe(3)
  expect(done.gone).toHaveLength(1)
})

it('a limit that comes sooner is kept, and a silence as long as that is not asked about', async () => {
  const server = await serverOf('silent')
  const { done, client, watch } = watchOver(server.config)
  void watch(client, 500, silence)
  await pass(499)
  expect(done.ended).toBe(0)
  await pass(1)
  await aWhile()
  expect(done).toEqual({ ...UNTOUCHED, ended: 1, cut: 1 })
  expect([server.came(), vi.getTimerCount()]).toEqual([0, 0])
})

function refusal(code: string) {
  return Object.assign(new pg.DatabaseError('no', 1, 'error'), { code })
}

it('a connection that leads to what is outdated is ended; only what cannot be written any more is left by all', async () => {
  const tried = async (code: string, which: 'watch' | 'forbearing') => {
    const { done, client, ...watches } = watchOver(NOWHERE)
    const error = refusal(code)
    await expect(watches[which](client, LIMIT_MS, () => Promise.reject(error))).rejects.toBe(error)
    expect(vi.getTimerCount()).toBe(0)
    return done
  }
  expect(await tried('23505', 'watch')).toEqual(UNTOUCHED)
  expect(await tried('0A000', 'watch')).toEqual({ ...UNTOUCHED, ended: 1, cut: 1 })
  expect(await tried('25006', 'watch')).toEqual({ ...UNTOUCHED, ended: 1, cut: 1, demoted: 1 })
  expect(await tried('25006', 'forbearing')).toEqual({ ...UNTOUCHED, ended: 1, cut: 1 })
})

it('what the server says is told as it is, and what happened on the way to it as temporary', async () => {
  const { done, client, watch } = watchOver(NOWHERE)
  const reset = Object.assign(new Error('read ECONNRESET'), { code: '25006' })
  await expect(watch(client, LIMIT_MS, () => Promise.reject(reset))).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    cause: reset,
  })
  expect(done).toEqual(UNTOUCHED)
  const said = refusal('53300')
  expect(told(said)).toBe(said)
})

it('all sockets that are open are cut, and those that closed are forgotten', async () => {
  const server = await serverOf('silent')
  const { make, cut } = createSockets()
  const sockets = [make(), make(), make()]
  for (const socket of sockets) socket.connect(server.config.port, '127.0.0.1')
  await shortly(() => server.open.size === 3)
  const [first, ...others] = sockets as [Socket, ...Socket[]]
  first.destroy()
  await shortly(() => server.open.size === 2)
  const again = vi.spyOn(first, 'destroy')
  cut()
  await shortly(() => server.open.size === 0)
  expect(others.every(({ destroyed }) => destroyed)).toBe(true)
  expect(again).not.toHaveBeenCalled()
})
