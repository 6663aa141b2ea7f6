/** Rules are exact, waiting wakes, the journal keeps its bounds, and every code has its sentence. */
import { expect, it } from 'vitest'
import { Fault, type FaultCode } from '../../core/ground/fault.ts'
import { whyOf } from '../../core/ground/why.ts'
import { createJournal } from '../../src/double/journal.ts'
import type { Told } from '../../src/double/row.ts'
import { FAULT_CODES, sampleOf } from '../../src/double/samples.ts'
import { numbersIn } from '../../src/double/sent-numbers.ts'
import { startGateway } from '../../src/testing/index.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, RICH } from '../contract/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const sampled = { e164s: ['+12125550142'], now: NOW, retrySeconds: 3, reference: 'r-1' }

const SENTENCES: Record<FaultCode, string> = {
  invalid_input: 'body: is not acceptable',
  unreadable_body: 'the body cannot be read: the body ended early',
  body_too_large: 'the body has more than 1048576 bytes',
  unsupported_media_type: 'the body came as text/x-unknown, which is not taken here',
  method_not_allowed: 'the path is known, but only for GET',
  unknown_operation: 'there is no operation /unknown',
  unauthenticated: 'the credentials that were sent open nothing here',
  login_failed: 'no user has this name and this password',
  login_locked: 'too many wrong passwords: the name is locked until 2026-06-01T00:10:00.000Z',
  forbidden: 'what was asked for belongs to another account',
  not_found: 'there is no number +12125550142 that this caller may see',
  name_taken: 'there is a user named taken already',
  number_unavailable: '+12125550142 cannot be bought by this caller now',
  documents_required: "+12125550142 needs documents, and the account's identity is not verified",
  insufficient_funds: 'balance 0.50 USD, needed 3.00',
  wrong_state: 'number +12125550142 is releasing',
  cool_off: 'cools off until 2026-06-01T00:01:00.000Z',
  limit_reached: 'the limit of 1 numbers is reached',
  conflict: 'number +12125550142 was changed by somebody else in the same instant',
  clock_backwards: 'the clock shows 2026-06-01T00:00:00.000Z and was asked to go back to 2026-05-31T23:59:00.000Z',
  not_in_this_mode: 'possible in production mode only',
  rate_limited: 'too many requests in a short time: again in 3 s',
  overloaded: 'this process is asked for more at once than it takes: again in 3 s',
  timeout: 'not done within 10000 ms',
  temporarily_unavailable: 'the database did not answer, or could take nothing',
  internal: 'a failure of the gateway itself; the log has it under r-1',
}

it('every code of the catalogue has a sentence', async () => {
  for (const code of FAULT_CODES) {
    const { rule, sentence } = await whyOf(new Fault(code, sampleOf(code, sampled)))
    expect([rule, sentence]).toEqual([code, SENTENCES[code]])
  }
})

const keyOf = (id: number) => ({ authorization: `Bearer ${credentialsOf(id).wavix?.key}` })
const json = { 'content-type': 'application/json' }

it('the row that decided is named in the journal, and never to the client', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const base = gateway.url('twilio')
  const [taken, other] = CONTRACT_NUMBERS as [string, string]
  const buy = async (id: number, e164: string) => {
    const { accountSid, token } = credentialsOf(id).twilio ?? {}
    const authorization = `Basic ${Buffer.from(`${accountSid}:${token}`).toString('base64')}`
    const body = new URLSearchParams({ PhoneNumber: e164 })
    const path = `${base}/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json`
    return (await gateway.fetch(path, { method: 'POST', headers: { authorization }, body })).text()
  }
  await buy(RICH, taken)
  const refused = [await buy(POOR, taken)]
  await buy(POOR, other)
  refused.push(await buy(POOR, CONTRACT_NUMBERS[2] as string))
  refused.push(
    await (
      await gateway.fetch(`${gateway.url('wavix')}/v1/numbers`, { headers: { authorization: 'Bearer none' } })
    ).text(),
  )
  const told = (await gateway.requests.find()).filter(({ fault }) => fault !== null)
  const sentences = told.map(({ why }) => why?.sentence ?? '').reverse()
  expect(sentences[0]).toContain(`${taken} is owned by account ${RICH} since 2026-06-01`)
  expect(sentences[1]).toContain('balance 2.00 USD, needed 3.00')
  expect(sentences[2]).toContain('not known here')
  expect(sentences).toHaveLength(3)
  for (const [n, text] of refused.entries()) expect(text).not.toContain(sentences[n])
  expect(refused[0]).not.toContain(`account ${RICH}`)
})

