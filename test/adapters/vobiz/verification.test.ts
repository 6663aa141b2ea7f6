/** Who stands behind a sub-account: filed by its parent, decided by an operator or by the words of the test mode. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { operations, vobiz } from '../../../adapters/vobiz/index.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { A, ADMIN, B, N1, SUB, type VobizClient, vobizClient, vobizWorld } from './client.ts'

/** The parent is known, and each number needs a paper. */
const [first, ...others] = vobizWorld.accounts ?? []
const stock = (vobizWorld.numbers ?? []) as Extract<typeof vobizWorld.numbers, readonly unknown[]>
const world: World = {
  ...vobizWorld,
  accounts: first ? [{ ...first, identity_verified: true }, ...others] : [],
  numbers: stock.map(each => ({ ...each, required_documents: 'id' })),
}
const GST = '29AAJCN5983D1Z0'

describe.each(engines())('verification of vobiz sub-accounts on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let c: VobizClient
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(world)
    c = vobizClient(w)
  })
  afterAll(() => worlds.drop())

  const customer = async (business_type = 'private_limited') => {
    const body = { name: 'Shop', email: 'owner@shop.example', kyc_mode: 'customer_use', business_type }
    const made = await c.ask('POST', `/accounts/${A}/sub-accounts/`, { body })
    return made.body.auth_credentials.auth_id as string
  }
  const file = (sub: string, path: string, body: object, more: object = {}) =>
    c.ask('POST', `/sub-accounts/${sub}/kyc/${path}`, { body, ...more })
  const mock = (sub: string, path: string, body: object, more: object = {}) =>
    c.ask('POST', `/sub-accounts/test/${sub}/kyc/${path}`, { body, ...more })
  const status = async (sub: string, as = A) => (await c.ask('GET', `/sub-accounts/${sub}/kyc/status`, { as })).body
  const change = (sub: string, body: object) => c.ask('PUT', `/accounts/${A}/sub-accounts/${sub}`, { body })
  const idOf = async (sub: string) => (await w.core.accounts.byHandle(sub))?.id as number
  const decide = async (sub: string, kind: string, outcome: 'verified' | 'failed') =>
    w.core.verifications.decide(null, await idOf(sub), kind, { status: outcome, reason: 'looked at' })

  it('a customer is unknown until what it is asked for is found right, whatever its parent is', async () => {
    const sub = await customer()
    expect(await status(sub)).toMatchObject({ overall_status: 'not_started', kyc_calls_blocked: true })
    expect((await file(sub, 'verify-pan', { pan: 'abcde1234f' })).body).toEqual({
      ...{ verification_type: 'pan', status: 'pending', kyc_calls_blocked: true },
    })
    await file(sub, 'verify-gst', { gstin: GST })
    await decide(sub, 'pan', 'verified')
    expect(await status(sub)).toMatchObject({
      ...{ overall_status: 'pending', verifications: { pan: 'verified', gst: 'pending' } },
    })
    await decide(sub, 'gst', 'verified')
    expect(await status(sub)).toMatchObject({ overall_status: 'verified', kyc_calls_blocked: false })
    const { data } = (await w.core.verifications.list(await idOf(sub))).find(({ kind }) => kind === 'pan') ?? {}
    expect(data).toEqual({ pan: 'ABCDE1234F' })
  })

  it.each([
    ['individual', ['pan', 'aadhaar'], ['pan', 'gst', 'cin']],
    ['huf', ['aadhaar', 'pan'], ['pan', 'gst']],
    ['llp', ['pan', 'cin'], ['gst', 'cin', 'aadhaar']],
    ['trust', ['pan', 'gst'], ['pan', 'aadhaar']],
    ['', ['pan', 'aadhaar'], ['gst', 'aadhaar']],
  ])('%s: %o is enough, %o is not', async (type, enough, less) => {
    const verified = async (kinds: string[]) => {
      const sub = await customer(type)
      const needs = [['nothing']]
      const caller = await w.core.accounts.callerFor((await w.core.accounts.byHandle(sub)) as never)
      for (const kind of kinds.slice(1)) await w.core.verifications.file(caller, { kind, status: 'verified', needs })
      // the last by the dialect, which says what is needed
      const words: Record<string, [string, object]> = {
        pan: ['verify-pan', { pan: 'TESTSUCCESS0001' }],
        gst: ['verify-gst', { gstin: 'TESTSUCCESS0001GST' }],
        aadhaar: ['digilocker/verify', { access_request_id: 'MOCK_AR_SUCCESS' }],
      }
      return (await mock(sub, ...(words[kinds[0] as string] as [string, object]))).body.kyc_calls_blocked === false
    }
    expect([await verified(enough), await verified(less)]).toEqual([true, false])
  })

  it('one that failed blocks until it is filed again and found right', async () => {
    const sub = await customer()
    await mock(sub, 'verify-pan', { pan: 'TESTSUCCESS0001' })
    await mock(sub, 'cin/confirm', { company_name: 'ACME', selected_cin: 'U72900KA2024PTC123456' })
    expect((await status(sub)).kyc_calls_blocked).toBe(false)
    await mock(sub, 'verify-gst', { gstin: 'TESTFAIL0001GST' })
    expect(await status(sub)).toMatchObject({ overall_status: 'failed', kyc_calls_blocked: true })
    await mock(sub, 'verify-gst', { gstin: 'TESTSUCCESS0001GST' })
    expect(await status(sub)).toMatchObject({ overall_status: 'verified', kyc_calls_blocked: false })
  })

  it('a test that waits ends as it is told, once; what was filed in earnest does not', async () => {
    const sub = await customer()
    await mock(sub, 'verify-pan', { pan: 'TESTPENDING_FAIL' })
    const end = (outcome: string) => mock(sub, 'finalize-pending', { verification_type: 'pan', outcome })
    expect((await end('failed')).body).toEqual({
      ...{ verification_type: 'pan', status: 'failed', kyc_calls_blocked: true, mock: true },
    })
    expect((await end('verified')).status).toBe(404)
    await file(sub, 'verify-pan', { pan: 'ABCDE1234F' })
    expect((await end('verified')).status).toBe(404)
    expect((await status(sub)).verifications.pan).toBe('pending')
  })

  it('what is refused, or fails as it was asked to, changes nothing', async () => {
    const sub = await customer()
    for (const [path, body] of [
      ['verify-pan', { pan: 'TESTSUCCESS0001X' }],
      ['verify-gst', { gstin: 'SUCCESS' }],
      ['digilocker/verify', { access_request_id: 'MOCK_AR' }],
      ['digilocker/initiate', { redirect_url: 'javascript:alert(1)' }],
      ['finalize-pending', { verification_type: 'pan', outcome: 'pending' }],
      ['cin/confirm', { company_name: '', selected_cin: 'U' }],
    ] as const)
      expect((await mock(sub, path, body)).status, path).toBe(400)
    expect((await file(sub, 'verify-pan', { pan: 'ABCDE12345F' })).body.message).toMatch(/exactly 10/)
    expect((await mock(sub, 'verify-pan', { pan: 'TESTERROR0001' })).status).toBe(500)
    expect((await status(sub)).overall_status).toBe('not_started')
  })

  it('is seen and done by the parent and by admins only', async () => {
    const sub = await customer()
    const body = { pan: 'ABCDE1234F' }
    expect((await file(sub, 'verify-pan', body, { as: B })).status).toBe(404)
    expect((await file(A, 'verify-pan', body)).status).toBe(404)
    expect((await file(SUB, 'verify-pan', body, { as: SUB })).status).toBe(403)
    expect((await c.ask('GET', `/sub-accounts/${sub}/kyc/status`, { as: B })).status).toBe(404)
    expect((await file(sub, 'verify-pan', body, { as: ADMIN })).status).toBe(200)
    expect(await w.core.audit.list({ action: 'verification.filed', limit: 9 })).toMatchObject([
      { actorAccountId: 4, subject: sub, data: { kind: 'pan', status: 'pending', identityVerified: false } },
    ])
  })

  it('with a key, a repeat files nothing more', async () => {
    const sub = await customer()
    const headers = { 'idempotency-key': 'once' }
    const first = await mock(sub, 'verify-pan', { pan: 'TESTPENDING001' }, { headers })
    await mock(sub, 'finalize-pending', { verification_type: 'pan', outcome: 'verified' })
    expect((await mock(sub, 'verify-pan', { pan: 'TESTPENDING001' }, { headers })).text).toBe(first.text)
    expect((await status(sub)).verifications.pan).toBe('verified')
  })

  it('follows what the customer is, and ends with the duty', async () => {
    const sub = await customer('individual')
    await mock(sub, 'verify-pan', { pan: 'TESTSUCCESS0001' })
    await mock(sub, 'verify-gst', { gstin: 'TESTSUCCESS0001GST' })
    expect((await status(sub)).kyc_calls_blocked).toBe(true)
    expect((await change(sub, { business_type: 'llp' })).body.kyc_calls_blocked).toBe(false)
    await change(sub, { business_type: 'individual' })
    expect(await status(sub)).toMatchObject({ overall_status: 'pending', kyc_calls_blocked: true })
    await change(sub, { kyc_mode: 'personal_use' })
    // as verified as its parent
    expect(await status(sub)).toMatchObject({ kyc_mode: 'personal_use', overall_status: 'verified' })
    expect((await change(sub, { kyc_mode: 'customer_use' })).body.kyc_calls_blocked).toBe(true)
    expect((await change(sub, { name: 'Other' })).body.kyc_calls_blocked).toBe(true)
  })

  it('opens the numbers that need papers, in the same unit', async () => {
    const sub = await customer()
    const shelf = async () => (await c.ask('GET', `/Account/${sub}/inventory/numbers`)).body.total
    expect(await shelf()).toBe(0)
    await mock(sub, 'verify-pan', { pan: 'TESTSUCCESS0001' })
    await mock(sub, 'verify-gst', { gstin: 'TESTSUCCESS0001' })
    expect(await shelf()).toBe(4)
    const path = `/Account/${sub}/numbers/purchase-from-inventory`
    expect((await c.ask('POST', path, { body: { e164: N1 } })).status).toBe(200)
    await mock(sub, 'digilocker/verify', { access_request_id: 'MOCK_AR_FAIL' })
    expect(await shelf()).toBe(0)
  })

  it('two at once are both counted', async () => {
    const sub = await customer()
    const both = [
      mock(sub, 'verify-pan', { pan: 'TESTSUCCESS0001' }),
      mock(sub, 'verify-gst', { gstin: 'TESTSUCCESS0001' }),
    ]
    await Promise.all(both)
    expect(await status(sub)).toMatchObject({ overall_status: 'verified', kyc_calls_blocked: false })
  })

  it('has its test mode where accounts are doubles, and nowhere else', () => {
    const known = (mode: 'double' | 'production') => vobiz.create({ core: w.core, mode }).operations
    expect(known('double')).toEqual(operations)
    const paths = known('production').flatMap(({ on }) => on)
    expect(paths.filter(path => path.includes('/sub-accounts/test/'))).toEqual([])
    expect(paths.filter(path => path.includes('/kyc/'))).toHaveLength(10)
  })
})
