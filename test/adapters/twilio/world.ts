import type { World } from '../../../src/worlds/world-file.ts'

export const NOW = '2026-06-01T09:00:00Z'
export const OWNER = 21
export const SUB = 22
export const OTHER = 23
export const sidOf = (id: number) => `AC${String(id).padStart(32, '0')}`
export const tokenOf = (id: number) => `twilio-token-${id}`

const us = (e164: string, city: string, region: string, rate_center: string) => ({
  e164,
  country: 'US',
  type: 'local',
  region,
  city,
  rate_center,
  lata: '132',
  latitude: '40.7128',
  longitude: '-74.0060',
  postal_code: '10001',
  capabilities: 'voice;sms;mms',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '1.15',
})

function account(id: number, balance: string, parent?: number): NonNullable<World['accounts']>[number] {
  return {
    id,
    name: `Account ${id}`,
    currency: 'USD',
    ...(parent === undefined ? { balances: { USD: balance } } : { parent }),
    credentials: [{ realm: 'twilio', kind: 'key_pair', public_id: sidOf(id), secret: tokenOf(id) }],
  }
}

/** The fixture line of the dialect's facts: an owner with a sub-account, an unrelated account, five numbers. */
export function twilioWorld(balance = '10.00'): World {
  const owner = account(OWNER, balance)
  const test = { realm: 'twilio-test', kind: 'key_pair' as const, public_id: sidOf(OWNER), secret: 'twilio-test-token' }
  return {
    quarantine_days: { '*': 60 },
    reclaim_days: { '*': 10 },
    accounts: [
      { ...owner, credentials: [...(owner.credentials ?? []), test] },
      account(SUB, '', OWNER),
      account(OTHER, '100.00'),
    ],
    numbers: [
      us('+12125550142', 'New York', 'NY', 'NWYRCYZN01'),
      us('+12125550143', 'New York', 'NY', 'NWYRCYZN01'),
      us('+13125550111', 'Chicago', 'IL', 'CHICAGO'),
      {
        e164: '+18005550199',
        country: 'US',
        type: 'toll_free',
        capabilities: 'voice',
        currency: 'USD',
        setup_price: '1',
        monthly_price: '1.15',
      },
      {
        e164: '+447700900123',
        country: 'GB',
        type: 'mobile',
        capabilities: 'voice;sms',
        currency: 'USD',
        setup_price: '1',
        monthly_price: '1.15',
        required_documents: 'address',
      },
    ],
  }
}
