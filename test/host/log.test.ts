import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLog, logRequest } from '../../src/logs/log.ts'
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

function captured(level = 'info') {
  const lines: string[] = []
  return { lines, log: createLog(level, { write: line => void lines.push(line) }) }
}

describe('redaction', () => {
  for (const [dialect, texts] of Object.entries(samples)) {
    it.each(texts)(`${dialect}: %s`, text => {
      expect(redactText(text)).not.toContain(SECRET)
      expect(redactText(text)).toContain('[hidden]')
    })
  }

  it('a URL that is only looked at once loses the same secrets', () => {
    const bits = Object.values(samples)
      .flat()
      .concat('/', '?', '&', '=', 'a', '%2B1', '%5B0%5D', '%4b', '%6Bey', '%2525')
    const url = fc.array(fc.oneof(fc.constantFrom(...bits), fc.webFragments()), { maxLength: 6 })
    fc.assert(fc.property(url, parts => redactUrl(parts.join('')) === redactText(parts.join(''))))
  })

  it('leaves everything else as it is', () => {
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

  it('stays fast on what strangers send', () => {
    const started = performance.now()
    for (const part of ['a', '<a ', '"a":"', 'a://', '=', '%25', 'bearer ']) redactText(part.repeat(20_000))
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('goes through nested values, errors and their causes', () => {
    const error = new Error(`login with Password=${SECRET} failed`, { cause: { headers: { 'X-Auth-Token': SECRET } } })
    const value = { err: error, list: [{ token: SECRET }], headers: new Headers({ authorization: `Bearer ${SECRET}` }) }
    expect(JSON.stringify(redact(value))).not.toContain(SECRET)
    expect(redact({ a: 1, b: null, c: ['x'] })).toEqual({ a: 1, b: null, c: ['x'] })
  })
})

describe('log', () => {
  const entry = {
    requestId: 'r-1',
    dialect: 'onsip',
    operation: 'DidBrowse',
    method: 'GET',
    url: `/api?Action=DidBrowse&SessionId=${SECRET}`,
    status: 200,
    ms: 1.234,
    fault: undefined,
  }

  it('writes one line per request, with its url redacted', () => {
    const { lines, log } = captured()
    logRequest(log, entry)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      level: 'info',
      requestId: 'r-1',
      dialect: 'onsip',
      operation: 'DidBrowse',
      url: '/api?Action=DidBrowse&SessionId=[hidden]',
      status: 200,
      ms: 1.2,
      msg: 'request',
    })
  })

  it('raises the level of a failure of ours', () => {
    const { lines, log } = captured('error')
    logRequest(log, { ...entry, status: 500, fault: 'internal' })
    logRequest(log, { ...entry, status: 404, fault: 'not_found' })
    expect(lines.map(line => JSON.parse(line).fault)).toEqual(['internal'])
  })

  it('redacts messages and errors too', () => {
    const { lines, log } = captured()
    log.error({ err: new Error(`GET /v1/mydids?appid=${SECRET}`) }, `refused appid=${SECRET}`)
    log.error(new Error(`Authorization: Basic ${SECRET}`))
    log.info(`token=${SECRET} and %s`, `Password=${SECRET}`)
    expect(lines).toHaveLength(3)
    expect(lines.join('')).not.toContain(SECRET)
  })
})

/** Sentences that a command or a start ends with pass the redaction: it must find nothing in our own words. */
it('what is thrown in our own words is told as it was written', () => {
  const folders = ['src', 'core'].map(name => resolve(import.meta.dirname, '../..', name))
  const files = folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(join(folder, name), 'utf8')),
  )
  const thrown = files.flatMap(text => [...text.matchAll(/new Error\(\s*(['`])((?:\\.|(?!\1)[^\\])*)\1/g)])
  const sentences = thrown.map(([, , sentence = '']) => sentence)
  expect(sentences.length).toBeGreaterThan(50)
  for (const sentence of sentences) expect(redactText(sentence)).toBe(sentence)
})
