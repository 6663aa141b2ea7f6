/** What clients write into queries and forms: read as it is meant, or refused, and never changed on the way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type TestWorld } from '../../support/world.ts'
import { NOW, OWNER, SUB, sidOf, tokenOf, twilioWorld } from './world.ts'

const ADDRESS = { CustomerName: 'A', Street: '1', City: 'C', Region: 'NY', PostalCode: '10001', IsoCountry: 'US' }

describe('what clients of twilio write', () => {
  let w: TestWorld & { drop(): Promise<void> }
  beforeAll(async () => {
    w = await openWorld('sqlite', twilioWorld('100.00'), { now: NOW })
  })
  afterAll(() => w.drop())

  const ask = async (method: string, path: string, form?: Record<string, string>, of = OWNER) => {
    const headers = { authorization: `Basic ${Buffer.from(`${sidOf(OWNER)}:${tokenOf(OWNER)}`).toString('base64')}` }
    const url = `${w.base('twilio')}/2010-04-01/Accounts/${sidOf(of)}${path}`
    const body = form && new URLSearchParams(form)
    const response = await w.send(new Request(url, { method, headers, ...(body && { body }) }))
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const address = (more: Record<string, string>) => ask('POST', '/Addresses.json', { ...ADDRESS, ...more })

  it('a plus sign that was not escaped begins a pattern at the country code', async () => {
    const found = async (contains: string) =>
      (await ask('GET', `/AvailablePhoneNumbers/US/Local.json?Contains=${contains}`)).body.available_phone_numbers
    expect(await found('+1212')).toEqual(await found('%2B1212'))
    expect(await found('+1212')).toHaveLength(2)
    expect(await found('+212')).toEqual([])
    expect((await ask('GET', '/AvailablePhoneNumbers/US/Local.json?Contains=12+12')).body.code).toBe(20422)
  })

  it('a name that is too long for an address is refused as that of a number is', async () => {
    const { status, body } = await address({ FriendlyName: 'x'.repeat(65) })
    expect([status, body.code]).toEqual([400, 20002])
    const { sid } = (await address({ FriendlyName: 'x'.repeat(64) })).body
    expect((await ask('POST', `/Addresses/${sid}.json`, { FriendlyName: 'y'.repeat(65) })).body.code).toBe(20002)
    expect((await ask('GET', `/Addresses/${sid}.json`)).body.friendly_name).toBe('x'.repeat(64))
  })

  it('A10: an address is in a country that there is', async () => {
    for (const IsoCountry of ['QQ', 'USA', '12']) expect((await address({ IsoCountry })).body.code).toBe(20422)
    expect((await address({ IsoCountry: 'gb' })).body.iso_country).toBe('GB')
  })

  it('an address stays in its country, and keeps what it must have', async () => {
    const { sid } = (await address({ StreetSecondary: 'Floor 2' })).body
    const change = (form: Record<string, string>) => ask('POST', `/Addresses/${sid}.json`, form)
    for (const name of ['CustomerName', 'Street', 'City', 'Region', 'PostalCode']) {
      const { status, body } = await change({ [name]: '' })
      expect([name, status, body.code]).toEqual([name, 400, 20001])
    }
    expect((await change({ IsoCountry: 'Britain' })).body.code).toBe(20422)
    expect((await change({ IsoCountry: 'GB', City: 'D' })).body).toMatchObject({ iso_country: 'US', city: 'D' })
    expect((await change({ StreetSecondary: '' })).body.street_secondary).toBeNull()
  })

  describe('of an owned number', () => {
    const NOBODYS = `AD${'0'.repeat(32)}`
    let number: string
    beforeAll(async () => {
      const { body } = await ask('POST', '/IncomingPhoneNumbers.json', { PhoneNumber: '+12125550142' })
      number = `/IncomingPhoneNumbers/${body.sid}.json`
    })
    const change = (form: Record<string, string>) => ask('POST', number, form)

    it.each(['AddressSid', 'EmergencyAddressSid'])('%s is that of an address of the account', async name => {
      const member = name === 'AddressSid' ? 'address_sid' : 'emergency_address_sid'
      const { sid } = (await address({})).body
      for (const wrong of ['junk', NOBODYS, sid.slice(0, -1)]) {
        const { status, body } = await change({ [name]: wrong, FriendlyName: 'changed' })
        expect([wrong, status, body.code]).toEqual([wrong, 400, 20422])
      }
      expect((await ask('GET', number)).body).toMatchObject({ [member]: null, friendly_name: '(212) 555-0142' })
      expect((await change({ [name]: sid })).body[member]).toBe(sid)
      // an address goes whoever is there; what a client read it sends back
      expect((await ask('DELETE', `/Addresses/${sid}.json`)).status).toBe(204)
      expect((await change({ [name]: sid, FriendlyName: '' })).body[member]).toBe(sid)
      expect((await change({ [name]: '' })).body[member]).toBeNull()
      expect((await change({ [name]: sid })).body.code).toBe(20422)
    })

    it('nothing is bought with the address of nobody', async () => {
      const before = (await ask('GET', '/Balance.json')).body.balance
      for (const form of [{ PhoneNumber: '+13125550111' }, { AreaCode: '312' }] as Record<string, string>[]) {
        const { status, body } = await ask('POST', '/IncomingPhoneNumbers.json', { ...form, AddressSid: NOBODYS })
        expect([status, body.code]).toEqual([400, 20422])
      }
      expect((await ask('GET', '/Balance.json')).body.balance).toBe(before)
    })

    it('a number that needs an address keeps one', async () => {
      const { sid } = (await address({})).body
      const form = { PhoneNumber: '+447700900123', AddressSid: sid }
      const { body } = await ask('POST', '/IncomingPhoneNumbers.json', form)
      const change = (AddressSid: string) => ask('POST', `/IncomingPhoneNumbers/${body.sid}.json`, { AddressSid })
      for (const none of ['', NOBODYS]) expect((await change(none)).body.code).toBe(21631)
      const other = (await address({ City: 'D' })).body.sid
      expect((await change(other)).body.address_sid).toBe(other)
    })

    it('a number that needs an address moves to nobody who has none for it', async () => {
      const { sid } = (await address({})).body
      const form = { PhoneNumber: '+447700900123', AddressSid: sid }
      const { body } = await ask('POST', '/IncomingPhoneNumbers.json', form)
      const move = (more: Record<string, string>) =>
        ask('POST', `/IncomingPhoneNumbers/${body.sid}.json`, { AccountSid: sidOf(SUB), ...more })
      // addresses are their account's own
      for (const none of [{}, { AddressSid: sid }] as Record<string, string>[]) {
        const { status, body } = await move(none)
        expect([status, body.code]).toEqual([400, 21631])
      }
      expect((await ask('GET', `/IncomingPhoneNumbers/${body.sid}.json`)).body.address_sid).toBe(sid)
      const theirs = (await ask('POST', '/Addresses.json', ADDRESS, SUB)).body.sid
      const moved = await move({ AddressSid: theirs })
      expect([moved.status, moved.body.account_sid, moved.body.address_sid]).toEqual([200, sidOf(SUB), theirs])
    })

    it('the version is one that there is', async () => {
      for (const wrong of ['junk', '2010', '2011-04-01']) {
        const { status, body } = await change({ ApiVersion: wrong })
        expect([wrong, status, body.code]).toEqual([wrong, 400, 20422])
      }
      expect((await change({ ApiVersion: '2008-08-01' })).body.api_version).toBe('2008-08-01')
      expect((await change({ ApiVersion: '' })).body.api_version).toBe('2010-04-01')
    })
  })
})
