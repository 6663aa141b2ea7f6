/**
 * What a number leads to is taken away in one dialect: in every dialect the number stays with its account and leads there no
 * more; or, where the provider keeps what is in use, nothing goes. One rule, whatever it is and whoever takes it away.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, RICH } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { sightOf } from '../support/every-dialect.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [E164 = ''] = CONTRACT_NUMBERS
const DOMAIN = `account${RICH}.example.com`
const HERE = { OrganizationId: String(RICH + 100), Domain: DOMAIN }
const VOBIZ = `/api/v1/Account/MA_TEST${String(RICH).padStart(4, '0')}`
const names = dialectModules.map(({ name }) => name)
const listing = dialectModules.filter(({ driver }) => !driver.cannot?.owned).map(({ name }) => name)

type Values = Record<string, string>

function clientsOf(w: TestWorld) {
  const credentials = credentialsOf(RICH)
  const basic = (name: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  })
  const { onsip, wavix, vobiz, twilio, bandwidth } = credentials as Record<string, Values>
  const headers: Record<string, Values> = {
    onsip: basic(onsip?.username ?? '', onsip?.password ?? ''),
    wavix: { authorization: `Bearer ${wavix?.key}` },
    vobiz: { 'x-auth-id': vobiz?.authId ?? '', 'x-auth-token': vobiz?.authToken ?? '' },
    twilio: basic(twilio?.accountSid ?? '', twilio?.token ?? ''),
    bandwidth: basic(bandwidth?.userName ?? '', bandwidth?.password ?? ''),
  }
  const ask = async (dialect: string, method: string, path: string, body?: unknown) => {
    const isText = typeof body === 'string'
    const type: Values = body === undefined || isText ? {} : { 'content-type': 'application/json' }
    const form: Values = isText ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
    const sent = body === undefined ? null : isText ? body : JSON.stringify(body)
    const init = { method, headers: { ...headers[dialect], ...type, ...form }, body: sent }
    const response = await w.send(new Request(`${w.base(dialect)}${path}`, init))
    return { status: response.status, text: await response.text() }
  }
  const act = async (Action: string, values: Values) => {
    const query = new URLSearchParams({ Action, ...values, Output: 'json' })
    const { text } = await ask('onsip', 'GET', `/api?${query}`)
    const { Context, Result } = JSON.parse(text).Response
    if (Context.Action.IsCompleted !== 'true') throw new Error(`${Action}: ${text}`)
    return Result[Action]
  }
  return { ask, act }
}

/** Statements are what may differ between engines, and these run all of them. */
const ENOUGH = ['a user, with its address', 'a group', 'an alias', 'a trunk of vobiz', 'an application of vobiz']

interface Led {
  /** Stands in the answers of dialects that show where the number leads. */
  text: string
  /** Those that do. */
  shownBy: string[]
  /** Takes it away; the status, or 200. */
  remove(): Promise<number>
}

