/** An account's identity is verified when what it needs is, and nothing of it has failed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, CHILD, callerOf, DAY, market, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const EITHER = [['passport'], ['licence', 'photo']]
const WELL = { status: 'verified', reason: 'seen' } as const
const BADLY = { status: 'failed', reason: 'blurred' } as const

describe.each(engines())('verifications on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = async () => {
    w = await worlds.open(market([]))
    return w.core.verifications
  }
  type Filed = Parameters<TestWorld['core']['verifications']['file']>[1]
  const file = async (kind: string, more: Partial<Filed> = {}, id = ACME) =>
    w.core.verifications.file(await callerOf(w, id), { kind, status: 'pending', needs: EITHER, ...more })
  const decide = (kind: string, decision: Parameters<TestWorld['core']['verifications']['decide']>[3], id = ACME) =>
    w.core.verifications.decide(null, id, kind, decision)
  const isVerified = async (id = ACME) => (await w.core.accounts.get(id))?.identityVerified
  const stands = async (verified: { account: { identityVerified: boolean } }) => {
    expect(verified.account.identityVerified).toBe(await isVerified())
    return verified.account.identityVerified
  }

  it('one whole list of what is needed is enough, a part of each is not, and one that failed undoes it', async () => {
    await open()
    expect((await file('passport', { status: 'verified' }, OTHER)).account.identityVerified).toBe(true)
    expect(await stands(await file('licence'))).toBe(false)
    expect(await stands(await decide('licence', WELL))).toBe(false)
    expect(await stands(await file('photo', { status: 'verified' }))).toBe(true)
    expect(await stands(await file('passport'))).toBe(true)
    expect(await stands(await decide('passport', BADLY))).toBe(false)
    expect(await stands(await decide('passport', WELL))).toBe(true)
    expect(await stands(await decide('photo', BADLY))).toBe(false)
    expect([await isVerified(CHILD), await isVerified(OTHER)]).toEqual([false, true])
  })

  it('what is filed again takes the place of what was, of its account and kind alone, and is told', async () => {
    const verifications = await open()
    const first = await file('passport', { data: { page: 1 } })
    const begun = w.core.clock.now()
    const filed = { accountId: ACME, kind: 'passport', status: 'pending', isTest: false, reason: null }
    expect(first.verification).toEqual({ ...filed, data: { page: 1 }, createdAt: begun, updatedAt: begun })
    await file('licence', { isTest: true })
    await file('passport', {}, OTHER)
    w.setClockOnly(begun + DAY)
    const failed = await decide('passport', BADLY)
    const changed = { ...first.verification, updatedAt: begun + DAY }
    expect(failed.verification).toEqual({ ...changed, ...BADLY })
    const again = await file('passport', { isTest: true, data: { page: 2 } })
    expect(again.verification).toEqual({ ...changed, isTest: true, data: { page: 2 } })
    expect((await verifications.list(ACME)).map(({ kind }) => kind)).toEqual(['licence', 'passport'])
    expect((await verifications.list(ACME))[1]).toEqual(again.verification)
    expect(await verifications.list(OTHER)).toMatchObject([{ accountId: OTHER, status: 'pending', updatedAt: begun }])
    const told = (await w.core.audit.list({ accountId: ACME, limit: 100 })).filter(({ action }) => /^ver/.test(action))
    const data = { kind: 'passport', status: 'failed', identityVerified: false }
    expect(told.map(({ action }) => action.slice(13))).toEqual(['filed', 'filed', 'failed', 'filed'])
    expect(told[2]).toMatchObject({ subject: failed.account.handle, data })
  })

  it('what was filed as a test decides itself once, while it waits, and nothing that was not', async () => {
    await open()
    const test = { ...WELL, onlyTest: true }
    const missing = { code: 'not_found', details: { what: 'verification' } }
    await file('passport')
    await expect(decide('passport', test)).rejects.toMatchObject(missing)
    expect(await isVerified()).toBe(false)
    await file('passport', { isTest: true })
    await file('licence', { isTest: true })
    expect(await stands(await decide('passport', test))).toBe(true)
    await expect(decide('passport', { ...BADLY, onlyTest: true })).rejects.toMatchObject(missing)
    expect((await w.core.verifications.list(ACME)).map(({ status }) => status)).toEqual(['pending', 'verified'])
    await expect(decide('photo', WELL)).rejects.toMatchObject(missing)
    await expect(decide('licence', WELL, OTHER)).rejects.toMatchObject(missing)
    await expect(decide('licence', WELL, 999)).rejects.toMatchObject({ details: { what: 'account' } })
  })

  it('what an account needs is told anew with each change, and one that needs nothing stays as it was', async () => {
    await open()
    const need = async (identityNeeds: string[][]) =>
      (await w.core.accounts.update(null, ACME, { identityNeeds })).identityVerified
    await file('passport', { status: 'verified' })
    expect(await isVerified()).toBe(true)
    expect(await need([['licence']])).toBe(false)
    expect(await need([])).toBe(false)
    expect(await need(EITHER)).toBe(true)
    expect(await need([])).toBe(true)
    expect(await stands(await file('other', { status: 'failed', needs: [] }))).toBe(true)
    expect(await stands(await decide('other', BADLY))).toBe(true)
    expect(await stands(await file('more', { needs: EITHER }))).toBe(false)
  })
})
