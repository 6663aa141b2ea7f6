import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contractWorld } from '../contract/world.ts'
import { openWorld } from '../support/world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
beforeAll(async () => {
  world = await openWorld('sqlite', contractWorld)
})
afterAll(() => world.drop())

it('legacy clients fetch every schema, and nothing but schemas', async () => {
  const names = readdirSync(join(import.meta.dirname, '../../rng/onsip'))
  expect(names).toContain('jnctn.rng')
  for (const name of names) {
    const response = await world.send(new Request(`${world.base('onsip')}/rng/${name}`))
    expect([name, response.status, response.headers.get('content-type')]).toEqual([
      name,
      200,
      'application/xml; charset=utf-8',
    ])
    expect(await response.text()).toContain('http://relaxng.org/ns/structure/1.0')
  }
  const outside = await world.send(new Request(`${world.base('onsip')}/rng/..%2f..%2fpackage.json`))
  expect(await outside.text()).not.toContain('didgate')
})
