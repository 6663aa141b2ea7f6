/** Who is let in by which dialect with what, as whom, and what the journal says of the others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whyOf } from '../../core/ground/why.ts'
import { POOR, RICH } from '../contract/world.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'
import {
  ANN,
  authorization,
  basic,
  CHILD,
  EXPIRED,
  MAIN,
  rows,
  SID,
  SINCH,
  sidOf,
  TWELVE,
  USER,
  world,
} from './let-in-rows.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
let w: TestWorld
beforeAll(async () => {
  worlds = await openWorlds('sqlite')
  w = await worlds.open(world)
})
afterAll(() => worlds.drop())

/** `who`: the account that was let in, or why nobody was. */
async function ask(request: string, headers: Record<string, string> = {}, body?: string | URLSearchParams) {
  const [method = '', path = ''] = request.split(' ')
  const init = { method, headers, ...(body !== undefined && { body }) }
  const response = await w.send(new Request(w.base('') + path.slice(1), init))
  const { fault, inbound } = w.answered.at(-1) ?? {}
  const caller = inbound?.caller?.account.id
  return { who: fault ? (await whyOf(fault)).sentence : caller, caller, response, text: await response.text() }
}

describe.each(Object.entries(rows))('in %s', (_, cases) => {
  it.each(
    cases,
  )('whoever should be is let in, and the journal says why others are not: with %s', async (_, request, sent, who) =>
    expect((await ask(request, sent)).who).toBe(who))
})

it.each([
  ['GET /onsip/api?Action=Nothing', authorization(ANN)],
  ['GET /wavix/v1/nothing', authorization('Bearer wavix-12')],
  ['GET /vobiz/api/v1/nothing', MAIN],
  ['GET /sinch-v1/nothing', authorization(basic(SID, 'sinch-v1-12'))],
  ['GET /sinch/v1/nothing', authorization(SINCH)],
  ['GET /twilio/2010-04-01/nothing', authorization(TWELVE)],
  ['GET /bandwidth/api/nothing', authorization(USER)],
])('of a request for nothing that is known the journal tells who asked all the same: %s', async (request, sent) => {
  const { who, caller } = await ask(request, sent)
  expect([who, caller]).toEqual([expect.stringContaining('there is no operation'), RICH])
})

describe('a token that was issued lets in until its very second, and then is told to have run out', () => {
  const pathOf = {
    sinch: `/v1/projects/${world.accounts?.[0]?.guid}/availableRegions`,
    bandwidth: '/api/accounts/9900012',
  }
  const expectUntil = async (request: string, token: string, seconds: number) => {
    const [now, sent] = [w.core.clock.now(), authorization(`Bearer ${token}`)]
    w.setClockOnly(now + seconds * 1000 - 1)
    expect((await ask(request, sent)).who).toEqual(expect.any(Number))
    w.setClockOnly(now + seconds * 1000)
    expect((await ask(request, sent)).who).toBe(EXPIRED)
    w.setClockOnly(now)
  }

  it.each([
    ['sinch', SINCH, '/oauth2/token', 3600],
    ['bandwidth', USER, '/api/oauth2/token', 3600],
  ] as const)('in %s', async (dialect, pair, path, seconds) => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    const { text } = await ask(`POST /${dialect}${path}`, authorization(pair), form)
    await expectUntil(`GET /${dialect}${pathOf[dialect]}`, JSON.parse(text).access_token, seconds)
  })

  it('in vobiz', async () => {
    const body = JSON.stringify({ name: 'Below' })
    const path = 'POST /vobiz/api/v1/accounts/MA_TEST0012/sub-accounts'
    const { tokens } = JSON.parse((await ask(path, { ...MAIN, 'content-type': 'application/json' }, body)).text)
    await expectUntil('GET /vobiz/api/v1/auth/me', tokens.access_token, 1800)
  })
})

describe('in onsip', () => {
  const logIn = async (Password: string, headers: Record<string, string> = {}) =>
    ask('POST /onsip/api', headers, new URLSearchParams({ Action: 'SessionCreate', Username: 'user_12', Password }))
  const bad = authorization(basic('user_12', 'no'))

  it('what anybody may call ignores a wrong password sent by Basic, and everything else is refused with 401', async () => {
    expect((await ask('GET /onsip/api?Action=Echo', bad)).who).toBeUndefined()
    expect((await logIn('password-12', bad)).who).toBe(RICH)
    for (const headers of [bad, {}]) expect((await logIn('no', headers)).response.status).toBe(200)
    const { response } = await ask('GET /onsip/api?Action=AccountRead&AccountId=12', bad)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')])
  })

  it('an answer names the session that it was asked with', async () => {
    const session = /<SessionId>\w+<\/SessionId>/.exec((await logIn('password-12')).text)?.[0] as string
    const id = session.replace(/<.*?>/g, '')
    const { who, text } = await ask(`GET /onsip/api?Action=AccountRead&AccountId=12&SessionId=${id}`)
    expect(who).toBe(RICH)
    expect(text).toContain(session)
  })
})

describe('in twilio', () => {
  const at = (id: number, rest = '') => `/twilio/2010-04-01/Accounts/${sidOf(id)}${rest}.json`
  const tokenSeen = async (id: number, pair: string) =>
    JSON.parse((await ask(`GET ${at(id)}`, authorization(pair))).text).auth_token

  it('an account is shown the token that it asked with, and never one that is not its own', async () => {
    expect(await tokenSeen(RICH, TWELVE)).toBe('twilio-12')
    expect(await tokenSeen(CHILD, basic(sidOf(CHILD), 'twilio-14'))).toBe('twilio-14')
    expect(await tokenSeen(RICH, basic('SK12', 'api-key'))).toBe('')
    expect(await tokenSeen(CHILD, TWELVE)).toBe('')
  })

  it('the owner of a stopped account looks at it and sets it going again, and does nothing else in its name', async () => {
    const own = authorization(TWELVE)
    const set = (Status: string) => ask(`POST ${at(CHILD)}?Status=${Status}`, own)
    expect((await set('suspended')).who).toBe(RICH)
    for (const rest of ['', '/IncomingPhoneNumbers']) expect((await ask(`GET ${at(CHILD, rest)}`, own)).who).toBe(RICH)
    const bought = await ask(`POST ${at(CHILD, '/IncomingPhoneNumbers')}?PhoneNumber=%2B12015550123`, own)
    expect(bought.who).toBe('account 14, or one above it, is switched off')
    expect(bought.text).not.toContain('20404')
    expect((await set('active')).who).toBe(RICH)
    expect((await ask(`GET ${at(CHILD)}`, authorization(basic(sidOf(CHILD), 'twilio-14')))).who).toBe(CHILD)
    expect((await ask(`POST ${at(POOR)}?Status=suspended`, own)).text).toContain('20404')
  })
})
