/** Nothing that opens an account stands in a log. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact, redactText, redactUrl } from '../../src/logs/redact.ts'

const SECRET = 'S3cr3t-value.42'

/** What each dialect's clients send, as it may turn up in an URL, a form, a header line or a message. */
const samples: Record<string, string[]> = {
  onsip: [
    `/onsip/api?Action=DidBrowse&SessionId=${SECRET}&Limit=5`,
    `/api?SessionId=${SECRET}`,
    `Action=SessionCreate&Username=example_ann&Password=${SECRET}`,
    `Action=UserEdit&password=${SECRET}&NewPassword=${SECRET}&UserPasswordAgain=${SECRET}`,
    `/api?%53ession%49d=${SECRET}`,
    `/api?%2553essionId=${SECRET}`,
    `User[AuthPassword]=${SECRET}`,
    `<Parameter Name="Password">${SECRET}</Parameter>`,
    `<Session><SessionId>${SECRET}</SessionId></Session>`,
    `{"Session":{"IsEstablished":"true","SessionId":"${SECRET}"}}`,
  ],
  wavix: [
    `/v1/mydids?appid=${SECRET}&per_page=25`,
    `/v1/buy/cart?page=1&APPID=${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
  ],
  vobiz: [
    `X-Auth-Token: ${SECRET}`,
    `{"x-auth-id":"MA_DEMO0001","x-auth-token":"${SECRET}"}`,
    `{"auth_token": "${SECRET}"}`,
  ],
  'sinch-v1': [`Authorization: Basic ${SECRET}==`, `http://AC0012:${SECRET}@numbers.sinch.com/v1`, `token=${SECRET}`],
  sinch: [
    `grant_type=client_credentials&client_id=demo&client_secret=${SECRET}`,
    `{"access_token":"${SECRET}","expires_in":3599}`,
    `{"hmacSecret":"${SECRET}"}`,
    `{ keySecret: '${SECRET}' }`,
    `X-Sinch-Signature: ${SECRET}`,
  ],
  cm: [`X-CM-PRODUCTTOKEN: ${SECRET}`, `{"X-CM-PRODUCTTOKEN":"${SECRET}"}`, `/v1/x?api_key=${SECRET}&apikey=${SECRET}`],
  twilio: [
    `Authorization: Basic ${SECRET}==`,
    `{"sid":"AC12","auth_token":"${SECRET}"}`,
    `<AuthToken>${SECRET}</AuthToken>`,
  ],
  signalwire: [`Authorization: Basic ${SECRET}==`],
  bandwidth: [`Authorization: Basic ${SECRET}==`, `<BasicAuthentication><Password>${SECRET}</Password>`],
  host: [
    `cannot reach postgres://didgate:${SECRET}@db:5432/didgate`,
    `GET /tokens/${SECRET}/use`,
    `DIDGATE_ADMIN_TOKEN=${SECRET}`,
    `DIDGATE_KEY=${SECRET}`,
    `/x;jsessionid=${SECRET}?a=1`,
    `Cookie: session_id=${SECRET}`,
  ],
}

describe('a secret is hidden', () => {
  for (const [dialect, texts] of Object.entries(samples)) {
    it.each(texts)(`as ${dialect} writes it: %s`, text => {
      expect(redactText(text)).not.toContain(SECRET)
      expect(redactText(text)).toContain('[hidden]')
    })
  }
})

/** What is written → what is left of it. `S` is the secret. */
const written: Record<string, [string, string][]> = {
  'under whatever name': [
    [
      '?key=S&api_key=S&apikey=S&api-key=S&accessKey=S&x=1',
      '?key=[hidden]&api_key=[hidden]&apikey=[hidden]&api-key=[hidden]&accessKey=[hidden]&x=1',
    ],
    [
      '?apiKeyId=S&api_keys=S&passwd=S&pwd=S&signature=S',
      '?apiKeyId=[hidden]&api_keys=[hidden]&passwd=[hidden]&pwd=[hidden]&signature=[hidden]',
    ],
    ['?session_id=S&session-id=S&sessionId=S', '?session_id=[hidden]&session-id=[hidden]&sessionId=[hidden]'],
    ['?%zzpwd=S&keyboard=a&keys=b&session=c&%zz=d', '?%zzpwd=[hidden]&keyboard=a&keys=b&session=c&%zz=d'],
  ],
  'in pairs, to their end': [
    ['a;token=S;b&c=1', 'a;token=[hidden]&c=1'],
    ['u=http://h/?token=S', 'u=http://h/?token=[hidden]'],
    ['u=a=b;token=S', 'u=a=b;token=[hidden]'],
    ['?u=https%3A%2F%2Fh%2F%3Ftoken%3DS%26a%3Db&c=1', '?u=https%3A%2F%2Fh%2F%3Ftoken%3D[hidden]%26a%3Db&c=1'],
    ['?u=https%3a%2f%2fh%3fa%3db%26pwd%3dS%23x#y', '?u=https%3a%2f%2fh%3fa%3db%26pwd%3d[hidden]%23x#y'],
    ['?u=h%253FUser%255BPassword%255D%253DS%2526a%253Db', '?u=h%253FUser%255BPassword%255D%253D[hidden]%2526a%253Db'],
    ['u=h%3Fa%3Db%26keyboard%3Dc d', 'u=h%3Fa%3Db%26keyboard%3Dc d'],
    ['<a>token=S</a>', '<a>token=[hidden]</a>'],
    ['token=S next=1', 'token=[hidden] next=1'],
    ['see "/x?token=S" for more', 'see "/x?token=[hidden]" for more'],
    ['see "/x?token=S"', 'see "/x?token=[hidden]"'],
    ['["/x?token=S","/y"]', '["/x?token=[hidden]","/y"]'],
    ['["/x?token=a"S"]', '["/x?token=[hidden]"]'],
    ['"a" token=a",S b', '"a" token=[hidden] b'],
    ['["token=","x"]', '["token=[hidden]","x"]'],
  ],
  'in JSON, whole or torn, and in inspected objects': [
    ['{"token":"S","n":"x"}', '{"token":"[hidden]","n":"x"}'],
    ['{"token" :\n"a\\"S" , "n" : "x y"}', '{"token" :\n"[hidden]" , "n" : "x y"}'],
    ['{"token":""}', '{"token":"[hidden]"}'],
    ['{"token":"S"x', '{"token":"[hidden]"x'],
    ['{"n":"x","token":"S', '{"n":"x","token":"[hidden]"'],
    ['{"token":"S\\', '{"token":"[hidden]"'],
    ['{"pwd": 1234, "n": 5}', '{"pwd": "[hidden]", "n": 5}'],
    ['{"pwd" :1234}', '{"pwd" :"[hidden]"}'],
    ['{"pwd":1}', '{"pwd":"[hidden]"}'],
    ["{'pwd': 1234}", "{'pwd': '[hidden]'}"],
    ["{ token: 'S', n: 'x' }", "{ token: '[hidden]', n: 'x' }"],
    ["{ token: 'it\\'s S' }", "{ token: '[hidden]' }"],
    [`{ 'x-token': "it's S", n: 1 }`, `{ 'x-token': '[hidden]', n: 1 }`],
    [`[token: "S"]`, `[token: '[hidden]']`],
    [`token:"a S"`, `token:'[hidden]'`],
    [`token: 'a S'`, `token: '[hidden]'`],
    ['{"Name":"SessionId","Value":"S"}', '{"Name":"SessionId","Value":"[hidden]"}'],
    ['{"name" : "pwd" , "value" : "a\\"S", "n":1}', '{"name" : "pwd" , "value" : "[hidden]", "n":1}'],
    ['{"name":"a","value":"b"}', '{"name":"a","value":"b"}'],
  ],
  'in headers': [
    ['x-token: S', 'x-token: [hidden]'],
    ['a: b, x-token:\tS c', 'a: b, x-token:\t[hidden] c'],
    ['{x-token:S (token: S ;token: S', '{x-token:[hidden] (token: [hidden] ;token: [hidden]'],
    ['the token: S', 'the token: [hidden]'],
    ['x-token: "a"S b', 'x-token: [hidden] b'],
    ['x-token: {"token":"S"}S', 'x-token: [hidden]'],
    ['x-token: a://me:S@h', 'x-token: [hidden]'],
    [`-H 'x-token: S'`, `-H 'x-token: [hidden]`],
    ['x-token: Basic  S c', 'x-token: [hidden] c'],
    ['Authorization: Basic   S\r\nA: b', 'Authorization: [hidden]\r\nA: b'],
    ['Proxy-Authorization:Digest a="S", b="S"', 'Proxy-Authorization:[hidden]'],
    ['Cookie: a=S; b=S\nA: b', 'Cookie: [hidden]\nA: b'],
    ['Set-Cookie: S; Path=/', 'Set-Cookie: [hidden]'],
    [`{ authorization: 'S', host: 'h' }`, `{ authorization: '[hidden]', host: 'h' }`],
    ['sent bearer a.b-c~d+e/f=, twice', 'sent bearer [hidden], twice'],
    ['basic%20S basic+S Bearer  S', 'basic%20[hidden] basic+[hidden] Bearer  [hidden]'],
  ],
  'in addresses': [
    ['postgres://me:S@db:5432/x', 'postgres://[hidden]@db:5432/x'],
    ['amqp+ssl.x-1://me:a@S@h', 'amqp+ssl.x-1://[hidden]@h'],
    ['//me:S@h/x', '//[hidden]@h/x'],
    ['http://h/x@y http://h?x@y http://h#x@y', 'http://h/x@y http://h?x@y http://h#x@y'],
    ['?u=https%3A%2F%2Fme%3AS%40h%2Fx%40y&a=b%40c', '?u=https%3A%2F%2F[hidden]%40h%2Fx%40y&a=b%40c'],
    ['u=https%3a%2f%2fh%3fa%40b', 'u=https%3a%2f%2fh%3fa%40b'],
    ['/tokens/S/x /token/S?a /sessions/S#b', '/tokens/[hidden]/x /token/[hidden]?a /sessions/[hidden]#b'],
    [
      '/access-tokens/S /access_token/S /accesstoken/S',
      '/access-tokens/[hidden] /access_token/[hidden] /accesstoken/[hidden]',
    ],
    ['/secret/S /passwords/S /session/S', '/secret/[hidden] /passwords/[hidden] /session/[hidden]'],
    [
      '/password/S /secrets/S /api-keys/S /api_key/S /apikey/S',
      '/password/[hidden] /secrets/[hidden] /api-keys/[hidden] /api_key/[hidden] /apikey/[hidden]',
    ],
  ],
  'in elements': [
    ['<Token>S</Token><A>b</A>', '<Token>[hidden]</Token><A>b</A>'],
    ['<x:Token y="z">a\nS</x:Token>', '<x:Token y="z">[hidden]</x:Token>'],
    ['<P Name="UserPassword2">S</P>', '<P Name="UserPassword2">[hidden]</P>'],
    ['<P Name="Label">x</P>', '<P Name="Label">x</P>'],
    ['<Token><![CDATA[a] <S]]></Token>', '<Token>[hidden]</Token>'],
  ],
}

describe('a secret is hidden, and nothing else', () => {
  for (const [how, rows] of Object.entries(written)) {
    it.each(rows)(`however it is written ${how}: %s`, (text, left) =>
      expect(redactText(text.replace(/\bS\b/g, SECRET))).toBe(left))
  }

  it('whichever letter of a name is escaped, once or twice', () => {
    for (const name of ['password', 'pwd', 'key', 'token', 'sessionid', 'appid', 'cookie', 'signature', 'SECRET']) {
      for (const [at, letter] of [...name].entries()) {
        const escaped = letter.charCodeAt(0).toString(16)
        for (const written of [`%${escaped}`, `%${escaped.toUpperCase()}`, `%25${escaped}`]) {
          const start = `/a?${name.slice(0, at)}${written}${name.slice(at + 1)}=`
          expect(redactUrl(`${start}${SECRET}`)).toBe(`${start}[hidden]`)
        }
      }
    }
  })
})

describe('a text by strangers', () => {
  it('loses the same secrets where it is a URL, which is only looked at once', () => {
    const all = [...Object.values(samples).flat(), ...Object.values(written).flat(2)]
    for (const text of all) expect(redactUrl(text)).toBe(redactText(text))
    const bits = [...all, '/', '?', '&', '=', 'a', '%2B1', '%5B0%5D', '%4b', '%6Bey', '%2525']
    const url = fc.array(fc.oneof(fc.constantFrom(...bits), fc.webFragments()), { maxLength: 6 })
    fc.assert(fc.property(url, parts => redactUrl(parts.join('')) === redactText(parts.join(''))))
  })

  it('stays as it is where no secret is in it', () => {
    const texts = [
      '/onsip/api?Action=NpaNxxBrowse&Npa=212&Username=example_ann',
      '/vobiz/api/v1/Account/MA_DEMO0001/numbers/%2B919812345678',
      '/v1/projects/00000000-0000-4000-8000-000000000012/availableNumbers/+12025550100:rent',
      '{"DidId":"5","Label":"desk: left, 2nd floor"}',
      '<DidId>5</DidId>',
      '2026-06-01T00:00:00Z listening on http://127.0.0.1:8080/onsip',
    ]
    expect(texts.map(redactText)).toEqual(texts)
  })

  it('is cut where it is long, also where nothing is hidden', () => {
    const [most, more] = ['x'.repeat(4000), 'x'.repeat(4001)]
    for (const cut of [redactText, redactUrl]) expect([cut(most), cut(more)]).toEqual([most, `${most}…`])
  })

  it('is gone through fast, whatever it is', () => {
    const started = performance.now()
    for (const part of ['a', '<a ', '"a":"', 'a://', '=', '%25', 'bearer ', '%3a%2f%2f', '"key":"'])
      redactText(part.repeat(20_000))
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('a secret is hidden wherever it stands in a value', () => {
  it('in nested values, errors and their causes', () => {
    const error = new Error(`login with Password=${SECRET} failed`, { cause: { headers: { 'X-Auth-Token': SECRET } } })
    const value = { err: error, list: [{ token: SECRET }], headers: new Headers({ authorization: `Bearer ${SECRET}` }) }
    expect(JSON.stringify(redact(value))).not.toContain(SECRET)
  })

  it('of errors it is told what failed, where, and why', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('token=S') }), { code: 'E_NO' })
    expect(redact(error)).toMatchObject({ type: 'TypeError', message: 'no', code: 'E_NO', stack: error.stack })
    expect(redact(error)).toMatchObject({ cause: { type: 'Error', message: 'token=[hidden]' } })
    const plain = new Error('no')
    plain.stack = undefined as never
    expect(redact(plain)).toStrictEqual({ type: 'Error', message: 'no', stack: '' })
  })

  it('what can hold no secret is told as it is, and bytes by their number', () => {
    const at = new Date(0)
    const value = { a: 1, b: null, c: ['x'], d: undefined, e: true, at }
    expect(redact(value)).toEqual(value)
    expect(redact(['token=S', 'a'])).toEqual(['token=[hidden]', 'a'])
    expect(redact([new Uint8Array(3), new URL('http://h/?token=S')])).toEqual(['[3 bytes]', 'http://h/?token=[hidden]'])
    expect(redact(new Headers({ a: 'b', cookie: 'S' }))).toEqual({ a: 'b', cookie: '[hidden]' })
  })

  it('what is nested too deep is not gone through', () => {
    const around = (levels: number, inner: unknown): unknown =>
      levels === 0 ? inner : { a: [around(levels - 1, inner)] }
    expect(redact(around(3, 'x'))).toEqual(around(3, 'x'))
    expect(redact(around(3, {}))).toEqual(around(3, '[deep]'))
    expect(redact([around(2, { n: {} })])).toEqual([around(2, { n: '[deep]' })])
    const error = Array.from({ length: 9 }).reduce<Error>(cause => new Error('x', { cause }), new Error('inner'))
    expect(JSON.stringify(redact(error))).toMatch(/^(?:(?!\[deep\]|inner).)*\[deep\][^[]*$/)
  })
})
