/** The official SDK drives the whole life of a number against a listening gateway. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { SinchClient } from '@sinch/sdk-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientPackage } from '../../support/client-package.ts'
import { openWorld } from '../../support/world.ts'
import { P1, sinchWorld } from './client.ts'

const sdk = clientPackage('@sinch/sdk-core') as typeof import('@sinch/sdk-core') | undefined

const phoneNumber = '+12025550134'

describe.skipIf(!sdk)('the official Sinch SDK', () => {
  let w: Awaited<ReturnType<typeof openWorld>>
  let server: Server
  let client: SinchClient
  beforeAll(async () => {
    w = await openWorld('sqlite', sinchWorld)
    server = createAdaptorServer({ fetch: request => w.gateway.fetch(request), createServer }) as Server
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sinch`
    const credentials = { projectId: P1, keyId: 'k', keySecret: 's' }
    client = new (sdk as NonNullable<typeof sdk>).SinchClient({
      ...credentials,
      numbersHostname: base,
      authHostname: base,
    })
  })
  afterAll(async () => {
    server.close()
    await w.drop()
  })
  const tick = () => w.setClock(w.core.clock.now() + 1000)

  it('looks around', async () => {
    const { availableRegions } = await client.numbers.availableRegions.list({ types: ['LOCAL', 'MOBILE'] })
    expect(availableRegions?.map(({ regionCode }: { regionCode?: string }) => regionCode)).toContain('US')
    const { availableNumbers } = await client.numbers.searchForAvailableNumbers({
      regionCode: 'US',
      type: 'LOCAL',
      capabilities: ['SMS', 'VOICE'],
      'numberPattern.pattern': '+1202',
      'numberPattern.searchPattern': 'START',
      size: 5,
    })
    expect(availableNumbers?.map((each: { phoneNumber?: string }) => each.phoneNumber)).toEqual([phoneNumber])
    const one = await client.numbers.checkAvailability({ phoneNumber })
    expect(one.monthlyPrice).toEqual({ currencyCode: 'EUR', amount: '0.80' })
  })

  it('rents, lists page by page, and updates', async () => {
    const rentNumberRequestBody = {
      smsConfiguration: { servicePlanId: 'plan1' },
      voiceConfiguration: { type: 'RTC' as const, appId: 'app1' },
    }
    const rented = await client.numbers.rent({ phoneNumber, rentNumberRequestBody })
    expect(rented.smsConfiguration?.scheduledProvisioning?.status).toBe('WAITING')
    await client.numbers.rentAny({ rentAnyNumberRequestBody: { regionCode: 'US', type: 'LOCAL' } })
    const seen: (string | undefined)[] = []
    for await (const each of client.numbers.list({ regionCode: 'US', type: 'LOCAL', pageSize: 1 }))
      seen.push(each.phoneNumber)
    expect(seen).toEqual([phoneNumber, '+12025550135'])
    await tick()
    const found = await client.numbers.get({ phoneNumber })
    expect(found.smsConfiguration?.servicePlanId).toBe('plan1')
    expect(found.nextChargeDate).toBeInstanceOf(Date)
    const updated = await client.numbers.update({ phoneNumber, updateActiveNumberRequestBody: { displayName: 'Desk' } })
    expect(updated.displayName).toBe('Desk')
  })

  it('emergency addresses and the callback secret', async () => {
    const address = { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' }
    const emergencyAddressRequestBody = { displayName: 'Office', address }
    const active = client.numbers.activeNumber
    await active.validateEmergencyAddress({ phoneNumber, emergencyAddressRequestBody })
    await active.provisionEmergencyAddress({ phoneNumber, emergencyAddressRequestBody })
    expect((await active.getEmergencyAddress({ phoneNumber })).streetInfo).toBe('Main St')
    await active.deprovisionEmergencyAddress({ phoneNumber })
    await client.numbers.callbacks.update({ updateCallbackConfigurationRequestBody: { hmacSecret: 'x1' } })
    expect((await client.numbers.callbacks.get({})).hmacSecret).toBe('x1')
  })

  it('fetches a new token by itself when the old one has expired', async () => {
    w.setClockOnly(w.core.clock.now() + 3_700_000)
    expect((await client.numbers.get({ phoneNumber })).phoneNumber).toBe(phoneNumber)
  })

  it('releases at the end of the paid period; a number that is gone is a RequestFailedError', async () => {
    const released = await client.numbers.release({ phoneNumber })
    expect(released.expireAt).toEqual(released.nextChargeDate)
    await w.setClock((released.expireAt as Date).getTime())
    await expect(client.numbers.get({ phoneNumber })).rejects.toMatchObject({ statusCode: 404 })
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })
})
