/** Our grammar of the onsip answers accepts what we mean to send, and rejects each slip we could make. */
import { describe, expect, it } from 'vitest'
import { assertXml, NAMESPACE, ourGrammar, providerGrammar } from './grammar.ts'

const NOW = '2026-01-02T03:04:05+00:00'
const SESSION_ID = 'k3j9x2m8q7w1z5v4b6n0c2d8fa'

/** One element; a child of an empty text gives an empty element. */
const el = (name: string, ...children: string[]) => `<${name}>${children.join('')}</${name}>`
const fields = (values: Record<string, string | number | boolean>) =>
  Object.entries(values)
    .map(([name, value]) => el(name, String(value)))
    .join('')

const parameter = (name: string, value: string) => el('Parameter', fields({ Name: name, Value: value }))
const roles = el('Roles', el('Role', el('Name', 'Account Admin')))
const anonymous = el('Session', fields({ IsEstablished: false }))
const basic = el('Session', fields({ IsEstablished: true, UserId: 501 }), roles)
const signedIn = el('Session', fields({ IsEstablished: true, SessionId: SESSION_ID, UserId: 501 }), roles)

interface Parts {
  completed?: boolean
  valid?: boolean
  echo?: string
  actionErrors?: string
  requestErrors?: string
  session?: string
  result?: string
}

function answer(action: string, parts: Parts): string {
  const { completed = true, valid = true, echo = '', actionErrors = '', requestErrors = '' } = parts
  const parameters = el('Parameters', parameter('Action', action), echo)
  const timing = fields({ DateTime: NOW, Duration: 3 })
  const context = el(
    'Context',
    el('Action', fields({ IsCompleted: completed }), actionErrors),
    el('Request', fields({ IsValid: valid }), timing, parameters, requestErrors),
    parts.session ?? signedIn,
  )
  return root('Response', context + (parts.result === undefined ? '' : el('Result', parts.result)))
}

