/** Whoever sends something wrong is told so in words of ours or of the provider, never in those of a library. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { startGateway, type TestGateway } from '../../src/testing/index.ts'
import { parseWorld } from '../../src/worlds/world-file.ts'
import { basic } from '../support/basic.ts'

const LIBRARY = /Invalid [a-z ]+: (Expected|Received)|but received/
const FIXTURES = new URL('../../fixtures/', import.meta.url)
const GUID = '00000000-0000-4000-8000-000000000012'
const VOBIZ = { authorization: basic('MA_DEMO0001', 'demo-vobiz-acme') }
const SINCH = { authorization: basic('demo-sinch-key', 'demo-sinch-secret') }
const CM = { 'x-cm-producttoken': 'demo-cm-acme' }
const SUB = '/vobiz/api/v1/accounts/MA_DEMO0001/sub-accounts/'
const ACTIVE = `/sinch/v1/projects/${GUID}/activeNumbers/+12125550000`
const RENT = `/sinch/v1/projects/${GUID}/availableNumbers/+12125550000:rent`
const PROFILES = `/cm/voice-companyprofilesapi/v1/${GUID}/companyProfiles`
const REQUESTS = `/cm/voice-phonenumberrequestapi/v1/${GUID}/numberRequests`

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

it('kept exchanges', () => {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.http'))
  expect(files.filter(name => LIBRARY.test(readFileSync(new URL(name, FIXTURES), 'utf8')))).toEqual([])
  expect(files.length).toBeGreaterThan(500)
})

it.each<[string, Record<string, string>, unknown, string]>([
  [SUB, VOBIZ, { name: 'n', enabled: 1 }, 'enabled: must be true or false'],
  [SUB, VOBIZ, { name: 'n', kyc_mode: 'x' }, 'kyc_mode: must be one of personal_use, customer_use'],
  [SUB, VOBIZ, { name: 'n', permissions: [] }, 'permissions: must be an object'],
  [SUB, VOBIZ, { name: 'n', rate_limit: 1.5 }, 'rate_limit: must be a whole number'],
  [RENT, SINCH, { smsConfiguration: 'x' }, 'smsConfiguration: must be an object'],
  [RENT, SINCH, { voiceConfiguration: [] }, 'voiceConfiguration: must be an object'],
  [`${ACTIVE}/emergencyAddress:provision`, SINCH, {}, 'address: is required'],
  [PROFILES, CM, { name: 'n' }, 'The CompanyName field is required.'],
  [REQUESTS, CM, '', 'A non-empty request body is required.'],
])('%s with %s %j', async (path, headers, body, words) => {
  const sent = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await gateway.fetch(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: sent,
  })
  const text = await response.text()
  expect([response.status, LIBRARY.test(text)]).toEqual([400, false])
  expect(text).toContain(words)
})

it('the admin plane, worlds, settings and planted faults', async () => {
  const response = await gateway.admin('/accounts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 5, currency: 'USD' }),
  })
  const told = [await response.text(), messageOf(() => parseWorld({ accounts: {} }))]
  told.push(...readConfig({ PORT: 'x' }, { dialects: [], serving: true }).problems)
  told.push(messageOf(() => gateway.faults.add({ when: 5, then: {} } as never)))
  for (const text of told) expect(text).not.toMatch(LIBRARY)
  expect(told[0]).toContain('must be text')
})

function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}
