/** Who asks with what, in every dialect, and who is let in: an account, or why nobody is. */
import type { World } from '../../src/worlds/world-file.ts'
import { account, contractWorld, credentialsOf, POOR, RICH } from '../contract/world.ts'

export const CHILD = 14
export const NO_NUMBERS = 15
export const SID = credentialsOf(RICH).twilio?.accountSid as string
export const sidOf = (id: number) => SID.slice(0, -2) + id
const guidOf = (id: number) => credentialsOf(id).sinch?.projectId as string

const rich = account(RICH, '1000.00')
export const world: World = {
  ...contractWorld,
  accounts: [
    {
      ...rich,
      credentials: [
        ...(rich.credentials ?? []),
        { realm: 'twilio', kind: 'key_pair', public_id: 'SK12', secret: 'api-key' },
        { realm: 'twilio-test', kind: 'key_pair', public_id: SID, secret: 'for-tests' },
        { realm: 'vobiz', kind: 'key_pair', public_id: 'MA_BOSS', secret: 'boss', role: 'operator' },
        { realm: 'vobiz-access', kind: 'key', secret: 'access' },
        { realm: 'vobiz-refresh', kind: 'key', secret: 'refresh' },
      ],
    },
    account(POOR, '5.00'),
    { ...account(CHILD, '0.00'), parent: RICH, balances: {} },
    { ...account(NO_NUMBERS, '5.00'), features_off: ['numbers'] },
  ],
}

const MISSING = 'no credentials were sent, and this operation needs them'
const WRONG = 'the credentials that were sent open nothing here'
export const EXPIRED = 'the token or session that was sent has run out'
const LOGIN = '"user_12": user 212 of account 12 has another password, or may not act'
const NO_LOGIN = 'no user has this name and this password'
const OTHER = 'what was asked for belongs to another account'
export const FEATURE = 'this feature is off for the account, or for these credentials'
const noAccount = (id: string) => `there is no account ${id} that this caller may see`

export const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

type Row = [what: string, request: string, sent: Record<string, string>, who: number | string | undefined]
export const authorization = (value: string) => ({ authorization: value })

const ONSIP = 'GET /onsip/api?Action=AccountRead&AccountId=12'
export const ANN = basic('user_12', 'password-12')
const NUMBERS = (id: string) => `GET /sinch-v1/v1/Account/${id}/ActiveNumbers`
const REGIONS = (guid: string) => `GET /sinch/v1/projects/${guid}/availableRegions`
export const SINCH = basic('sinch-key-12', 'sinch-12')
const CM = (guid: string) => `GET /cm/voice-phonenumbersapi/v1/${guid}/phoneNumbers`
const TWILIO = (id: number) => `GET /twilio/2010-04-01/Accounts/${sidOf(id)}/IncomingPhoneNumbers.json`
export const TWELVE = basic(SID, 'twilio-12')
const TRIAL = (method: string, of: string) =>
  `${method} /twilio/2010-04-01/Accounts/${SID}/IncomingPhoneNumbers${of}.json?PhoneNumber=%2B15005550006`
const TRYING = authorization(basic(SID, 'for-tests'))
const BANDWIDTH = (id: number | string) => `GET /bandwidth/api/accounts/${id}`
export const USER = basic('bandwidth-key-12', 'bandwidth-12')
const VOBIZ = 'GET /vobiz/api/v1/auth/me'
export const MAIN = { 'x-auth-id': 'MA_TEST0012', 'x-auth-token': 'vobiz-12' }
const WAVIX = 'GET /wavix/v1/mydids'

