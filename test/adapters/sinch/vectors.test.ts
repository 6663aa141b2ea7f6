import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signature } from '../../../adapters/sinch/outbound.ts'
import { engines } from '../../support/engines.ts'
import { receiver } from '../../support/receiver.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { P2, sinchClient, sinchWorld } from './client.ts'

const N = '+12025550134'
const BOTH = { smsConfiguration: { servicePlanId: 'plan1' }, voiceConfiguration: { appId: 'app1' } }

describe.each(engines())('sinch vectors on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof sinchClient>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(sinchWorld)
    api = sinchClient(w)
  })

  const tick = () => w.setClock(w.core.clock.now() + 1000)
  const found = async (query: string) => {
    const { body } = await api.ask('GET', `/availableNumbers?regionCode=US&type=LOCAL${query}`)
    return body.availableNumbers.map((each: { phoneNumber: string }) => each.phoneNumber)
  }
  const rent = (number = N, body: unknown = {}) => api.ask('POST', `/availableNumbers/${number}:rent`, body)

  it('1, 2: tokens', async () => {
    const { status, body } = await api.token()
    expect([status, body.token_type, body.access_token.split('.').length]).toEqual([200, 'bearer', 3])
    const { exp } = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
    expect(exp).toBe(Math.floor(w.core.clock.now() / 1000) + 3600)
    const wrong = await api.token('nope')
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
    const grant = await api.token('s', 'password')
    expect([grant.status, grant.body.error]).toEqual([400, 'unsupported_grant_type'])
  })

  it('3, 4, 5: Basic, an expired token, none, a revoked key', async () => {
    expect((await api.ask('GET', '/activeNumbers')).status).toBe(200)
    const bearer = `Bearer ${(await api.token()).body.access_token}`
    expect((await api.ask('GET', '/activeNumbers', undefined, bearer)).status).toBe(200)
    w.setClockOnly(w.core.clock.now() + 3_600_000)
    const expired = await api.ask('GET', '/activeNumbers', undefined, bearer)
    expect([expired.status, expired.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('expired')])
    const none = await api.ask('GET', '/activeNumbers', undefined, null)
    expect([none.status, none.body.error.status]).toEqual([401, 'UNAUTHENTICATED'])
    const fresh = `Bearer ${(await api.token()).body.access_token}`
    for (const { id } of await w.core.credentials.list(1)) await w.core.credentials.revoke(null, id)
    expect((await api.ask('GET', '/activeNumbers', undefined, fresh)).status).toBe(401)
  })

  it('6: another project', async () => {
    const bearer = `Bearer ${(await api.token()).body.access_token}`
    const { status, body } = await api.ask('GET', '/activeNumbers', undefined, bearer, P2)
    expect([status, body.error.status]).toEqual([403, 'PERMISSION_DENIED'])
  })

  it('7, 8, 9, 10: search', async () => {
    const { body } = await api.ask('GET', '/availableNumbers?regionCode=US&type=LOCAL')
    expect(Object.keys(body)).toEqual(['availableNumbers'])
    expect(body.availableNumbers[0]).toMatchObject({
      phoneNumber: N,
      monthlyPrice: { currencyCode: 'EUR', amount: '0.80' },
    })
    expect(await found('&capabilities=SMS&capabilities=VOICE')).toEqual([N])
    expect(await found('&numberPattern.pattern=+1202&numberPattern.searchPattern=START')).toHaveLength(2)
    expect(await found('&numberPattern.pattern=0135&numberPattern.searchPattern=END&size=1')).toEqual(['+12025550135'])
    expect(await found('&numberPattern.pattern=5501')).toHaveLength(2)
  })

  it('11, 12: what is missing', async () => {
    const { status, body } = await api.ask('GET', '/availableNumbers?type=LOCAL')
    expect([status, body.error.details[0].fieldViolations[0].field]).toEqual([400, 'regionCode'])
    const gone = await api.ask('GET', '/availableNumbers/+12025550199')
    expect(gone.status).toBe(404)
    expect(gone.body.error.message).toContain('+12025550199')
  })

  it('13, 14: renting, and once more', async () => {
    const { status, body } = await rent(N, { ...BOTH, callbackUrl: 'https://hooks.example/n' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      phoneNumber: N,
      displayName: '',
      expireAt: null,
      nextChargeDate: '2026-07-01T00:00:00.000Z',
    })
    expect(body.smsConfiguration).toMatchObject({
      servicePlanId: '',
      campaignId: '',
      scheduledProvisioning: { servicePlanId: 'plan1', campaignId: '', status: 'WAITING', errorCodes: [] },
    })
    expect(body.voiceConfiguration).toMatchObject({
      type: 'RTC',
      appId: '',
      lastUpdatedTime: null,
      scheduledVoiceProvisioning: { type: 'RTC', appId: 'app1', status: 'WAITING' },
    })
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(98_700_000)
    expect((await rent()).status).toBe(404)
  })

  it.each([
    { smsConfiguration: {} },
    { smsConfiguration: null },
    { voiceConfiguration: { type: 'X' } },
    { smsConfiguration: { campaignId: 'c' } },
  ])('15: renting with %j is refused', async body => {
    const refused = await rent(N, body)
    expect([refused.status, refused.body.error.status]).toEqual([400, 'INVALID_ARGUMENT'])
    expect(await found('')).toContain(N)
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(100_000_000)
  })

  it('16: provisioning moves up, with two signed callbacks', async () => {
    const target = await receiver()
    await api.ask('PATCH', '/callbackConfiguration', { hmacSecret: 'x1' })
    await rent(N, { ...BOTH, callbackUrl: target.url })
    await tick()
    const { body } = await api.ask('GET', `/activeNumbers/${N}`)
    expect(body.smsConfiguration).toEqual({ servicePlanId: 'plan1', campaignId: '', scheduledProvisioning: null })
    expect(body.voiceConfiguration).toMatchObject({ appId: 'app1', scheduledVoiceProvisioning: null })
    await w.sender.tick()
    target.close()
    const types = target.accepted.map(each => each.eventType).sort()
    expect(types).toEqual(['PROVISIONING_TO_SMS_PLATFORM', 'PROVISIONING_TO_VOICE_PLATFORM'])
    const { items } = await w.core.outbox.deliveries({}, { limit: 9, offset: 0 })
    for (const { headers, body } of items) {
      expect(headers['x-sinch-signature']).toBe(createHmac('sha1', 'x1').update(body).digest('hex'))
    }
    expect(target.accepted[0]).toMatchObject({ resourceId: N, status: 'SUCCEEDED', failureCode: null })
    expect(target.accepted[0].timestamp).toMatch(/^2026-06-01T00:00:0\d\.\d{9}$/)
    expect(target.accepted[0].eventId).toMatch(/^[0-9a-z]{26}$/)
  })

  it('a receiver that fails twice gets exactly one accepted delivery, with a valid signature', async () => {
    const target = await receiver(2)
    await api.ask('PATCH', '/callbackConfiguration', { hmacSecret: 'x1' })
    await rent(N, { voiceConfiguration: { appId: 'app1' }, callbackUrl: target.url })
    const start = w.core.clock.now()
    for (const seconds of [1, 10, 60, 120]) {
      await w.setClock(start + seconds * 1000)
      await w.sender.tick()
    }
    target.close()
    expect([target.received.length, target.accepted.length]).toEqual([3, 1])
    const [delivery] = (await w.core.outbox.deliveries({}, { limit: 9, offset: 0 })).items
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([503, 503, 200])
    expect(delivery?.headers['x-sinch-signature']).toBe(signature('x1', JSON.stringify(target.accepted[0])))
  })

  it('the signature of the page', () => {
    const body =
      '{"eventId":"01j0exampleexampleexample0","timestamp":"2026-01-05T10:00:00.123456789","projectId":"p1","resourceId":"+12025550134","resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_VOICE_PLATFORM","status":"SUCCEEDED","failureCode":null,"internalFailureCode":null}'
    expect(signature('gateway-secret', body)).toBe('b2e6a74a014e62e288101a25e435346085f5d0b0')
  })

  it('a provisioning that fails stays to be seen', async () => {
    await rent(N, { smsConfiguration: { servicePlanId: 'plan-fail' } })
    await tick()
    const { smsConfiguration } = (await api.ask('GET', `/activeNumbers/${N}`)).body
    expect(smsConfiguration).toMatchObject({
      servicePlanId: '',
      scheduledProvisioning: { status: 'FAILED', errorCodes: ['SMS_PROVISIONING_FAILED'] },
    })
  })

  it('17, 18: any number', async () => {
    const numberPattern = { pattern: '5', searchPattern: 'END' }
    const body = { regionCode: 'US', type: 'LOCAL', numberPattern, capabilities: ['VOICE'] }
    expect((await api.ask('POST', '/availableNumbers:rentAny', body)).body.phoneNumber).toBe('+12025550135')
    expect((await api.ask('POST', '/availableNumbers:rentAny', { regionCode: 'SE', type: 'MOBILE' })).status).toBe(400)
    const inQuery = await api.ask('POST', '/availableNumbers:rentAny?regionCode=US&type=LOCAL', {})
    expect([inQuery.status, (await api.ask('POST', '/availableNumbers:rentAny?type=LOCAL')).status]).toEqual([400, 400])
    const none = { ...body, numberPattern: { pattern: '999999', searchPattern: 'END' } }
    expect((await api.ask('POST', '/availableNumbers:rentAny', none)).status).toBe(404)
  })

  it('19, 20: pages', async () => {
    await rent(N)
    await rent('+12025550135')
    const first = (await api.ask('GET', '/activeNumbers?pageSize=1')).body
    expect([first.activeNumbers.length, first.totalSize]).toEqual([1, 2])
    expect(first.nextPageToken).toMatch(/^[A-Za-z0-9_-]+$/)
    const second = (await api.ask('GET', `/activeNumbers?pageSize=1&pageToken=${first.nextPageToken}`)).body
    expect([second.activeNumbers[0].phoneNumber, second.nextPageToken]).toEqual(['+12025550135', ''])
    expect((await api.ask('GET', '/activeNumbers?pageToken=garbage')).status).toBe(400)
    expect((await api.ask('GET', `/activeNumbers?type=LOCAL&pageToken=${first.nextPageToken}`)).status).toBe(400)
    const joined = (await api.ask('GET', '/activeNumbers?capability=SMS,VOICE')).body
    expect(joined.totalSize).toBe(1)
  })

  it('21, 22: partial updates; a new voice type waits beside the old', async () => {
    await rent(N, BOTH)
    await tick()
    const named = (await api.ask('PATCH', `/activeNumbers/${N}`, { displayName: 'Desk' })).body
    expect([named.displayName, named.smsConfiguration.servicePlanId]).toEqual(['Desk', 'plan1'])
    const fax = { voiceConfiguration: { type: 'FAX', serviceId: 'f1' } }
    const { voiceConfiguration } = (await api.ask('PATCH', `/activeNumbers/${N}`, fax)).body
    expect(voiceConfiguration).toMatchObject({
      type: 'RTC',
      scheduledVoiceProvisioning: { type: 'FAX', serviceId: 'f1' },
    })
    await tick()
    const later = (await api.ask('GET', `/activeNumbers/${N}`)).body
    expect(later.voiceConfiguration).toMatchObject({ type: 'FAX', serviceId: 'f1', scheduledVoiceProvisioning: null })
    expect(later.displayName).toBe('Desk')
    expect((await api.ask('PATCH', `/activeNumbers/${N}`, { voiceConfiguration: {} })).status).toBe(400)
  })

  it('a campaign joins the plan that is there or on its way, and none without one', async () => {
    await rent(N, { smsConfiguration: { servicePlanId: 'plan1' } })
    const campaign = (campaignId: string) =>
      api.ask('PATCH', `/activeNumbers/${N}`, { smsConfiguration: { campaignId } })
    const waits = (await campaign('c1')).body.smsConfiguration
    expect(waits.scheduledProvisioning).toMatchObject({ servicePlanId: 'plan1', campaignId: 'c1', status: 'WAITING' })
    await tick()
    const sms = async () => (await api.ask('GET', `/activeNumbers/${N}`)).body.smsConfiguration
    expect(await sms()).toEqual({ servicePlanId: 'plan1', campaignId: 'c1', scheduledProvisioning: null })
    await campaign('')
    await tick()
    expect(await sms()).toMatchObject({ servicePlanId: 'plan1', campaignId: '' })
    await api.ask('PATCH', `/activeNumbers/${N}`, { smsConfiguration: { servicePlanId: '' } })
    const { status, body } = await campaign('c2')
    expect([status, body.error.details[0].fieldViolations[0].field]).toEqual([400, 'smsConfiguration.servicePlanId'])
    expect(await sms()).toMatchObject({ servicePlanId: '', campaignId: '' })
    // what failed is not on its way
    await api.ask('PATCH', `/activeNumbers/${N}`, { smsConfiguration: { servicePlanId: 'plan-fail' } })
    await tick()
    expect((await campaign('c2')).status).toBe(400)
  })

  it('a number sent back whole with one thing changed keeps what is on its way, and what has come since', async () => {
    const { body: read } = await rent(N, BOTH)
    const back = { ...read, displayName: 'Desk' }
    const { status, body } = await api.ask('PATCH', `/activeNumbers/${N}`, back)
    expect([status, body.displayName]).toEqual([200, 'Desk'])
    expect(body.smsConfiguration).toEqual(read.smsConfiguration)
    expect(body.voiceConfiguration).toEqual(read.voiceConfiguration)
    await tick()
    await api.ask('PATCH', `/activeNumbers/${N}`, back)
    const { body: now } = await api.ask('GET', `/activeNumbers/${N}`)
    expect(now.smsConfiguration).toEqual({ servicePlanId: 'plan1', campaignId: '', scheduledProvisioning: null })
    expect(now.voiceConfiguration).toMatchObject({ appId: 'app1', scheduledVoiceProvisioning: null })
    // what is changed in it is wished
    const sms = { ...now.smsConfiguration, campaignId: 'c1' }
    const voice = { ...now.voiceConfiguration, appId: 'app2' }
    const sent = { ...now, smsConfiguration: sms, voiceConfiguration: voice }
    const { body: changed } = await api.ask('PATCH', `/activeNumbers/${N}`, sent)
    const { scheduledProvisioning } = changed.smsConfiguration
    expect(scheduledProvisioning).toMatchObject({ servicePlanId: 'plan1', campaignId: 'c1', status: 'WAITING' })
    expect(changed.voiceConfiguration.scheduledVoiceProvisioning).toMatchObject({ appId: 'app2', status: 'WAITING' })
    const unlinked = { ...now, smsConfiguration: { ...now.smsConfiguration, servicePlanId: '' } }
    const { body: ended } = await api.ask('PATCH', `/activeNumbers/${N}`, unlinked)
    expect(ended.smsConfiguration).toEqual({ servicePlanId: '', campaignId: '', scheduledProvisioning: null })
  })

  it('23: unlinking', async () => {
    await rent(N, { ...BOTH, callbackUrl: 'http://127.0.0.1:9/' })
    await tick()
    const { body } = await api.ask('PATCH', `/activeNumbers/${N}`, { smsConfiguration: { servicePlanId: '' } })
    expect(body.smsConfiguration).toEqual({ servicePlanId: '', campaignId: '', scheduledProvisioning: null })
    await w.sender.tick()
    const { items } = await w.core.outbox.deliveries({}, { limit: 9, offset: 0 })
    const types = items.map(each => JSON.parse(each.body).eventType)
    expect(types).toContain('DEPROVISIONING_FROM_SMS_PLATFORM')
  })

  it('24: a release takes effect at the end of the paid period', async () => {
    await rent(N, BOTH)
    const release = () => api.ask('POST', `/activeNumbers/${N}:release`)
    const { status, body } = await release()
    expect([status, body.expireAt]).toEqual([200, body.nextChargeDate])
    expect((await release()).body.expireAt).toBe(body.expireAt)
    expect((await api.ask('GET', `/activeNumbers/${N}`)).status).toBe(200)
    w.setClockOnly(body.expireAt)
    expect((await api.ask('GET', `/activeNumbers/${N}`)).status).toBe(404)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('25: the callback configuration', async () => {
    const drawn = (await api.ask('GET', '/callbackConfiguration')).body.hmacSecret
    expect((await api.ask('GET', '/callbackConfiguration')).body.hmacSecret).toBe(drawn)
    await api.ask('PATCH', '/callbackConfiguration', { hmacSecret: 'x1' })
    expect((await api.ask('GET', '/callbackConfiguration')).body.hmacSecret).toBe('x1')
    expect((await api.ask('PATCH', '/callbackConfiguration', { hmacSecret: 'x'.repeat(37) })).status).toBe(400)
    expect((await api.ask('PATCH', '/callbackConfiguration', {})).body.hmacSecret).toBe('x1')
  })

  it('regions, documents, emergency addresses', async () => {
    const { availableRegions } = (await api.ask('GET', '/availableRegions?types=LOCAL&types=MOBILE')).body
    expect(availableRegions).toContainEqual({ regionCode: 'US', regionName: 'United States', types: ['LOCAL'] })
    expect((await rent('+541139862174')).status).toBe(400)
    await rent(N)
    const path = `/activeNumbers/${N}/emergencyAddress`
    expect((await api.ask('GET', path)).status).toBe(404)
    const address = { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' }
    const body = { displayName: 'Office', address }
    expect((await api.ask('POST', `${path}:validate`, body)).body.validationResult).toBe('EXACT_MATCH')
    expect((await api.ask('POST', `${path}:provision`, body)).body.location).toBe('')
    const unset = { displayName: null, address: { ...address, location: null, postalCodePlusFour: null } }
    expect((await api.ask('POST', `${path}:provision`, unset)).body.postalCodePlusFour).toBe('')
    expect((await api.ask('GET', path)).body).toMatchObject(address)
    expect((await api.ask('POST', `${path}:deprovision`)).body).toEqual({})
    expect((await api.ask('GET', path)).status).toBe(404)
    expect((await api.ask('POST', `${path}:provision`, {})).status).toBe(400)
  })
})
