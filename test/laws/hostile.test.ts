/**
 * Whatever strangers send: drawn for every operation of every registered dialect from what it says of its input. What
 * cannot be right is refused in the dialect's words and changes nothing; nothing is a failure of ours; and nothing buys
 * more than the plain request would. `HOSTILE_SEED` draws anew. Of what must be refused each operation meets every second
 * case, of what may be answered either way every sixth, its neighbours the others; all of it with `HOSTILE_ALL=1`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { dialects } from '../support/dialects.ts'
import { engines } from '../support/engines.ts'
import {
  type HostileBench,
  type HostileWorld,
  hostileWorld,
  hostileWorldOn,
  type Said,
} from '../support/hostile/bench.ts'
import { casesOf, type HostileCase } from '../support/hostile/cases.ts'
import { type Parts, plainParts, requestFor } from '../support/hostile/requests.ts'
import { pathValues, type Target, targetsOf } from '../support/hostile/targets.ts'
import { isDecent, isRefusal } from '../support/hostile/words.ts'

const SEED = Number(process.env.HOSTILE_SEED ?? 20_261_126)
const ALL = process.env.HOSTILE_ALL === '1'
const MAX_PATHS = 60
const TIMEOUT = 600_000

let world: HostileWorld
beforeAll(async () => {
  world = await hostileWorld()
}, TIMEOUT)

function drawn(cases: readonly HostileCase[], operation: number): HostileCase[] {
  const isNext = (n: number, every: number) => n % every === operation % every
  return cases.filter((each, n) => ALL || isNext(n, each.expect === 'refused' ? 2 : 6))
}

/** Reading does not change the world, whatever it answers. */
const reads = ({ method, wire }: Target) => method === 'GET' && wire === 'rest'

function product(names: readonly string[], values: (name: string) => string[]): Record<string, string>[] {
  const all = names.reduce<Record<string, string>[]>(
    (made, name) => made.flatMap(path => values(name).map(value => ({ ...path, [name]: value }))),
    [{}],
  )
  return all.slice(0, MAX_PATHS)
}

/**
 * A path on which the plain request comes as far as it can: hostile ones are to be read, not missed. And a world in which
 * no row has been written: the same one, where finding out has written none.
 */
async function plainOf(target: Target): Promise<{ plain: Parts; bought: number; bench: HostileBench }> {
  const paths = product(target.pathNames, name => pathValues(target.dialect, name, world.things))
  let best: { plain: Parts; bought: number; rank: number } | undefined
  const bench = await world.open(target.dialect)
  const owned = await bench.leases()
  for (const path of paths) {
    const plain = plainParts(target, path, world.things)
    const { status, fault } = await bench.ask(requestFor(target, plain))
    const rank = fault === undefined ? 0 : status === 404 || status === 401 || status === 403 ? 2 : 1
    if (!best || rank < best.rank) best = { plain, bought: (await bench.leases()) - owned, rank }
    if (rank === 0) break
  }
  return { ...(best as NonNullable<typeof best>), bench: await untouched(bench, target) }
}

async function untouched(bench: HostileBench, { dialect }: Target): Promise<HostileBench> {
  if (!(await bench.isTouched())) return bench
  await bench.close()
  return world.open(dialect)
}

const shown = ({ status, text, fault, cause }: Said) =>
  `${status} ${fault ?? ''} ${cause instanceof Error ? cause.message.slice(0, 200) : ''} ${text.slice(0, 160)}`

