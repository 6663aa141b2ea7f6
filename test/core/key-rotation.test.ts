/** Another DIDGATE_KEY: what the former one sealed is sealed anew, and opens at every moment on the way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { keysFor } from '../../src/config/key.ts'
import { engines } from '../support/engines.ts'
import { ACME, market, numbers } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'

// the key of test worlds, and the next one
const OLD = 'test'
const NEW = 'another key, as long as it has to be'
const PASSWORD = 'a-sip-password'
const MANY = 250

describe.each(engines())('another key on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  async function sealed() {
    const { store, core } = await worlds.open(market(numbers(1)))
    const coreOf = (keys: { key: string; oldKey?: string | undefined }) =>
      createCore({ store, clock: { now: () => core.clock.now() }, ...keys })
    const keys = (key: string, oldKey?: string) => keysFor({ key, oldKey, databaseUrl: 'sqlite::memory:' }, store)
    await keys(OLD)
    const made = await core.directory.createOrganization(null, { accountId: ACME, domain: 'sealed.example' })
    const user = {
      organizationId: made.id,
      username: 'u',
      authUsername: 'u',
      role: 'user',
      password: 'secret',
    } as const
    const { id } = await core.directory.createUser(null, { ...user, contact: {}, sipPassword: PASSWORD })
    // as many as there are steps for: their passwords are not proven here
    const copies = await store.write(async db => {
      const { id: _, ...row } = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const rows = Array.from({ length: MANY }, (_, n) => ({ ...row, username: `u${n}`, auth_username: `u${n}` }))
      return db.insertInto('users').values(rows).returning('id').execute()
    })
    const ids = [id, copies[0]?.id ?? 0, copies[MANY - 1]?.id ?? 0]
    const passwords = ids.map(() => PASSWORD)
    const shown = (by: ReturnType<typeof coreOf>) => Promise.all(ids.map(each => by.directory.sipPassword(each)))
    return { coreOf, keys, passwords, shown }
  }

  it('opens everything with both keys, goes on where a stop left it, and ends with the new key alone', async () => {
    const { coreOf, keys, passwords, shown } = await sealed()
    await expect(keys(NEW)).rejects.toThrow('is not the key that this database was sealed with')
    const both = coreOf(await keys(NEW, OLD))
    expect(await shown(both)).toEqual(passwords)
    // stopped after its first step
    const stop = new AbortController()
    const begun = await both.sealed.reseal({ signal: stop.signal, onStep: () => stop.abort() })
    expect([begun.isOver, begun.resealed > 0, begun.resealed < MANY]).toEqual([false, true, true])
    expect(await shown(both)).toEqual(passwords)
    // neither key alone opens a database that is half way
    await expect(keys(NEW)).rejects.toThrow('is being changed')
    await expect(keys(OLD)).rejects.toThrow('is being changed')
    const again = coreOf(await keys(NEW, OLD))
    expect(await again.sealed.reseal()).toMatchObject({ unreadable: 0, isOver: true })
    const after = coreOf(await keys(NEW))
    expect(await shown(after)).toEqual(passwords)
    await expect(keys(OLD)).rejects.toThrow('is not the key that this database was sealed with')
  })
})