export const rows: Record<string, Row[]> = {
  onsip: [
    ['nothing', ONSIP, {}, MISSING],
    ['Basic', ONSIP, authorization(ANN), RICH],
    ['Basic in any case', ONSIP, authorization(ANN.replace('Basic', 'bASIC')), RICH],
    ['a wrong password', ONSIP, authorization(basic('user_12', 'no')), LOGIN],
    ['Basic without credentials', ONSIP, authorization('Basic'), NO_LOGIN],
    ['another scheme', ONSIP, authorization('Digest basic x'), MISSING],
    ['a scheme that only begins like Basic', ONSIP, authorization('Basics x'), MISSING],
    ['an unknown session', `${ONSIP}&SessionId=none`, {}, WRONG],
    ['an unknown session beside a right password', `${ONSIP}&SessionId=none`, authorization(ANN), WRONG],
    ['an empty session beside a right password', `${ONSIP}&SessionId=`, authorization(ANN), RICH],
    ['a list of sessions', `${ONSIP}&SessionId[]=x`, {}, WRONG],
  ],
  wavix: [
    ['nothing', WAVIX, {}, MISSING],
    ['a key', WAVIX, authorization('Bearer wavix-12'), RICH],
    ['a key in the query', `${WAVIX}?page=1&appid=wavix-12`, {}, RICH],
    ['an unknown key in the query', `${WAVIX}?appid=none`, {}, WRONG],
    ['an empty key', `${WAVIX}?appid=`, {}, WRONG],
    ['an unknown key in the header, beside a right one', `${WAVIX}?appid=wavix-12`, authorization('Bearer no'), WRONG],
    ['another scheme', WAVIX, authorization('Basic wavix-12'), WRONG],
    ['a key without the feature', 'GET /wavix/v1/profile', authorization('Bearer wavix-15'), NO_NUMBERS],
    ['the same for numbers', 'GET /wavix/v1/buy/cart', authorization('Bearer wavix-15'), FEATURE],
  ],
  vobiz: [
    ['nothing', VOBIZ, {}, MISSING],
    ['the pair', VOBIZ, MAIN, RICH],
    ['a wrong pair', VOBIZ, { ...MAIN, 'x-auth-token': 'no' }, WRONG],
    ['the pair beside a bearer without meaning', VOBIZ, { ...MAIN, authorization: 'Bearer x' }, RICH],
    ['half a pair', VOBIZ, { 'x-auth-id': 'MA_TEST0012' }, MISSING],
    ['half a pair beside Basic', VOBIZ, { 'x-auth-id': 'x', authorization: basic('MA_TEST0012', 'vobiz-12') }, RICH],
    ['the other half', VOBIZ, { 'x-auth-token': 'x', authorization: basic('MA_TEST0012', 'vobiz-12') }, RICH],
    ['wrong Basic', VOBIZ, authorization(basic('MA_TEST0012', 'no')), WRONG],
    ['the pair of an admin', VOBIZ, { 'x-auth-id': 'MA_BOSS', 'x-auth-token': 'boss' }, RICH],
    ['a token for access', VOBIZ, authorization('Bearer access'), RICH],
    ['a token for other tokens', VOBIZ, authorization('Bearer refresh'), WRONG],
    ['an unknown token', VOBIZ, authorization('Bearer none'), WRONG],
  ],
  'sinch-v1': [
    ['nothing', NUMBERS(SID), {}, MISSING],
    ['the pair', NUMBERS(SID), authorization(basic(SID, 'sinch-v1-12')), RICH],
    ['a wrong pair', NUMBERS(SID), authorization(basic(SID, 'no')), WRONG],
    ['the token alone', NUMBERS(SID), authorization('Bearer sinch-v1-12'), RICH],
    ['the token of another account', NUMBERS(sidOf(POOR)), authorization('Bearer sinch-v1-12'), WRONG],
    [
      'the token on a path without account',
      'GET /sinch-v1/api/AvailableNumbers',
      authorization('Bearer sinch-v1-12'),
      WRONG,
    ],
    ['the pair there', 'GET /sinch-v1/api/AvailableNumbers', authorization(basic(SID, 'sinch-v1-12')), RICH],
    ['nothing there', 'GET /sinch-v1/api/AvailableNumbers', {}, undefined],
    [
      'the pair of another account',
      NUMBERS(sidOf(POOR)),
      authorization(basic(SID, 'sinch-v1-12')),
      noAccount(sidOf(POOR)),
    ],
    ['nothing, for an unknown account', NUMBERS(sidOf(99)), {}, noAccount(sidOf(99))],
    ['nothing, for what is no account', NUMBERS('nonsense'), {}, noAccount('nonsense')],
    ['a token, for what is no account', NUMBERS('nonsense'), authorization('Bearer sinch-v1-12'), WRONG],
    ['another scheme', NUMBERS(SID), authorization('Digest sinch-v1-12'), WRONG],
  ],
  sinch: [
    ['nothing', REGIONS(guidOf(RICH)), {}, MISSING],
    ['the pair', REGIONS(guidOf(RICH)), authorization(SINCH), RICH],
    ['a wrong pair', REGIONS(guidOf(RICH)), authorization(basic('sinch-key-12', 'no')), WRONG],
    ['an unknown token', REGIONS(guidOf(RICH)), authorization('Bearer none'), WRONG],
    ['another scheme', REGIONS(guidOf(RICH)), authorization('Digest x'), WRONG],
    ['the pair, for the project of another', REGIONS(guidOf(POOR)), authorization(SINCH), OTHER],
  ],
  cm: [
    ['nothing', CM(guidOf(RICH)), {}, MISSING],
    ['an empty token', CM(guidOf(RICH)), { 'x-cm-producttoken': '' }, MISSING],
    ['a token', CM(guidOf(RICH)), { 'x-cm-producttoken': 'cm-12' }, RICH],
    ['an unknown token', CM(guidOf(RICH)), { 'x-cm-producttoken': 'none' }, WRONG],
    ['a token, for another account', CM(guidOf(POOR)), { 'x-cm-producttoken': 'cm-12' }, WRONG],
    ['a token, for what is no account', CM('nonsense'), { 'x-cm-producttoken': 'cm-12' }, noAccount('nonsense')],
  ],
  twilio: [
    ['nothing', TWILIO(RICH), {}, MISSING],
    ['the pair', TWILIO(RICH), authorization(TWELVE), RICH],
    ['an API key', TWILIO(RICH), authorization(basic('SK12', 'api-key')), RICH],
    ['a wrong pair', TWILIO(RICH), authorization(basic(SID, 'no')), WRONG],
    ['another scheme', TWILIO(RICH), authorization('Bearer twilio-12'), WRONG],
    ['the pair, for an account below', TWILIO(CHILD), authorization(TWELVE), RICH],
    ['the pair, for another account', TWILIO(POOR), authorization(TWELVE), noAccount(sidOf(POOR))],
    ['the pair, for an unknown account', TWILIO(99), authorization(TWELVE), noAccount(sidOf(99))],
    [
      'the pair of the account below, for that above',
      TWILIO(RICH),
      authorization(basic(sidOf(CHILD), 'twilio-14')),
      noAccount(SID),
    ],
    ['a test token, for a purchase', TRIAL('POST', ''), TRYING, RICH],
    ['a test token, for a purchase by type', TRIAL('POST', '/Local'), TRYING, RICH],
    ['a test token, for a change', TRIAL('POST', '/PN00'), TRYING, FEATURE],
    ['a test token, for a list', TRIAL('GET', ''), TRYING, FEATURE],
  ],
  bandwidth: [
    ['nothing', BANDWIDTH(9_900_012), {}, MISSING],
    ['Basic', BANDWIDTH(9_900_012), authorization(USER), RICH],
    ['a wrong password', BANDWIDTH(9_900_012), authorization(basic('bandwidth-key-12', 'no')), WRONG],
    ['an unknown token', BANDWIDTH(9_900_012), authorization('Bearer none'), WRONG],
    ['another scheme', BANDWIDTH(9_900_012), authorization('Digest x'), WRONG],
    ['Basic, for an account below', BANDWIDTH(9_900_014), authorization(USER), CHILD],
    [
      'Basic, for another account',
      BANDWIDTH(9_900_013),
      authorization(USER),
      'account 13 is not of account 12, nor below it',
    ],
    ['Basic, for an unknown account', BANDWIDTH(9_900_099), authorization(USER), 'account 99 does not exist'],
    ['Basic, for what is no account', BANDWIDTH('nonsense'), authorization(USER), OTHER],
    ['nothing, for a token', 'POST /bandwidth/api/oauth2/token', {}, MISSING],
    ['a token, for a token', 'POST /bandwidth/api/oauth2/token', authorization('Bearer x'), MISSING],
    ['a wrong password, for a token', 'POST /bandwidth/api/oauth2/token', authorization(basic('x', 'y')), WRONG],
  ],
}