it('64 clients at once: the fifth to the eleventh fail, and no other', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const rule = gateway.faults.add({ when: { dialect: 'wavix', nth: 5, times: 7 }, then: { status: 503 } })
  const ask = async () => (await gateway.fetch(`${gateway.url('wavix')}/v1/numbers`, { headers: keyOf(RICH) })).status
  const statuses = await Promise.all(Array.from({ length: 64 }, ask))
  expect(statuses.filter(status => status === 503)).toHaveLength(7)
  expect([rule.matched, rule.applied]).toEqual([64, 7])
})

it('one request fails by its header, and says so where the header is wrong', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const ask = async (fault: string) =>
    (
      await gateway.fetch(`${gateway.url('wavix')}/v1/numbers`, {
        headers: { ...keyOf(RICH), 'x-didgate-fault': fault },
      })
    ).status
  expect(await ask('rate_limited')).toBe(429)
  expect(await ask('{"status":418}')).toBe(418)
  expect(await ask('no_such_code')).toBeGreaterThanOrEqual(400)
  expect(await ask('{')).toBeLessThan(500)
})

it('what is wrong with a rule is told, and nothing is kept of it', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const wrong = [
    {},
    { then: {} },
    { then: { fault: 'none' } },
    { then: { status: 503, drop: 'before' } },
    { when: { nth: 0 }, then: { status: 503 } },
  ]
  for (const body of wrong) {
    const answer = await gateway.admin('/faults', { method: 'POST', headers: json, body: JSON.stringify(body) })
    expect([JSON.stringify(body), answer.status]).toEqual([JSON.stringify(body), 400])
  }
  expect(gateway.faults.list()).toEqual([])
})

it('who waits is woken by the n-th request, or told 408', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const wait = (count: number, timeout_ms: number) =>
    gateway.admin('/requests/wait', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ match: { dialect: 'wavix' }, count, timeout_ms }),
    })
  const waiting = wait(3, 60_000)
  for (let n = 0; n < 3; n++) await gateway.fetch(`${gateway.url('wavix')}/v1/numbers`, { headers: keyOf(RICH) })
  expect([(await waiting).status, ((await (await waiting).json()) as { count: number }).count]).toEqual([200, 3])
  expect((await wait(4, 1)).status).toBe(408)
})

it('a reset does not wait for those who wait', async () => {
  await using gateway = await startGateway({ seed: contractWorld })
  const waiting = gateway.requests.wait({ dialect: 'cm' }, { timeoutMs: 300 }).catch((error: Error) => error.message)
  await gateway.reset()
  expect(await waiting).toMatch(/0 of 1 requests/)
})

it('numbers are told however they were written, and days are no numbers', () => {
  const sent = [
    '+12125550142',
    '%2B12125550143',
    '(212) 555-0144',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
    { to: 12125550145 },
  ]
  expect(numbersIn(sent)).toEqual(['+12125550142', '+12125550143', '+12125550144', '+12125550145'])
})

it('60,000 exchanges stay within count and bytes', () => {
  const journal = createJournal({ count: 1_000, bytes: 2_000_000 })
  const written = 'x'.repeat(5_000)
  const told = {
    url: 'http://a/v1/numbers',
    headers: ['Accept', '*/*'],
    answerHeaders: { vary: '' },
    written,
  } as unknown
  for (let n = 0; n < 60_000; n++) {
    journal.record({ ...(told as Told), requestId: String(n), sent: Buffer.from(`body ${n}`) })
    if (journal.bytes() > 2_000_000) expect.fail(`${journal.bytes()} bytes after ${n}`)
  }
  const kept = journal.find({}, 1_000)
  expect(kept.length).toBeGreaterThan(2_000_000 / (5_000 + 1_000))
  for (const [n, { id, sent, written, ...rest }] of kept.entries()) {
    expect(rest).toMatchObject({ requestId: String(id - 1), url: '/v1/numbers', headers: [['accept', '*/*']] })
    expect(rest.answerHeaders).toEqual({ vary: '' })
    expect([id, String(sent?.bytes), written?.length]).toEqual([60_000 - n, `body ${id - 1}`, 5_000])
  }
})
