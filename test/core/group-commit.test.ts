/** Changes that come at the same time share one commit. The connection is one that says what it was told. */
import { setImmediate as turn } from 'node:timers/promises'
import type { CompiledQuery, Kysely } from 'kysely'
import { afterEach, expect, it, vi } from 'vitest'
import { createWriter } from '../../core/store/group-commit.ts'
import type { Tables } from '../../core/store/tables.ts'

afterEach(() => vi.restoreAllMocks())

/** `fail`: what the connection answers a statement with, instead of doing it. */
function open(fail: (statement: string) => unknown = () => undefined, ready = async () => {}) {
  const said: string[] = []
  const groups: number[] = []
  const failures: unknown[] = []
  let within = 0
  const executeQuery = async ({ sql }: CompiledQuery) => {
    const error = fail(sql)
    if (error !== undefined) throw error
    said.push(sql)
  }
  const exclusive = async <T>(fn: () => Promise<T>) => {
    within++
    try {
      return await fn()
    } finally {
      within--
    }
  }
  const beside = {
    ready,
    committed: (units: number) => void groups.push(units),
    failed: (e: unknown) => void failures.push(e),
  }
  const writer = createWriter({ executeQuery } as unknown as Kysely<Tables>, exclusive, beside)
  /** A change that says its name among the statements. */
  const add = (name: string) =>
    writer.write(async () => {
      said.push(within === 1 ? name : `${name} beside another`)
      return name
    })
  return { ...writer, add, said, groups, failures }
}

/** So that how long this machine takes decides nothing. */
const stopClock = () => void vi.spyOn(performance, 'now').mockReturnValue(0)

const busy = Object.assign(new Error('locked'), { code: 'SQLITE_BUSY_SNAPSHOT' })

it('changes that come at the same time are committed together, and answered when they are', async () => {
  stopClock()
  const { add, said, groups } = open()
  const answered = Promise.all([add('a').then(() => said.at(-1)), add('b')])
  await turn()
  expect(await Promise.all([answered, add('c')])).toEqual([['COMMIT', 'b'], 'c'])
  const each = (name: string) => ['SAVEPOINT unit', name, 'RELEASE unit']
  expect(said).toEqual(['BEGIN IMMEDIATE', ...each('a'), ...each('b'), ...each('c'), 'COMMIT'])
  expect(groups).toEqual([3])
})

it('who comes while others are coming is waited for, and nobody else', async () => {
  stopClock()
  const { add, groups } = open()
  const all = []
  for (let n = 0; n < 6; n++) {
    all.push(add(String(n)))
    await turn()
  }
  await Promise.all(all)
  expect(groups).toEqual([6])
})

it('the first of a long queue does not wait for the last', async () => {
  const { add, groups } = open()
  const all = Array.from({ length: 300 }, (_, n) => add(String(n)))
  await all[0]
  expect(groups).toEqual([256])
  await Promise.all(all)
  expect(groups).toEqual([256, 44])
})

it('a change is not held up by others that come and come', async () => {
  const { add, idle } = open()
  let isAnswered = false
  const first = add('first').then(() => {
    isAnswered = true
  })
  let turns = 0
  for (; !isAnswered && turns < 100_000; turns++) {
    void add(String(turns))
    await turn()
  }
  expect(turns).toBeLessThan(100_000)
  await first
  await idle()
})

it('a change that fails is undone alone, and the others are committed', async () => {
  const { add, write, said, groups } = open()
  const fails = write(() => Promise.reject(new Error('no')))
  const others = [add('a'), add('b')]
  await expect(fails).rejects.toThrow('no')
  expect(await Promise.all(others)).toEqual(['a', 'b'])
  expect(said.slice(1, 4)).toEqual(['SAVEPOINT unit', 'ROLLBACK TO unit', 'RELEASE unit'])
  expect([said.at(-1), groups]).toEqual(['COMMIT', [3]])
})

it('what cannot be committed fails with all that shared it, for its reason, and who comes later is served', async () => {
  let isFull = true
  const full = new Error('disk full')
  const { add, said, groups, failures } = open(statement => (statement === 'COMMIT' && isFull ? full : undefined))
  expect(await Promise.allSettled([add('a'), add('b')])).toMatchObject(Array(2).fill({ reason: full }))
  expect([said.at(-1), groups, failures]).toEqual(['ROLLBACK', [], [full]])
  isFull = false
  expect(await add('c')).toBe('c')
  expect(groups).toEqual([1])
})

it('a failure that ends the whole transaction is told as what it is, also where nothing can be rolled back', async () => {
  const { add, write, failures } = open(statement =>
    statement.startsWith('ROLLBACK') ? new Error('no transaction') : undefined,
  )
  const full = new Error('disk full')
  const fails = write(() => Promise.reject(full))
  expect(await Promise.allSettled([fails, add('a')])).toMatchObject([{ reason: full }, { status: 'fulfilled' }])
  expect(failures).toEqual([full])
})

it('while nothing may be written no change is made, and all that wait are told why', async () => {
  let isReady = false
  const { add, said, failures } = open(undefined, async () => {
    if (!isReady) throw new Error('not now')
  })
  const refused = { reason: new Error('not now') }
  expect(await Promise.allSettled([add('a'), add('b')])).toMatchObject([refused, refused])
  expect([said, failures]).toEqual([['ROLLBACK'], [new Error('not now')]])
  isReady = true
  expect(await add('c')).toBe('c')
})

it('the write lock of another process is waited for, half a minute at most; no other fault is', async () => {
  const locked = (times: number, error: unknown) => {
    let left = times
    return open(statement => (statement === 'BEGIN IMMEDIATE' && left-- > 0 ? error : undefined))
  }
  expect(await locked(3, busy).add('a')).toBe('a')
  // other things have their turns meanwhile
  let isLocked = true
  const waiting = open(statement => (statement === 'BEGIN IMMEDIATE' && isLocked ? busy : undefined)).add('b')
  for (let turns = 0; turns < 10; turns++) await turn()
  isLocked = false
  expect(await waiting).toBe('b')
  const broken = new Error('no such file')
  await expect(locked(1, broken).add('a')).rejects.toBe(broken)
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 5_000
    return now
  })
  const patient = locked(3, busy).add('a')
  expect(await patient).toBe('a')
  await expect(locked(50, busy).add('a')).rejects.toBe(busy)
})

it('it is told when nothing waits to be written any more', async () => {
  const { add, idle, groups } = open()
  await idle()
  for (const name of ['a', 'b']) void add(name)
  await idle()
  expect(groups).toEqual([2])
  void add('c')
  await idle()
  expect(groups).toEqual([2, 1])
})