describe.each(engines())('what a number leads to, taken away, on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let lease: number
  let c: ReturnType<typeof clientsOf>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    // shared by all that goes: each leaves the number as it found it
    await fresh('vobiz')
  })
  afterAll(() => worlds.drop())
  const chosen = (all: object) => Object.keys(all).filter(what => engine === 'sqlite' || ENOUGH.includes(what))

  async function fresh(dialect: string) {
    w = await worlds.open(contractWorld)
    c = clientsOf(w)
    await buyBy(dialect)
  }

  async function buyBy(dialect: string) {
    const driver = dialectModules.find(({ name }) => name === dialect)?.driver
    const client = driver?.create({
      send: w.send,
      base: w.base(dialect),
      credentials: credentialsOf(RICH)[dialect] ?? {},
    })
    expect(await client?.buy(E164)).toBe('bought')
    lease = (await w.core.numbers.leaseOf(E164))?.lease.id as number
  }

  const lead = (username: string, UserId = String(RICH + 200)) =>
    c.act('DidEdit', {
      ...{ DidId: String(lease), UserId, CallerIdNumberRequired: 'false' },
      Destination: `${username}@${DOMAIN}`,
    })
  /** Shown where destinations are: a SIP address is one for two dialects. */
  const address = (username: string, action: string, values: Values): Led => ({
    text: `${username}@${DOMAIN}`,
    shownBy: ['onsip', 'wavix'],
    async remove() {
      await c.act(action, values)
      return 200
    },
  })
  const phone = '12125550177'

  const things: Record<string, () => Promise<Led>> = {
    async 'a user, with its address'() {
      const own = { Name: 'Cy', Email: 'cy@mail.example', Password: 'cy-password1', PasswordConfirm: 'cy-password1' }
      const made = await c.act('UserAdd', { ...HERE, ...own, Username: 'leaver', AuthUsername: 'leaver_cy' })
      await lead('leaver', made.User.UserId)
      return address('leaver', 'UserDelete', { UserId: made.User.UserId })
    },
    async "a user's address"() {
      await c.act('UserAddressAdd', { ...HERE, Username: 'ann.leaver', UserId: String(RICH + 200), Timeout: '20' })
      await lead('ann.leaver')
      return address('ann.leaver', 'UserAddressDelete', { Address: `ann.leaver@${DOMAIN}` })
    },
    async 'a group'() {
      const members = { Ordering: 'parallel', Timeout: '20', [`MemberAddresses[ann@${DOMAIN}]`]: '1', Name: 'Sales' }
      await c.act('GroupAddressAdd', { ...HERE, Username: 'leavers', ...members })
      await lead('leavers')
      return address('leavers', 'GroupAddressDelete', { Address: `leavers@${DOMAIN}` })
    },
    async "a telephone number's address"() {
      await c.act('TelephoneNumberAddressAdd', { ...HERE, Username: phone, Name: 'Mobile' })
      await lead(phone)
      return address(phone, 'TelephoneNumberAddressDelete', { Address: `${phone}@${DOMAIN}` })
    },
    async 'an address outside'() {
      await c.act('ExternalAddressAdd', {
        ...HERE,
        Username: 'outside',
        ForeignAddress: 'desk@pbx.example.net',
        Name: '',
      })
      await lead('outside')
      return address('outside', 'ExternalAddressDelete', { Address: `outside@${DOMAIN}` })
    },
    async 'a mailbox'() {
      const made = await c.act('VoicemailboxAdd', { ...HERE, Username: 'mailbox', Mailbox: '7', Fullname: 'Cy' })
      await lead('mailbox')
      return address('mailbox', 'VoicemailboxDelete', { VoicemailboxId: made.Voicemailbox.VoicemailboxId })
    },
    async 'an alias'() {
      const { OrganizationId } = HERE
      await c.act('UserAliasAdd', { OrganizationId, AliasUsername: '7001', AddressUsername: 'ann' })
      await lead('7001')
      return address('7001', 'UserAliasDelete', { OrganizationId, AliasUsername: '7001' })
    },
    async 'a trunk of wavix'() {
      const made = JSON.parse((await c.ask('wavix', 'POST', '/v1/trunks', { label: 'Leaving trunk' })).text)
      return onTrunk(made.id, async () => (await c.ask('wavix', 'DELETE', `/v1/trunks/${made.id}`)).status)
    },
    async 'a trunk of vobiz'() {
      const made = JSON.parse((await c.ask('vobiz', 'POST', `${VOBIZ}/trunks`, { name: 'Leaving trunk' })).text)
      const { id = 0 } = (await w.core.trunks.byGuid(made.trunk_id)) ?? {}
      return onTrunk(id, async () => (await c.ask('vobiz', 'DELETE', `${VOBIZ}/trunks/${made.trunk_id}`)).status)
    },
  }

  /** Both dialects that have trunks lead there. */
  async function onTrunk(id: number, remove: () => Promise<number>): Promise<Led> {
    const { guid = '', name = '' } = (await w.core.trunks.get(id)) ?? {}
    const path = `${VOBIZ}/numbers/${encodeURIComponent(E164)}/assign`
    expect((await c.ask('vobiz', 'POST', path, { trunk_group_id: guid })).status).toBe(204)
    const destinations = [{ transport: 5, destination: name, trunk_id: id, priority: 1 }]
    expect((await c.ask('wavix', 'PUT', `/v1/mydids/${lease}`, { destinations })).status).toBe(200)
    return { text: name, shownBy: ['wavix', 'vobiz'], remove }
  }

  const everywhere = () => Object.fromEntries(listing.map(name => [name, [E164]]))

  it.each(chosen(things))('%s goes, and no dialect shows it as a destination', async what => {
    const { text, shownBy, remove } = await (things[what] as () => Promise<Led>)()
    const before = await sightOf(w, RICH, E164)
    expect([before.owned, before.showing(text).sort()]).toEqual([everywhere(), shownBy.sort()])
    expect(await remove()).toBeLessThan(300)
    const after = await sightOf(w, RICH, E164)
    expect([after.owned, after.showing(text)]).toEqual([everywhere(), []])
    const { lease: left, routes, number } = (await w.core.numbers.lease(lease)) ?? {}
    expect([left?.trunkId, left?.handlerId, routes, number?.state]).toEqual([null, null, [], 'active'])
    expect((await w.core.invariants()).ok).toBe(true)
  })

  const kept: Record<string, () => Promise<Led>> = {
    async 'an application of vobiz'() {
      await fresh('wavix')
      const sent = { app_name: 'Reception', answer_url: 'https://app.example/answer', answer_method: 'POST' }
      const { app_id } = JSON.parse((await c.ask('vobiz', 'POST', `${VOBIZ}/Application/`, sent)).text)
      const path = `${VOBIZ}/numbers/${encodeURIComponent(E164)}/application`
      expect((await c.ask('vobiz', 'POST', path, { application_id: app_id })).status).toBe(204)
      const remove = async () => (await c.ask('vobiz', 'DELETE', `${VOBIZ}/Application/${app_id}/`)).status
      return { text: `"application_id":"${app_id}"`, shownBy: ['vobiz'], remove }
    },
    async 'a SIP peer of bandwidth'() {
      await fresh('bandwidth')
      const path = await sitePath()
      const { text } = await c.ask('bandwidth', 'GET', `${path}/sippeers`)
      const peer = /<PeerId>(\d+)</.exec(text)?.[1]
      return {
        text: '',
        shownBy: names,
        remove: async () => (await c.ask('bandwidth', 'DELETE', `${path}/sippeers/${peer}`)).status,
      }
    },
    async 'a site of bandwidth'() {
      await fresh('bandwidth')
      const path = await sitePath()
      return {
        text: E164.slice(2),
        shownBy: names,
        remove: async () => (await c.ask('bandwidth', 'DELETE', path)).status,
      }
    },
  }

  async function sitePath(): Promise<string> {
    const account = `/api/accounts/${credentialsOf(RICH).bandwidth?.accountId}`
    const { text } = await c.ask('bandwidth', 'GET', `${account}/sites`)
    return `${account}/sites/${/<Id>(\d+)</.exec(text)?.[1]}`
  }

  it.each(chosen(kept))('%s is kept while a number leads there, and nothing changes', async what => {
    const { text, shownBy, remove } = await (kept[what] as () => Promise<Led>)()
    const before = await sightOf(w, RICH, E164)
    expect(before.showing(text)).toEqual(shownBy)
    expect([400, 409]).toContain(await remove())
    const after = await sightOf(w, RICH, E164)
    expect([after.owned, after.showing(text)]).toEqual([everywhere(), shownBy])
    const owned = await w.core.numbers.lease(lease)
    // once the number is given back, nobody is in the way
    await w.core.numbers.release(await w.core.accounts.callerFor((await w.core.accounts.get(RICH)) as never), [lease], {
      kind: 'now',
    })
    expect(owned?.lease.accountId).toBe(RICH)
    if (what !== 'a site of bandwidth') expect(await remove()).toBeLessThan(300)
  })

  it('an address is a paper and no destination: it goes, and the number stays as it was', async () => {
    await fresh('twilio')
    const account = `/2010-04-01/Accounts/${credentialsOf(RICH).twilio?.accountSid}`
    const form = 'CustomerName=Ann&Street=1+High+St&City=London&Region=LND&PostalCode=W1&IsoCountry=GB'
    const { sid } = JSON.parse((await c.ask('twilio', 'POST', `${account}/Addresses.json`, form)).text)
    const number = `${account}/IncomingPhoneNumbers/PN${(await w.core.numbers.lease(lease))?.lease.guid.replaceAll('-', '')}.json`
    await c.ask('twilio', 'POST', number, `AddressSid=${sid}`)
    const before = await w.core.numbers.lease(lease)
    expect((await c.ask('twilio', 'DELETE', `${account}/Addresses/${sid}.json`)).status).toBe(204)
    expect((await sightOf(w, RICH, E164)).owned).toEqual(everywhere())
    expect(await w.core.numbers.lease(lease)).toEqual(before)
  })
})
