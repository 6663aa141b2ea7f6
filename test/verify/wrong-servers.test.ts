/** What `didgate verify` is worth: servers that get one thing wrong each, every one of them found and named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { skipOf } from '../../verify/cases/case.ts'
import { contractCases } from '../../verify/cases/cases.ts'
import { dialects } from '../support/dialects.ts'
import { netsOf } from '../support/nets.ts'
import { failures, label, verifyWorld } from '../support/verify.ts'
import { openWorld, type TestWorld } from '../support/world.ts'

const LONG_MS = 60_000

it.each(dialects)('there are faults of $name, each its own', ({ name }) => {
  const { wrongServers } = netsOf(name)
  expect(wrongServers.length).toBeGreaterThan(0)
  expect(wrongServers.filter(({ dialect }) => dialect !== name)).toEqual([])
})

/** Servers that answer everything in one way. */
const hopeless: Record<string, () => Response> = {
  'an empty object': () => Response.json({}),
  'a failure': () => new Response('oops', { status: 500 }),
  'not found': () => Response.json({}, { status: 404 }),
  'a refusal': () => Response.json({}, { status: 401 }),
}
/** Nothing is shown, which is all that these ask for: what a refusal must look like is a rule of each dialect. */
const CONTENT =
  /^contract: (without credentials|with wrong credentials) nothing is shown$|^contract: an unknown operation/

describe.each(dialects)('$name', module => {
  const { name, driver } = module
  let world: TestWorld & { drop(): Promise<void> }
  beforeAll(async () => {
    world = await openWorld('sqlite', demoWorldFolder())
  }, LONG_MS)
  afterAll(() => world.drop())

  it.each(Object.keys(hopeless))('passes no check of a server that answers everything with %s', async kind => {
    const send = async () => (hopeless[kind] as () => Response)()
    const { checks } = await verifyWorld(world, { module, allowPurchases: true, send })
    const made = checks.filter(each => each.group !== 'answers' && !CONTENT.test(label(each)))
    expect(made.filter(({ outcome }) => outcome === 'passed').map(label)).toEqual([])
    const skips = made.filter(({ outcome }) => outcome === 'not applicable')
    const known = new Set(contractCases.map(each => skipOf(driver, each)))
    const reasons = skips.flatMap(({ reason }) => (known.has(reason) ? [] : [reason]))
    expect(
      reasons.filter(reason => !/^(no operation of the dialect|numbers are not sold by name)/.test(reason ?? '')),
    ).toEqual([])
  })

  it.each(netsOf(name).wrongServers)(
    'found: $wrong',
    async ({ breaks, purchases, server }) => {
      const choice = purchases ? { allowPurchases: true, ...purchases } : {}
      const right = await verifyWorld(world, { module, ...choice })
      expect(failures(right)).toEqual([])
      const wrong = await verifyWorld(world, { module, ...choice, send: server(world.send) })
      const failed = wrong.checks.filter(({ outcome }) => outcome === 'failed')
      expect(failed.map(label)).toContain(breaks)
      const found = failed.find(check => label(check) === breaks)
      expect(found?.source).toMatch(/\w/)
      expect(found?.failure?.message).toMatch(/\w/)
      expect(found?.failure?.exchange?.status).toBeGreaterThanOrEqual(200)
    },
    LONG_MS,
  )
})