/** In one world, until it changes by something that was not refused. */
async function runAll(
  target: Target,
  cases: readonly HostileCase[],
  bought: number,
  first: HostileBench,
): Promise<string[]> {
  const found: string[] = []
  let bench = first
  const before = await bench.digest()
  const owned = await bench.leases()
  const renew = async () => {
    bench = await untouched(bench, target)
  }
  const complain = (each: HostileCase, why: string) =>
    found.push(`${target.dialect} ${target.on} · ${each.name}: ${why}`)
  const refused = cases.filter(({ expect: wanted }) => wanted === 'refused')
  for (const each of refused) {
    const said = await bench.ask(requestFor(target, each.parts))
    if (isRefusal(target, said)) continue
    complain(each, `not refused: ${shown(said)}`)
    if (!reads(target)) await renew()
  }
  if ((await bench.digest()) !== before) {
    found.push(`${target.dialect} ${target.on}: something refused has changed something`)
    await renew()
  }
  for (const each of cases) {
    if (each.expect === 'refused') continue
    const said = await bench.ask(requestFor(target, each.parts))
    if (!isDecent(target, said)) complain(each, shown(said))
    if (reads(target)) continue
    const more = (await bench.leases()) - owned
    if (more > bought && !each.mayBuyMore) complain(each, `bought ${more} numbers, the plain request ${bought}`)
    if (typeof each.expect === 'object' && said.fault === undefined) await renew()
    if (typeof each.expect === 'object') {
      const plainly = await bench.ask(requestFor(target, each.expect))
      if (plainly.fault !== said.fault) complain(each, `${shown(said)} instead of ${shown(plainly)}`)
    }
    if (said.fault === undefined && said.status < 400) await renew()
  }
  if (reads(target)) {
    for (const each of cases) {
      if (typeof each.expect !== 'object') continue
      const [odd, plainly] = [each.parts, each.expect].map(parts => bench.ask(requestFor(target, parts)))
      const [one, other] = [(await odd) as Said, (await plainly) as Said]
      if (one.status !== other.status || one.fault !== other.fault)
        complain(each, `${shown(one)} instead of ${shown(other)}`)
    }
  }
  if (reads(target) && (await bench.digest()) !== before) found.push(`${target.on}: reading has changed something`)
  found.push(...(await bench.violations()).map(each => `${target.on}: ${JSON.stringify(each)}`))
  await bench.close()
  return found
}

describe.each(dialects.map(module => [module.name, module] as const))('%s', (_, module) => {
  it(
    'A13, A26, B2: bad input to any operation is refused in its words, and changes nothing',
    async () => {
      const dialect = module.create({ core: { clock: { now: () => 0 } } as never, mode: 'double' })
      const targets = await targetsOf(module, dialect)
      expect(targets.length).toBeGreaterThan(0)
      const found: string[] = []
      let count = 0
      for (const [i, target] of targets.entries()) {
        const { plain, bought, bench } = await plainOf(target)
        const cases = drawn(casesOf({ target, plain, things: world.things, seed: SEED + i }), i)
        count += cases.length
        found.push(...(await runAll(target, cases, bought, bench)))
      }
      expect(count).toBeGreaterThan(0)
      expect(found.slice(0, 400)).toEqual([])
    },
    TIMEOUT,
  )
})

/** What engines differ in: which texts and numbers a column can keep, and how many values a statement can have. */
const KEPT = /^(path|query|without|misnamed|drawn|\w+:)/

/** Fewer than a store has connections. */
const TOGETHER = 4

const inGroups = <T>(all: readonly T[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))

describe.each(engines(['postgres']))('on %s', engine => {
  it(
    'whatever is sent, the answer is never a failure of the server',
    async () => {
      const { things, bench } = await hostileWorldOn(engine)
      const found: string[] = []
      for (const module of dialects) {
        const dialect = module.create({ core: { clock: { now: () => 0 } } as never, mode: 'double' })
        for (const [i, target] of (await targetsOf(module, dialect)).entries()) {
          const own = (name: string) => pathValues(target.dialect, name, things)[0] ?? ''
          const path = Object.fromEntries(target.pathNames.map(name => [name, own(name)]))
          const plain = plainParts(target, path, things)
          // every operation meets some of each kind, and each kind some operations
          const cases = casesOf({ target, plain, things, seed: SEED + i })
            .filter(({ name }) => KEPT.test(name))
            .filter((_, n) => n % 8 === i % 8)
          // each waits for the database: what only reads is asked together
          for (const some of inGroups(cases, reads(target) ? TOGETHER : 1)) {
            const all = await Promise.all(some.map(each => bench.ask(requestFor(target, each.parts))))
            for (const [n, said] of all.entries())
              if (!isDecent(target, said))
                found.push(`${target.dialect} ${target.on} · ${some[n]?.name}: ${shown(said)}`)
          }
        }
      }
      found.push(...(await bench.violations()).map(each => JSON.stringify(each)))
      await bench.close()
      expect(found.slice(0, 100)).toEqual([])
    },
    TIMEOUT,
  )
})