const root = (name: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${NAMESPACE}">${content}</${name}>`
const done = (action: string, content = '', parts: Parts = {}) =>
  answer(action, { ...parts, result: el(action, content) })
const actionError = (Code: string) => el('Errors', el('Error', fields({ Code, Message: 'That is not possible.' })))
const requestError = (Parameter: string, Code: string) =>
  el('Errors', el('Error', fields({ Parameter, Code, Message: 'Please correct this.' })))
const invalid = (action: string, at: string, code: string, session = anonymous) =>
  answer(action, { completed: false, valid: false, session, requestErrors: requestError(at, code) })

const times = fields({ Modified: NOW, Created: NOW })
const owner = fields({ UserId: 501, OrganizationId: 31, AccountId: 12 })
const contact = el(
  'Contact',
  fields({ Name: 'Ann', Organization: 'Example &amp; Co', Address: '', City: '', State: 'NY' }),
  fields({ Zipcode: '10001', Country: 'US', Phone: '', Email: 'ann@example.onsip.com', CountryId: 207, Modified: NOW }),
)
const user = el(
  'User',
  owner,
  fields({ Status: 'enabled', Username: 'ann', Password: '**********', AuthUsername: 'example_ann' }),
  times,
  fields({ ExtendedDialing: false, PSTNForwarding: false }),
  contact,
  roles,
  fields({ Domain: 'example.onsip.com' }),
)
const did = (id: number, destination = '') =>
  el(
    'Did',
    fields({ DidId: id }),
    owner,
    fields({ UserStatus: 'enabled', Number: `1212789${1000 + id}`, Protocol: 'sip', Timeout: 60 }),
    fields({ FailoverEnabled: false, FailoverProtocol: '', FailoverLocation: '', CallerIdNumberRequired: false }),
    fields({ Created: NOW, Note: '', Destination: destination }),
  )
const address = (type: string, username: string) =>
  el('Address', fields({ AddressId: 7, Username: username, Domain: 'example.onsip.com', Type: type }), times)
const organization = el(
  'Organization',
  fields({ AccountId: 12, OrganizationId: 31, Domain: 'example.onsip.com' }),
  times,
  contact,
  fields({ Service: 'hosted', CallerId: '', Status: 'enabled', Authenticated: true, RegistrationLimit: 10 }),
)
const account = el(
  'Account',
  fields({ AccountId: 12, Balance: '-0.50', CreditLimit: '25.00', Recharge: false }),
  fields({ RechargeLevel: '', RechargeThreshold: '' }),
  times,
  contact,
  fields({ Receivable: '0.00', Promocode: '' }),
)
const charges = fields({ OneTimeCharge: '1.00', MonthlyRecurringCharge: '0.0125', Description: '' })
const resource = el(
  'AccountResource',
  fields({ AccountId: 12, Limit: 100, Used: 3 }),
  el('Resource', fields({ ResourceId: 1, Name: 'Did' }), charges),
)
const telephone = el('TelephoneNumberAddress', fields({ UserId: 501 }), address('telephone', '12025550143'))
const userAddress = el(
  'UserAddress',
  fields({ UserId: 501, AuthUsername: 'example_ann', AuthPassword: '**********', Timeout: 20 }),
  address('user', 'ann'),
)
const group = el(
  'GroupAddress',
  fields({ Ordering: 'parallel', Timeout: 30 }),
  el('DefaultAddress', fields({ Username: 'vm', Domain: 'example.onsip.com', Type: 'voicemail' })),
  address('group', 'sales'),
  el('MemberAddresses', el('MemberAddress', fields({ Username: 'ann', Domain: 'example.onsip.com', Priority: 1 }))),
)
const outside = el('ExternalAddress', fields({ ForeignAddress: 'desk@pbx.example' }), address('external', 'desk'))
const alias = el(
  'UserAlias',
  fields({ AliasUsername: 7001, AliasDomain: 'example.onsip.com', AddressUsername: 'ann' }),
  fields({
    AddressDomain: 'example.onsip.com',
    AddressType: 'user',
    AddressName: '',
    AddressId: 7,
    Visibility: 'PUBLIC',
  }),
)
const mailbox = el(
  'Voicemailbox',
  fields({
    VoicemailboxId: 9,
    OrganizationId: 31,
    AccountId: 12,
    Status: 'enabled',
    Mailbox: 7011,
    Password: '******',
  }),
  fields({ Fullname: 'Ann', Timezone: 'us_eastern', SayCallerId: false, SayDuration: false, SayDatetime: false }),
  fields({ NotifyEmail: 'no', NotifyPager: 'no', Email: '', Pager: '', Mwi: '', Created: NOW, Modified: NOW }),
  fields({ Username: 'vm', Domain: 'example.onsip.com' }),
)
const cdr = el(
  'Cdr',
  fields({ CdrId: 5, UserId: '', DateTime: NOW, CallerId: '12025550143', Source: '', Destination: '12127891001' }),
  fields({ E164: '12127891001', Disposition: 'NO ANSWER', Length: 0, Price: '0.0125', Cost: '0.00' }),
  fields({ AnswerDateTime: '', EndDateTime: NOW, Routing: 'inbound' }),
)
const exchange = (num: string, status: string) =>
  el('Nxx', fields({ Num: num, Status: status, Ratecenter: 'NWYRCYZN01' }))
const area = el(
  'Npa',
  fields({ NpaId: 212, Num: 212 }),
  el('PostalCode', fields({ Code: 'NY', Name: 'New York' })),
  el('Nxxs', exchange('789', 'available'), exchange('790', 'unavailable')),
)
const block = el('Element', fields({ Key: '212789', Value: 2 }))
const blocks = el('Parameter', fields({ Name: 'NpaNxx' }), el('Array', el('Elements', block)))
const order = (filled: string, dids: string) => `${fields({ Requested: 2, Filled: filled })}${el('Dids', dids)}${user}`
const found = (list: string, total: number, ...items: string[]) =>
  `<${list} Limit="20" Offset="0" Found="${total}">${items.join('')}</${list}>`

const valid = {
  Echo: done('Echo', '', { session: anonymous, echo: parameter('Foo', '') }),
  NoOp: done('NoOp'),
  SessionCreate: done('SessionCreate', '', { echo: parameter('Username', 'ann') + parameter('Password', '******') }),
  SessionDestroy: done('SessionDestroy', '', { session: anonymous, echo: parameter('SessionId', SESSION_ID) }),
  NpaNxxBrowse: done('NpaNxxBrowse', el('Npas', area), { session: anonymous }),
  DidRequest: done('DidRequest', order('2', did(1) + did(2)), { echo: blocks }),
  'DidRequest, nothing filled': done('DidRequest', order('0', '')),
  UserRequestDid: done('UserRequestDid', order('1', did(1))),
  DidRead: done('DidRead', did(1)),
  DidEdit: done('DidEdit', did(1, 'bob@example.onsip.com'), { session: basic }),
  DidEditNote: done('DidEditNote', did(1)),
  DidDelete: done('DidDelete'),
  DidBrowse: done('DidBrowse', found('Dids', 1, did(1))),
  'DidBrowse, nothing found': done('DidBrowse', found('Dids', 0)),
  'DidBrowse, not counted': done('DidBrowse', '<Dids Limit="1" Offset="0"/>', { echo: parameter('CalcFound', '0') }),
  UserRead: done('UserRead', user, { session: basic }),
  UserBrowse: done('UserBrowse', found('Users', 1, user)),
  UserAddressRead: done('UserAddressRead', userAddress),
  UserAddressBrowse: done('UserAddressBrowse', found('UserAddresses', 1, userAddress)),
  OrganizationRead: done('OrganizationRead', organization),
  OrganizationBrowse: done('OrganizationBrowse', found('Organizations', 1, organization)),
  AccountRead: done('AccountRead', account),
  AccountBrowse: done('AccountBrowse', found('Accounts', 1, account)),
  AccountResourceRead: done('AccountResourceRead', resource),
  AccountResourceBrowse: done('AccountResourceBrowse', found('AccountResources', 1, resource)),
  TelephoneNumberAddressAdd: done('TelephoneNumberAddressAdd', telephone),
  TelephoneNumberAddressRead: done('TelephoneNumberAddressRead', telephone),
  TelephoneNumberAddressEdit: done('TelephoneNumberAddressEdit', telephone),
  TelephoneNumberAddressDelete: done('TelephoneNumberAddressDelete'),
  TelephoneNumberAddressBrowse: done('TelephoneNumberAddressBrowse', found('TelephoneNumberAddresses', 1, telephone)),
  UserAdd: done('UserAdd', user),
  UserDelete: done('UserDelete'),
  UserResetPortalPassword: done('UserResetPortalPassword', fields({ UserId: 502, NewPassword: 'drawn' })),
  GroupAddressAdd: done('GroupAddressAdd', group),
  GroupAddressBrowse: done('GroupAddressBrowse', found('GroupAddresses', 1, group)),
  ExternalAddressRead: done('ExternalAddressRead', outside),
  UserAliasBrowse: done('UserAliasBrowse', found('UserAliases', 1, alias)),
  VoicemailboxRead: done('VoicemailboxRead', mailbox),
  CdrBrowse: done('CdrBrowse', found('Cdrs', 1, cdr)),
  'no session': invalid('DidRequest', 'SessionId', 'Session.Authentication'),
  'bad input': invalid('DidRequest', 'NpaNxx', 'Integer.TooSmall', signedIn),
  'bad login': invalid('SessionCreate', 'Password', 'Accessor.LoginFailed'),
  'no parameter at all': invalid('', 'Action', 'Value.Required').replace(/<Parameters>.*<\/Parameters>/, ''),
  denied: answer('DidEdit', { completed: false, actionErrors: actionError('AccountAuthorization.Required') }),
  'locked out': answer('SessionCreate', {
    completed: false,
    session: anonymous,
    requestErrors: requestError('Action', 'Accessor.LoginLocked'),
  }),
  Exception: root('Exception', '<![CDATA[Internal fault, reference 01ab]]>'),
}

/** What is wrong, in which valid answer, and the change that makes it so. */
const slips: [string, keyof typeof valid, string | RegExp, string][] = [
  ['a Did without Timeout', 'DidEdit', '<Timeout>60</Timeout>', ''],
  ['an empty Timeout', 'DidEdit', '<Timeout>60</Timeout>', '<Timeout/>'],
  ['the fields of a Did in another order', 'DidEdit', /(<DidId>.*?<\/DidId>)(<UserId>.*?<\/UserId>)/, '$2$1'],
  ['an unknown element in a Did', 'DidRead', '<Note>', '<Colour>red</Colour><Note>'],
  ['an attribute in a Did', 'DidRead', '<Did>', '<Did id="1">'],
  ['an unknown protocol', 'DidRead', '<Protocol>sip<', '<Protocol>h323<'],
  ['an unknown user status', 'DidRead', '<UserStatus>enabled<', '<UserStatus>active<'],
  ['a boolean in digits', 'DidRead', '<FailoverEnabled>false<', '<FailoverEnabled>0<'],
  ['a number with a plus sign', 'DidRead', '<Number>', '<Number>+'],
  ['a misspelt status', 'NpaNxxBrowse', '>available<', '>availible<'],
  ['two digits of area code', 'NpaNxxBrowse', '<Num>212<', '<Num>21<'],
  ['nothing requested', 'DidRequest', '<Requested>2<', '<Requested>0<'],
  ['no User in an order', 'DidRequest', user, ''],
  ['a Did although nothing was filled', 'DidRequest', '<Filled>2<', '<Filled>0<'],
  ['no Did although some were filled', 'DidRequest, nothing filled', '<Filled>0<', '<Filled>1<'],
  ['a misspelt action', 'DidDelete', '<Result><DidDelete></DidDelete>', '<Result><DidDelet/>'],
  ['two children in Result', 'NoOp', '<NoOp></NoOp>', '<NoOp/><NoOp/>'],
  ['an empty Result', 'NoOp', '<NoOp></NoOp>', ''],
  ['no Result although completed', 'NoOp', /<Result>.*<\/Result>/, ''],
  ['a Result although denied', 'denied', '</Context>', '</Context><Result><DidEdit/></Result>'],
  ['a Result before the Context', 'NoOp', /(<Context>.*<\/Context>)(<Result>.*<\/Result>)/, '$2$1'],
  ['IsCompleted in digits', 'NoOp', '<IsCompleted>true<', '<IsCompleted>1<'],
  ['errors although completed', 'NoOp', '</IsCompleted>', `</IsCompleted>${actionError('Account.InsufficientFunds')}`],
  ['not completed without a reason', 'denied', actionError('AccountAuthorization.Required'), ''],
  ['a parameter in an Action error', 'denied', '<Code>', '<Parameter>DidId</Parameter><Code>'],
  ['an Action error without a session', 'denied', /<Session>.*<\/Session>/, anonymous],
  ['two errors', 'bad input', /(<Error>.*<\/Error>)/, '$1$1'],
  ['empty Errors', 'bad input', /<Errors>.*<\/Errors>/, '<Errors/>'],
  ['a Request error in a valid request', 'bad input', '<IsValid>false<', '<IsValid>true<'],
  ['a lock-out in an invalid request', 'locked out', '<IsValid>true<', '<IsValid>false<'],
  ['a code with a space', 'bad input', 'Integer.TooSmall', 'Integer Too Small'],
  ['a code of one word', 'bad input', 'Integer.TooSmall', 'TooSmall'],
  ['an error without a message', 'bad input', /<Message>.*<\/Message>/, ''],
  ['a session error with a session', 'no session', anonymous, signedIn],
  ['empty Parameters', 'NoOp', /<Parameters>.*<\/Parameters>/, '<Parameters/>'],
  ['a parameter name with a key', 'DidRequest', '<Name>NpaNxx<', '<Name>NpaNxx[212789]<'],
  ['an array without elements', 'DidRequest', block, ''],
  ['a password in clear', 'SessionCreate', '>******<', '>hunter2<'],
  ['no DateTime', 'NoOp', `<DateTime>${NOW}</DateTime>`, ''],
  ['a DateTime in Z', 'NoOp', NOW, '2026-01-02T03:04:05Z'],
  ['a DateTime with a fraction', 'NoOp', NOW, '2026-01-02T03:04:05.123+00:00'],
  ['a negative Duration', 'NoOp', '<Duration>3<', '<Duration>-3<'],
  ['a SessionId with dashes', 'SessionCreate', SESSION_ID, '0b8f6a1e-5c7d-4e2a-9b3c-d1e2f3a4b5c6'],
  ['log-in without a session', 'SessionCreate', /<Session>.*<\/Session>/, anonymous],
  ['a session after its destruction', 'SessionDestroy', anonymous, signedIn],
  ['numbers without a session', 'DidBrowse', signedIn, anonymous],
  ['an unknown role', 'UserRead', /Account Admin/g, 'Root'],
  ['a list without Found', 'DidBrowse', ' Found="1"', ''],
  ['an empty list without Found', 'DidBrowse, nothing found', ' Found="0"', ''],
  ['a negative Offset', 'DidBrowse', 'Offset="0"', 'Offset="-1"'],
  ['money with one decimal', 'AccountRead', '<CreditLimit>25.00<', '<CreditLimit>25.0<'],
  ['an address of another type', 'UserAddressRead', '<Type>user<', '<Type>telephone<'],
  ['a group without an order', 'GroupAddressAdd', '<Ordering>parallel</Ordering>', ''],
  ['a failover of an unknown kind', 'GroupAddressAdd', '<Type>voicemail<', '<Type>fax<'],
  ['a PIN in clear', 'VoicemailboxRead', '>******<', '>1234<'],
  ['a mailbox of eight digits', 'VoicemailboxRead', '<Mailbox>7011<', '<Mailbox>70117011<'],
  ['a call without a price', 'CdrBrowse', '<Price>0.0125</Price>', ''],
  ['a call that ended somehow', 'CdrBrowse', '>NO ANSWER<', '>GONE<'],
  ['another namespace', 'NoOp', NAMESPACE, 'http://example.com/ns'],
  ['no namespace', 'NoOp', ` xmlns="${NAMESPACE}"`, ''],
  ['an attribute on Exception', 'Exception', '<Exception ', '<Exception code="1" '],
  ['an empty Exception', 'Exception', /<!\[CDATA.*]]>/, ''],
  ['another root', 'Exception', /Exception/g, 'Error'],
  ['a document cut short', 'NoOp', '</Response>', ''],
]

