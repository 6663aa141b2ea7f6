import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { parseWorld, type WorldAccount } from '../../src/worlds/world-file.ts'

const file = join(demoWorldFolder(), 'world.json')
const world = parseWorld(JSON.parse(readFileSync(file, 'utf8')), file)
const account = (id: number) => world.accounts?.find(entry => entry.id === id) as WorldAccount

describe('the accounts of the demo world', () => {
  const secrets = (id: number) =>
    Object.fromEntries(
      (account(id).credentials ?? []).map(({ realm, public_id, secret }) => [realm, [public_id ?? null, secret]]),
    )
  const people = (id: number) =>
    account(id).organizations?.map(({ id, domain, users }) => [
      id,
      domain,
      ...(users ?? []).map(user => [user.id, user.username, user.auth_username, user.password, user.role].join(' ')),
    ])

  it('Acme', () => {
    expect(account(12)).toMatchObject({
      handle: 'MA_DEMO0001',
      guid: '00000000-0000-4000-8000-000000000012',
      currency: 'USD',
      balances: { USD: '1000.00', INR: '100000.00', EUR: '1000.00' },
      release_fees: { INR: '700', '*': '1' },
    })
    expect(people(12)).toEqual([
      [
        31,
        'example.onsip.com',
        '501 ann example_ann demo-ann-password account_admin',
        '502 bob example_bob demo-bob-password user',
      ],
    ])
    expect(secrets(12)).toMatchObject({
      wavix: [null, 'demo-wavix-acme'],
      vobiz: ['MA_DEMO0001', 'demo-vobiz-acme'],
      'sinch-v1': ['AC00000000000000000000000000000012', 'demo-sinch-acme'],
      sinch: ['demo-sinch-key', 'demo-sinch-secret'],
      cm: [null, 'demo-cm-acme'],
      twilio: ['AC00000000000000000000000000000012', 'demo-twilio-acme'],
      'twilio-test': ['AC00000000000000000000000000000012', 'demo-twilio-acme-test'],
      signalwire: ['00000000-0000-4000-8000-000000000012', 'demo-signalwire-acme'],
      bandwidth: ['demo-bandwidth-acme', 'demo-bandwidth-secret'],
    })
  })
  it("Acme's child account", () => {
    expect(account(120)).toMatchObject({ parent: 12, handle: 'SA_DEMO0001' })
    expect(secrets(120)).toEqual({ vobiz: ['SA_DEMO0001', 'demo-vobiz-acme-sub'] })
  })
  it('Globex', () => {
    expect(account(13)).toMatchObject({ guid: '00000000-0000-4000-8000-000000000013', balances: { USD: '10.00' } })
    expect(people(13)).toEqual([[32, 'globex.onsip.com', '601 gil globex_gil demo-gil-password account_admin']])
    expect(secrets(13)).toMatchObject({
      wavix: [null, 'demo-wavix-globex'],
      vobiz: ['MA_DEMO0002', 'demo-vobiz-globex'],
      'sinch-v1': ['AC00000000000000000000000000000013', 'demo-sinch-globex'],
      sinch: ['demo-sinch-key-2', 'demo-sinch-secret-2'],
      cm: [null, 'demo-cm-globex'],
      twilio: ['AC00000000000000000000000000000013', 'demo-twilio-globex'],
      signalwire: ['00000000-0000-4000-8000-000000000013', 'demo-signalwire-globex'],
      bandwidth: ['demo-bandwidth-globex', 'demo-bandwidth-secret-2'],
    })
  })
  it('Operator, related to nobody', () => {
    expect(account(14)).toMatchObject({ role: 'operator', handle: 'MA_ADMN0001' })
    expect(account(14).parent).toBeUndefined()
    expect(people(14)).toEqual([[33, 'operator.onsip.com', '701 operator operator demo-operator-password operator']])
    expect(secrets(14)).toEqual({ vobiz: ['MA_ADMN0001', 'demo-vobiz-admin'] })
  })
  it('are verified and need no credentials for sinch-v1', () => {
    for (const entry of world.accounts ?? []) {
      expect(entry).toMatchObject({ identity_verified: true, allow_unauthenticated: true })
    }
  })
  it('can order numbers for the Netherlands and the United States: approved company profiles', () => {
    const profiles = account(12).company_profiles?.map(({ status, country, types }) => [status, country, ...types])
    expect(profiles).toEqual([
      ['approved', 'NL', 'local', 'national', 'toll_free'],
      ['approved', 'US', 'local'],
    ])
  })
  it('wait 45 days for a released Indian number, and not at all for others', () =>
    expect(world.quarantine_days).toEqual({ '*': 0, IN: 45 }))
})
