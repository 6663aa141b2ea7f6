import type { World } from '../../../src/worlds/world-file.ts'

const us = (e164: string, city: string, region: string) => ({
  e164,
  country: 'US',
  type: 'local',
  region,
  city,
  capabilities: 'voice;sms',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '2',
  per_minute_price: '0.0059',
  channels: 4,
})

/** The page's line: KEY valid, balance 100; 18022551119 at 1.0+2.0 in a city of Vermont; an AR number needs paper 1. */
export function vectorWorld(balance = '100.00'): World {
  return {
    quarantine_days: { '*': 0 },
    places: [
      { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
      { id: 379, kind: 'region', parent: 8652, country: 'US', code: 'CA', name: 'California' },
      { id: 420, kind: 'region', parent: 8652, country: 'US', code: 'VT', name: 'Vermont' },
      { id: 200, kind: 'city', parent: 379, country: 'US', code: '213568', name: 'LOS ANGELES, CA' },
      { id: 8669, kind: 'country', country: 'AR', code: 'AR', name: 'Argentina' },
    ],
    accounts: [
      {
        id: 12,
        name: 'Acme',
        currency: 'USD',
        balances: { USD: balance },
        credentials: [
          { realm: 'wavix', kind: 'key', secret: 'KEY' },
          { realm: 'wavix', kind: 'key', secret: 'NUMBERS', scopes: ['numbers:read'] },
        ],
        trunks: [{ id: 3107, name: '32882', label: 'Main office' }],
      },
      {
        id: 13,
        name: 'Off',
        currency: 'USD',
        features_off: ['numbers'],
        credentials: [{ realm: 'wavix', kind: 'key', secret: 'OFF' }],
      },
    ],
    numbers: [
      us('+18022551119', 'Montpelier', 'VT'),
      us('+18022551120', 'Montpelier', 'VT'),
      ...['01', '02', '03'].map(end => us(`+121356800${end}`, 'Los Angeles', 'CA')),
      {
        ...us('+541139862174', 'Buenos Aires', ''),
        country: 'AR',
        area_code: '11',
        capabilities: 'voice',
        required_documents: 'id',
      },
    ],
  }
}