describe('the grammar of the onsip answers', () => {
  it.each(Object.entries(valid))('accepts %s', (_, xml) => {
    expect(ourGrammar().check(xml)).toEqual([])
    expect(ourGrammar().check(new TextEncoder().encode(xml))).toEqual([])
    expect(() => assertXml(xml)).not.toThrow()
  })

  it.each(slips)('rejects %s', (_, name, from, to) => {
    const broken = valid[name].replace(from, to)
    expect(broken).not.toBe(valid[name])
    expect(ourGrammar().check(broken)).not.toEqual([])
    expect(() => assertXml(broken)).toThrow('our grammar rejects')
  })

  it('says in which element and where the fault is', () => {
    const broken = valid.DidRequest.replace('<Timeout>60</Timeout>', '')
    expect(ourGrammar().check(broken).join('\n')).toMatch(/in Did, .*FailoverEnabled/)
  })
})

const provider = providerGrammar()
const absent = "no copy of the provider's grammar in ../shared/reference/onsip-rng"

describe(provider ? "the provider's grammar" : `the provider's grammar (skipped: ${absent})`, () => {
  it.for(Object.entries(valid))('accepts %s', ([, xml], context) => {
    if (!provider) return context.skip(absent)
    expect(provider.check(xml)).toEqual([])
  })
})
