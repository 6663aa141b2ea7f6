/**
 * One client keeps no other waiting: the largest input that each operation permits is read, judged and answered in turns
 * of the event loop of 50 ms at most.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_DEPTH, MAX_LIST, MAX_PARAMETERS, MAX_VALUES } from '../../adapters/kit/limits.ts'
import { dialects } from '../support/dialects.ts'
import { type HostileBench, type HostileWorld, hostileWorld } from '../support/hostile/bench.ts'
import {
  bodyType,
  encodeFields,
  FORM_TYPE,
  goodFields,
  hasBody,
  JSON_TYPE,
  jsonText,
  multipartText,
  type Parts,
  plainParts,
  requestFor,
} from '../support/hostile/requests.ts'
import { pathValues, type Target, targetsOf } from '../support/hostile/targets.ts'
import { longestTurn, slowness } from '../support/hostile/turns.ts'

const LIMIT_MS = 50
const RUNS = 6
const BYTES = 1024 * 1024 - 64
const TIMEOUT = 600_000
/** Each operation meets every fourth of what is large, its neighbours the others; all of it with `TURNS_ALL=1`. */
const ALL = process.env.TURNS_ALL === '1'

let world: HostileWorld
let bench: HostileBench
beforeAll(async () => {
  world = await hostileWorld()
  bench = await world.open()
}, TIMEOUT)
afterAll(() => bench.close())

/** Written when it is sent: megabytes, of which each operation meets a quarter. */
type Large = readonly [name: string, body: () => string, type: string]

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
const fill = (text: string, most = BYTES) => text.repeat(Math.floor(most / text.length))

function largeJson(target: Target): Large[] {
  const good = goodFields(target.body, world.things)
  const json = (name: string, value: () => unknown): Large => [name, () => jsonText(value()), JSON_TYPE]
  const inEach = target.body.flatMap(({ name }) => [
    json(`${name} of a megabyte`, () => ({ ...good, [name]: fill('x', BYTES - 1000) })),
    json(`${name} of commas`, () => ({ ...good, [name]: fill(',', BYTES - 1000) })),
    json(`${name} of many`, () => ({ ...good, [name]: many(MAX_LIST, i => String(12_025_550_000 + i)) })),
    json(`${name} of objects`, () => ({ ...good, [name]: many(MAX_LIST - 1, i => ({ a: i, b: 'x' })) })),
    json(`${name} of mistakes`, () => ({ ...good, [name]: many(MAX_VALUES - 100, () => 1) })),
  ])
  return [
    ...inEach,
    json('many values', () => ({ ...good, other: many(MAX_VALUES - 100, i => `value ${i}`) })),
    json('many members', () => ({ ...good, ...Object.fromEntries(many(MAX_VALUES - 100, i => [`member${i}`, i])) })),
    ['escapes', () => `{"a":"${fill('\\u00e9', BYTES - 100)}"}`, JSON_TYPE],
    ['levels', () => `{"a":${nested(MAX_DEPTH - 1)}}`, JSON_TYPE],
    ['brackets', () => `{"a":${fill('[]', 1000)}`, JSON_TYPE],
    ['too many values', () => `[${fill('1,')}1]`, JSON_TYPE],
    ['too many levels', () => fill('['), JSON_TYPE],
  ]
}

function largeForm(target: Target): Large[] {
  const good = encodeFields(target, goodFields(target.body, world.things))
  const form = (name: string, text: () => string): Large => [name, () => `${good}&${text()}`, FORM_TYPE]
  const count = MAX_PARAMETERS - 50
  const inEach = target.body.map(({ name }) =>
    form(`${name} of a megabyte`, () => `${name}=${fill('x', BYTES - 1000)}`),
  )
  return [
    ...inEach,
    form('many', () => many(count, i => `a${i}=${'x'.repeat(200)}`).join('&')),
    form('many to escape', () => many(count, i => `a${i}=${'%3C'.repeat(70)}`).join('&')),
    form('a value to escape', () => `a=${fill('%26', BYTES - 1000)}`),
    form('a value of plus', () => `a=${fill('+', BYTES - 1000)}`),
    form('elements', () => many(count, () => 'a[]=1').join('&')),
    form('exchanges', () => many(count, i => `NpaNxx[2${String(i).padStart(5, '0')}]=1`).join('&')),
    form('nested', () => many(count, i => `a[${i}][b][c][d][e]=1`).join('&')),
    form('brackets', () => many(count, () => `a${'[b]'.repeat(80)}=1`).join('&')),
    form('separators', () => fill('&')),
    form('too many', () => fill('a&')),
  ]
}

