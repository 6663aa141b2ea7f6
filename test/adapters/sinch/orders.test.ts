/** Number orders: kept, registered, handed in, looked through; what they end with, and who is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { guidOf, ulidOf } from '../../../adapters/sinch/wire/crockford.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { PNG, wavixClient } from '../wavix/client.ts'
import { basic, P1, P2, sinchClient, sinchWorld } from './client.ts'

const HOUR = 3_600_000
const ARGENTINE = '+541139862174'
const N = '+12025550134'
const HOOK = 'http://127.0.0.1:9/hook'
const PERSON = { firstName: 'Ann', lastName: 'Example', phoneNumber: '+541139860000' }
const BUSINESS = {
  ...{
    endBusinessName: 'Example',
    endBusinessAddress: '1 High St',
    city: 'Berlin',
    country: 'DE',
    postalCode: '10115',
  },
}

const german = (end: number, papers = 'address;id') => ({
  ...{ e164: `+49301234${end}`, country: 'DE', type: 'local', currency: 'EUR', setup_price: '1', monthly_price: '2' },
  ...{ capabilities: 'voice;sms', required_documents: papers },
})

const world: World = {
  ...sinchWorld,
  accounts: (sinchWorld.accounts ?? []).map(account => ({
    ...account,
    credentials: [
      ...(account.credentials ?? []),
      account.id === 1
        ? { realm: 'wavix', kind: 'key' as const, secret: 'KEY' }
        : { realm: 'sinch', kind: 'key_pair' as const, public_id: 'k2', secret: 's2' },
    ],
  })),
  numbers: [
    ...(sinchWorld.numbers as Extract<World['numbers'], unknown[]>),
    ...[101, 102, 104, 105, 106].map(end => german(end)),
    { ...german(200), type: 'mobile' },
    { ...german(300, 'localaddress'), type: 'toll_free', setup_price: '500' },
  ],
}

describe.each(engines())('number orders on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof sinchClient>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(world)
    api = sinchClient(w)
  })

  const now = () => w.core.clock.now()
  const named = (e164: string, region = 'AR', more: object = {}) =>
    api.ask('POST', '/numberOrders:createNumberOrder', {
      ...{ regionCode: region, numberType: 'LOCAL', numberOrderOption: { phoneNumbers: [e164] }, ...more },
    })
  const any = (option: object, region = 'DE', type = 'LOCAL') =>
    api.ask('POST', '/numberOrders:createNumberOrder', {
      ...{ regionCode: region, numberType: type, quantityOrderOption: option },
    })
  const get = (id: string, path = '') => api.ask('GET', `/numberOrders/${id}${path}`)
  const register = (id: string, data: unknown) =>
    api.ask('PUT', `/numberOrders/${id}/registration`, { requestDetails: { data } })
  const submit = (id: string) => api.ask('POST', `/numberOrders/${id}/submit`)
  const papers = async (region = 'AR', numberType = 'LOCAL') => {
    const { body } = await api.ask('POST', '/numberOrders:lookupNumberRequirements', { regionCode: region, numberType })
    return body.attachments as { id: string; title: string }[]
  }
  const upload = async (id: string, attachment: string, file: Uint8Array<ArrayBuffer> = PNG, documentType?: string) => {
    const form = new FormData()
    form.set('file', new File([file], 'passport.png', { type: 'image/png' }))
    if (documentType !== undefined) form.set('documentType', documentType)
    const url = `${w.base('sinch')}/v1/projects/${P1}/numberOrders/${id}/attachments/${attachment}`
    const headers = { authorization: basic('k', 's') }
    const response = await w.send(new Request(url, { method: 'POST', headers, body: form }))
    return { status: response.status, text: await response.text() }
  }
  /** An order with all that is asked for, not handed in. */
  const complete = async (more: object = {}) => {
    const id = (await named(ARGENTINE, 'AR', more)).body.idNumberOrder as string
    expect((await register(id, [PERSON])).status).toBe(200)
    for (const { id: attachment } of await papers()) expect((await upload(id, attachment)).status).toBe(200)
    return id
  }
  const verify = (isVerified: boolean) => w.core.accounts.update(null, 1, { identityVerified: isVerified })
  const orderId = async (id: string) => (await w.core.orders.byGuid(guidOf(id) as string))?.id as number
  const states = async () => {
    await w.sender.tick()
    const { items } = await w.core.outbox.deliveries({}, { limit: 50, offset: 0 })
    const told = [...items].sort((a, b) => a.id - b.id).map(each => JSON.parse(each.body))
    return told.filter(each => each.resourceType === 'NUMBER_ORDER')
  }
  const violated = (body: { error: { details: { fieldViolations: { field: string }[] }[] } }) =>
    body.error.details[0]?.fieldViolations.map(({ field }) => field)

  it('a region asks for what its numbers need, of all of them together; one that asks for nothing is not known', async () => {
    const ask = (regionCode: unknown, numberType: unknown) =>
      api.ask('POST', '/numberOrders:lookupNumberRequirements', { regionCode, numberType })
    const { body } = await ask('de', 'LOCAL')
    expect(body.fields.rules.map((rule: { template: object }) => Object.keys(rule.template))).toEqual([
      Object.keys(BUSINESS),
      Object.keys(PERSON),
    ])
    expect(body.attachments).toMatchObject([
      { title: 'Proof of address', mandatory: true, allowedMimeTypes: expect.arrayContaining(['application/pdf']) },
      { title: 'Proof of identity', allowedDocumentTypes: expect.arrayContaining(['Passport']) },
    ])
    const none = await ask('US', 'LOCAL')
    expect([none.status, none.body.error.message]).toEqual([404, 'Number requirements not found'])
    expect((await ask('DE', 'PINK')).status).toBe(400)
    expect(violated((await ask('Germany', undefined)).body)).toEqual(['regionCode', 'numberType'])
  })

  it('an order keeps its number for two days, from everybody', async () => {
    const { status, body } = await named(ARGENTINE, 'AR', { smsConfiguration: { servicePlanId: 'plan1' } })
    expect(status).toBe(200)
    expect(body).toEqual({
      ...{ projectId: P1, idNumberOrder: expect.stringMatching(/^[0-9a-z]{26}$/), regionCode: 'AR', state: 'CREATED' },
      ...{ numberType: 'LOCAL', smsConfiguration: { servicePlanId: 'plan1' } },
      orderNumbers: [
        {
          phoneNumber: ARGENTINE,
          numberPrice: {
            setupPrice: { currencyCode: 'EUR', amount: '0.50' },
            monthlyPrice: { currencyCode: 'EUR', amount: '0.80' },
            paymentIntervalMonths: 1,
          },
          capabilities: ['VOICE'],
        },
      ],
      expireTime: new Date(now() + 48 * HOUR).toISOString(),
      createTime: new Date(now()).toISOString(),
      updateTime: new Date(now()).toISOString(),
    })
    expect((await get(body.idNumberOrder)).body).toEqual(body)
    expect((await api.ask('GET', `/availableNumbers/${ARGENTINE}`)).status).toBe(404)
    const again = await named(ARGENTINE)
    expect([again.status, violated(again.body)]).toEqual([400, ['numberOrderOption.phoneNumbers']])
    w.setClockOnly(now() + 48 * HOUR)
    expect((await get(body.idNumberOrder)).body).toMatchObject({ state: 'EXPIRED' })
    expect((await api.ask('GET', `/availableNumbers/${ARGENTINE}`)).status).toBe(200)
    expect((await register(body.idNumberOrder, [PERSON])).status).toBe(409)
    await w.setClock(now())
    expect((await get(body.idNumberOrder)).body).toMatchObject({ state: 'EXPIRED', expireTime: null })
    expect((await named(ARGENTINE)).status).toBe(200)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('it is registered in both forms, and what is wrong is told at once', async () => {
    const id = (await named(ARGENTINE)).body.idNumberOrder
    const bad = await register(id, [{ firstName: 'Ann', lastName: 7 }])
    expect([bad.status, violated(bad.body)]).toEqual([
      400,
      ['requestDetails.data.lastName', 'requestDetails.data.phoneNumber'],
    ])
    expect((await get(id, '/registration')).body).toEqual({ requestDetails: {}, attachments: [], logs: [] })
    const nested = [[{ senderId: ARGENTINE }], PERSON]
    const { body } = await register(id, nested)
    expect(body).toEqual({ requestDetails: { data: nested }, data: nested, attachments: [], logs: [] })
    const before = await api.ask('PUT', `/numberOrders/${id}/registration`, { data: PERSON })
    expect([before.status, before.body.requestDetails]).toEqual([200, { data: PERSON }])
    for (const body of [{}, { requestDetails: [] }, { requestDetails: 'x' }]) {
      expect((await api.ask('PUT', `/numberOrders/${id}/registration`, body)).status).toBe(400)
    }
    const long = await register(id, { ...PERSON, note: 'x'.repeat(70_000) })
    expect(long.status).toBe(413)
    expect((await get(id, '/registration')).body.requestDetails).toEqual({ data: PERSON })
  })

  it('its papers are those that are asked for, and the last of each', async () => {
    const id = (await named(ARGENTINE)).body.idNumberOrder
    const [paper] = await papers()
    expect(await upload(id, paper?.id ?? '', PNG, 'Passport')).toEqual({ status: 200, text: '' })
    expect((await upload(id, paper?.id.toUpperCase() ?? '')).status).toBe(200)
    const [address] = await papers('DE')
    expect((await upload(id, address?.id ?? '')).status).toBe(404)
    expect((await upload(id, paper?.id ?? '', new TextEncoder().encode('plain text'))).status).toBe(400)
    expect((await upload(id, paper?.id ?? '', PNG, 'Library card')).status).toBe(400)
    const big = await upload(id, paper?.id ?? '', new Uint8Array(10 * 1024 * 1024 + 1))
    expect([big.status, JSON.parse(big.text).error.status]).toEqual([413, 'CONTENT_TOO_LARGE'])
    await upload(id, paper?.id ?? '', PNG, 'Passport')
    expect((await get(id, '/registration')).body.attachments).toEqual([
      {
        ...{ attachmentId: paper?.id, fileName: 'passport.png', mimeType: 'image/png', uploadStatus: 'COMPLETED' },
        ...{ createTime: expect.any(String), updateTime: expect.any(String), documentType: 'Passport' },
      },
    ])
  })

  it('it is handed in complete or not at all', async () => {
    const id = (await named(ARGENTINE)).body.idNumberOrder
    const [paper] = await papers()
    const bare = await submit(id)
    expect([bare.status, violated(bare.body)]).toEqual([
      400,
      [...Object.keys(PERSON).map(name => `requestDetails.data.${name}`), `attachments.${paper?.id}`],
    ])
    await register(id, PERSON)
    expect(violated((await submit(id)).body)).toEqual([`attachments.${paper?.id}`])
    await upload(id, paper?.id ?? '')
    expect((await submit(id)).body).toMatchObject({ state: 'IN_REVIEW', expireTime: null })
    expect((await submit(id)).status).toBe(409)
    expect((await register(id, PERSON)).status).toBe(409)
    expect((await upload(id, paper?.id ?? '')).status).toBe(409)
  })

  it('a verified project gets its numbers by itself, set up and paid, with the papers for every surface', async () => {
    await verify(true)
    const id = await complete({ callbackUrl: HOOK, voiceConfiguration: { type: 'RTC', appId: 'app1' } })
    expect((await submit(id)).body.state).toBe('IN_REVIEW')
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(100_000_000)
    await w.setClock(now() + 1000)
    const done = (await get(id)).body
    expect(done).toMatchObject({ state: 'COMPLETED', orderNumbers: [{ phoneNumber: ARGENTINE }] })
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(98_700_000)
    const active = (await api.ask('GET', `/activeNumbers/${ARGENTINE}`)).body
    expect(active).toMatchObject({ callbackUrl: HOOK, voiceConfiguration: { appId: 'app1' } })
    expect((await get(id, '/registration')).body.attachments).toHaveLength(1)
    const { items } = (await wavixClient(w.gateway, w.base('wavix')).bearer('GET', '/v1/mydids')).body
    expect(items).toMatchObject([{ number: '541139862174', status: 'active', documents: [{ status: 'approved' }] }])
    const [paper] = await w.core.documents.list([items[0].id])
    expect(Buffer.from(await w.core.documents.content(paper?.id as number)).equals(Buffer.from(PNG))).toBe(true)
    const listed = await w.core.oversight.documents({ status: 'approved' }, { limit: 9, offset: 0 })
    expect([listed.total, listed.items.map(each => each.e164)]).toEqual([1, [ARGENTINE]])
    // those of the order itself were looked through too
    const papers = await w.store.read(db => db.selectFrom('documents').select(['order_id', 'status']).execute())
    expect(papers.map(({ status }) => status)).toEqual(['approved', 'approved'])
    expect((await states()).map(each => each.status)).toEqual(['IN_REVIEW', 'COMPLETED'])
    expect((await states())[1]).toMatchObject({
      ...{ projectId: P1, resourceId: id, resourceType: 'NUMBER_ORDER', eventType: 'NUMBER_ORDER_PROCESSING' },
      ...{ failureCode: null, internalFailureCode: null },
    })
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('any other waits for the operator, who completes, refuses, or asks for more', async () => {
    const id = await complete({ callbackUrl: HOOK })
    await submit(id)
    await w.setClock(now() + 72 * HOUR)
    expect((await get(id)).body.state).toBe('IN_REVIEW')
    await w.core.orders.accept(null, await orderId(id), 'Looked at')
    await w.core.orders.block(null, await orderId(id), 'Please send a newer passport')
    const blocked = (await get(id)).body
    expect(blocked).toMatchObject({ state: 'BLOCKED', expireTime: new Date(now() + 48 * HOUR).toISOString() })
    const { logs } = (await get(id, '/registration')).body
    expect(logs).toEqual([{ message: 'Please send a newer passport', createTime: new Date(now()).toISOString() }])
    expect((await register(id, PERSON)).status).toBe(200)
    expect((await submit(id)).body.state).toBe('IN_REVIEW')
    await w.core.orders.complete(null, await orderId(id), '')
    expect((await get(id)).body.state).toBe('COMPLETED')
    expect((await api.ask('GET', `/activeNumbers/${ARGENTINE}`)).status).toBe(200)
    await expect(w.core.orders.reject(null, await orderId(id), '')).rejects.toMatchObject({ code: 'wrong_state' })
    expect((await states()).map(each => each.status)).toEqual(['IN_REVIEW', 'BLOCKED', 'IN_REVIEW', 'COMPLETED'])
  })

  it('one that is refused, or not answered in time, gives its numbers back', async () => {
    const id = await complete({ callbackUrl: HOOK })
    await expect(w.core.orders.complete(null, await orderId(id), '')).rejects.toMatchObject({ code: 'wrong_state' })
    await submit(id)
    await w.core.orders.reject(null, await orderId(id), 'The passport is of somebody else')
    expect((await get(id)).body.state).toBe('REJECTED')
    expect((await get(id, '/registration')).body.logs).toHaveLength(1)
    expect((await api.ask('GET', `/availableNumbers/${ARGENTINE}`)).status).toBe(200)
    const other = await complete({ callbackUrl: HOOK })
    await submit(other)
    await w.core.orders.block(null, await orderId(other), '')
    await w.setClock(now() + 49 * HOUR)
    expect((await get(other)).body.state).toBe('EXPIRED')
    expect((await api.ask('GET', `/availableNumbers/${ARGENTINE}`)).status).toBe(200)
    const told = (await states()).map(each => each.status)
    expect(told).toEqual(['IN_REVIEW', 'REJECTED', 'IN_REVIEW', 'BLOCKED', 'EXPIRED'])
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('one that cannot be paid is refused with the reason', async () => {
    await verify(true)
    const id = (await any({ requestedQuantity: 1 }, 'DE', 'TOLL_FREE')).body.idNumberOrder
    await register(id, BUSINESS)
    for (const { id: paper } of await papers('DE', 'TOLL_FREE')) await upload(id, paper)
    await submit(id)
    await w.setClock(now() + 1000)
    expect((await get(id)).body.state).toBe('REJECTED')
    expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(100_000_000)
    const { items } = await w.core.orders.list({ accountId: 1 }, { limit: 1, offset: 0 })
    expect(items[0]?.failed.map(each => each.reason)).toEqual(['funds'])
    expect((await api.ask('GET', `/availableNumbers/${german(300).e164}`)).status).toBe(200)
  })

  it('by quantity: so many that match, in sequence where that is asked for', async () => {
    const numbersOf = ({ body }: { body: { orderNumbers: { phoneNumber: string }[] } }) =>
      body.orderNumbers.map(each => each.phoneNumber.slice(-3))
    const three = await any({ requestedQuantity: 3, sequential: true, capabilities: ['SMS'] })
    expect(numbersOf(three)).toEqual(['104', '105', '106'])
    const two = await any({ requestedQuantity: 2, numberPattern: { pattern: '4930', searchPattern: 'START' } })
    expect(numbersOf(two)).toEqual(['101', '102'])
    const none = await any({ requestedQuantity: 1 })
    expect([none.status, violated(none.body)]).toEqual([400, ['quantityOrderOption']])
    for (const option of [{}, { requestedQuantity: 0 }, { requestedQuantity: 101 }, { requestedQuantity: '2' }]) {
      expect((await any(option)).status).toBe(400)
    }
    const free = await any({ requestedQuantity: 1 }, 'US')
    expect((await submit(free.body.idNumberOrder)).body.state).toBe('IN_REVIEW')
    await w.core.orders.complete(null, await orderId(free.body.idNumberOrder), '')
    expect((await get(free.body.idNumberOrder)).body.state).toBe('COMPLETED')
  })

  it.each([
    [{ numberOrderOption: undefined }, 'numberOrderOption'],
    [{ quantityOrderOption: { requestedQuantity: 1 } }, 'quantityOrderOption'],
    [{ numberOrderOption: { phoneNumbers: [] } }, 'numberOrderOption.phoneNumbers'],
    [{ numberOrderOption: { phoneNumbers: [N, ARGENTINE] } }, 'numberOrderOption.phoneNumbers'],
    [{ numberOrderOption: { phoneNumbers: ['hello'] } }, 'numberOrderOption.phoneNumbers'],
    [{ numberOrderOption: { phoneNumbers: ['+541139862199'] } }, 'numberOrderOption.phoneNumbers'],
    [{ regionCode: 'DE' }, 'numberOrderOption.phoneNumbers'],
    [{ numberType: 'MOBILE' }, 'numberOrderOption.phoneNumbers'],
    [{ callbackUrl: 'ftp://x' }, 'callbackUrl'],
    [{ smsConfiguration: {} }, 'smsConfiguration'],
    [{ regionCode: '' }, 'regionCode'],
  ])('%j is refused by name, and keeps nothing', async (more, field) => {
    const { status, body } = await named(ARGENTINE, 'AR', more)
    expect([status, violated(body)]).toEqual([400, [field]])
    expect((await w.core.holds.of(1, { limit: 1, offset: 0 })).total).toBe(0)
  })

  it("orders are their project's own, and ids of nothing are not found", async () => {
    const id = await complete()
    const other = basic('k2', 's2')
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/registration'],
      ['PUT', '/registration', { requestDetails: PERSON }],
      ['POST', '/submit'],
    ] as const) {
      expect((await api.ask(method, `/numberOrders/${id}${path}`, body, other, P2)).status).toBe(404)
    }
    for (const wrong of ['x', '0'.repeat(26), 'z'.repeat(26), `${id}0`]) expect((await get(wrong)).status).toBe(404)
    expect(guidOf(ulidOf(P1))).toBe(P1)
    expect((await w.core.orders.list({ accountId: 2 }, { limit: 1, offset: 0 })).total).toBe(0)
  })

  it('two orders for one number at once: one keeps it', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => named(ARGENTINE)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    expect((await w.core.holds.of(1, { limit: 9, offset: 0 })).total).toBe(1)
  })
})
