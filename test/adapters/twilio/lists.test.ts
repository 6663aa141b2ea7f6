/** Lists by token: whole while numbers and addresses come and go between their pages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { NOW, OTHER, OWNER, SUB, sidOf, tokenOf, twilioWorld } from './world.ts'

const [first] = twilioWorld().numbers as object[]
const many = Array.from({ length: 8 }, (_, i) => `+1212555${String(200 + i).padStart(4, '0')}`)
const world = {
  ...twilioWorld('100.00'),
  numbers: [...(twilioWorld().numbers as object[]), ...many.map(e164 => ({ ...first, e164 }))],
} as ReturnType<typeof twilioWorld>

interface Entry {
  sid: string
  phone_number: string
}

describe.each(engines())('twilio lists on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine, { now: NOW })
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(world)
  })

  /** A path below the accounts, or a link as an answer has it. */
  const ask = async (method: string, path: string, form?: Record<string, string>, as = OWNER) => {
    const headers = { authorization: `Basic ${Buffer.from(`${sidOf(as)}:${tokenOf(as)}`).toString('base64')}` }
    const url = w.base('twilio') + (path.startsWith('/2010') ? path : `/2010-04-01/Accounts/${sidOf(as)}${path}`)
    const response = await w.send(
      new Request(url, { method, headers, ...(form && { body: new URLSearchParams(form) }) }),
    )
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
  const buy = async (PhoneNumber: string, as = OWNER): Promise<string> => {
    // the later one is the newer one
    w.setClockOnly(w.core.clock.now() + 1000)
    return (await ask('POST', '/IncomingPhoneNumbers.json', { PhoneNumber }, as)).body.sid
  }
  const release = (sid: string) => ask('DELETE', `/IncomingPhoneNumbers/${sid}.json`)
  const numbersIn = (body: { incoming_phone_numbers: Entry[] }) => body.incoming_phone_numbers.map(x => x.phone_number)
  const newestFirst = [...many].reverse()

  it('A34: who releases each number of a page before it asks for the next one reaches them all', async () => {
    for (const e164 of many) await buy(e164)
    const released: string[] = []
    let path: string | null = '/IncomingPhoneNumbers.json?PageSize=3'
    while (path !== null) {
      const { status, body } = await ask('GET', path)
      expect(status, path).toBe(200)
      for (const { sid, phone_number } of body.incoming_phone_numbers as Entry[]) {
        expect((await release(sid)).status).toBe(204)
        released.push(phone_number)
      }
      path = body.next_page_uri
    }
    expect(released).toEqual(newestFirst)
  })

  it('A34: what is bought or moved away between pages neither repeats nor hides another number', async () => {
    const sids = new Map<string, string>()
    for (const e164 of many) sids.set(e164, await buy(e164))
    const one = await ask('GET', '/IncomingPhoneNumbers.json?PageSize=3')
    expect(numbersIn(one.body)).toEqual(newestFirst.slice(0, 3))
    await buy('+13125550111')
    const moved = sids.get(newestFirst[2] as string)
    expect((await ask('POST', `/IncomingPhoneNumbers/${moved}.json`, { AccountSid: sidOf(SUB) })).status).toBe(200)
    const two = await ask('GET', one.body.next_page_uri)
    expect(numbersIn(two.body)).toEqual(newestFirst.slice(3, 6))
    await buy('+12125550142')
    const three = await ask('GET', two.body.next_page_uri)
    expect(numbersIn(three.body)).toEqual(newestFirst.slice(6))
    expect(three.body.next_page_uri).toBeNull()
    const back = await ask('GET', three.body.previous_page_uri)
    expect(numbersIn(back.body)).toEqual(newestFirst.slice(3, 6))
    // before the first page stands by now what came since, without the one that was moved
    const before = await ask('GET', back.body.previous_page_uri)
    expect(numbersIn(before.body)).toEqual(['+13125550111', ...newestFirst.slice(0, 2)])
    const newest = await ask('GET', before.body.previous_page_uri)
    expect(numbersIn(newest.body)).toEqual(['+12125550142'])
    expect(newest.body.previous_page_uri).toBeNull()
  })

  it("a token that names another's number, a number of nobody or no number at all is none", async () => {
    await buy(many[0] as string)
    const foreign = await buy(many[1] as string, OTHER)
    for (const sid of [foreign, `PN${'0'.repeat(32)}`, 'PNx']) {
      for (const towards of ['PA', 'PB']) {
        const { status, body } = await ask(
          'GET',
          `/IncomingPhoneNumbers.json?PageSize=1&Page=1&PageToken=${towards}${sid}`,
        )
        expect([status, body.code], towards + sid).toEqual([400, 21481])
      }
    }
  })

  it('addresses are walked by token too, whatever else goes meanwhile', async () => {
    const form = { CustomerName: 'A', Street: '1', City: 'C', Region: 'NY', PostalCode: '10001', IsoCountry: 'US' }
    const sids: string[] = []
    for (const FriendlyName of ['a', 'b', 'c', 'd', 'e']) {
      sids.push((await ask('POST', '/Addresses.json', { ...form, FriendlyName })).body.sid)
    }
    const one = await ask('GET', '/Addresses.json?PageSize=2')
    expect((await ask('DELETE', `/Addresses/${sids[0]}.json`)).status).toBe(204)
    const two = await ask('GET', one.body.next_page_uri)
    expect((two.body.addresses as Entry[]).map(({ sid }) => sid)).toEqual(sids.slice(2, 4))
    const back = await ask('GET', two.body.previous_page_uri)
    expect((back.body.addresses as Entry[]).map(({ sid }) => sid)).toEqual(sids.slice(1, 2))
    expect((await ask('GET', '/Addresses.json?Page=1&PageToken=junk')).body.code).toBe(21481)
  })
})