function largeMultipart(target: Target): Large[] {
  const type = 'multipart/form-data; boundary=frontier'
  const most = target.operation.body?.limit ?? BYTES
  const file = (length: number) =>
    multipartText([
      ['name="did_ids"', world.things.lease],
      ['name="doc_id"', '1'],
      ['name="doc_attachment"; filename="a.pdf"', `%PDF-1.4\n${'x'.repeat(length)}`],
    ])
  return [
    ['many parts', () => multipartText(many(MAX_PARAMETERS, i => [`name="a${i}"`, 'x'.repeat(100)] as const)), type],
    ['a large file', () => file(Math.floor(most * 0.9)), type],
    ['delimiters', () => fill('\r\n--frontier'), type],
    ['ids', () => multipartText([['name="did_ids"', fill('1,', BYTES - 1000)]]), type],
  ]
}

function largeBodies(target: Target): Large[] {
  if (!hasBody(target)) return []
  if (target.operation.body?.multipart) return largeMultipart(target)
  const form = bodyType(target) === FORM_TYPE ? [...largeForm(target), ...largeMultipart(target).slice(0, 1)] : []
  return target.wire === 'action' ? form : [...form, ...largeJson(target)]
}

/** Addresses and headers together have 16 KB. */
const MOST_QUERY = 15_000

function largeQueries({ query }: Target): string[] {
  const names = [...query.map(({ name }) => name), 'a', 'capabilities.voice.e911.a', 'ids[]']
  return names.flatMap(name => [
    many(Math.floor(MOST_QUERY / (name.length + 3)), i => `${name}=${i % 10}`).join('&'),
    `${name}=${fill('1,', MOST_QUERY)}`,
    `${name}=${fill('%26', MOST_QUERY)}`,
  ])
}

/** The shortest of some runs: the first ones compile, and any may be the one that collects garbage. */
async function turnOf(target: Target, parts: Parts, limit: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < RUNS && least > limit; i++) {
    const request = requestFor(target, parts)
    least = Math.min(least, await longestTurn(() => bench.ask(request)))
  }
  return least
}

it('a turn that is too long is seen, and one that rests between its parts is not', async () => {
  const busy = (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end);
  }
  const part = LIMIT_MS * 0.6
  const pieces = async () => {
    for (let n = 0; n < 3; n++) {
      await new Promise(resolve => setImmediate(resolve))
      busy(part)
    }
  }
  const whole = async () => {
    for (let n = 0; n < 20; n++) busy(part)
  }
  expect(await longestTurn(whole)).toBeGreaterThan(LIMIT_MS)
  expect(await longestTurn(pieces)).toBeLessThan(LIMIT_MS * slowness())
})

describe.each(dialects.map(module => [module.name, module] as const))('%s', (name, module) => {
  it(
    'A19, C3: no turn is longer than 50 ms, whatever is sent to any operation',
    async () => {
      const limit = LIMIT_MS * slowness()
      const dialect = module.create({ core: { clock: { now: () => 0 } } as never, mode: 'double' })
      const slow: string[] = []
      for (const [nth, target] of (await targetsOf(module, dialect)).entries()) {
        const path = Object.fromEntries(
          target.pathNames.map(each => [each, pathValues(name, each, world.things)[0] ?? '']),
        )
        const plain = plainParts(target, path, world.things)
        const all: [string, () => Parts][] = [
          ...largeBodies(target).map(([what, body, type]): [string, () => Parts] => [
            what,
            () => ({ ...plain, body: body(), type }),
          ]),
          ...largeQueries(target).map((query): [string, () => Parts] => [
            query.slice(0, 40),
            () => ({ ...plain, query }),
          ]),
        ]
        for (const [what, parts] of all.filter((_, n) => ALL || n % 4 === nth % 4)) {
          const ms = await turnOf(target, parts(), limit)
          if (ms > limit) slow.push(`${target.on} · ${what}: ${Math.round(ms)} ms of ${Math.round(limit)}`)
        }
      }
      expect(slow).toEqual([])
    },
    TIMEOUT,
  )
})
