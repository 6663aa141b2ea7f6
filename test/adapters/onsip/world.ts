/** The world that the vectors and the fixtures of the onsip dialect start from. */
import type { World } from '../../../src/worlds/world-file.ts'

const number = (e164: string, more: Record<string, string> = {}) => ({
  e164,
  country: 'US',
  type: 'local',
  region: 'NY',
  city: 'New York',
  rate_center: 'NWYRCYZN01',
  currency: 'USD',
  setup_price: '1.00',
  monthly_price: '2.00',
  ...more,
})

export const onsipWorld: World = {
  quarantine_days: { '*': 1 },
  places: [
    { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
    { id: 379, kind: 'region', parent: 8652, country: 'US', code: 'NY', name: 'New York' },
    { id: 380, kind: 'region', parent: 8652, country: 'US', code: 'CA', name: 'California' },
  ],
  accounts: [
    {
      id: 12,
      name: 'Acme Telecom',
      currency: 'USD',
      balances: { USD: '100.00' },
      organizations: [
        {
          id: 31,
          domain: 'example.onsip.com',
          contact: { name: 'Acme', city: 'New York', country: 'US' },
          users: [
            {
              id: 501,
              username: 'ann',
              auth_username: 'example_ann',
              role: 'account_admin',
              password: 'pw',
              sip_password: 'sip-ann',
              contact: { name: 'Ann', email: 'ann@example.com' },
            },
            {
              id: 502,
              username: 'bob',
              auth_username: 'example_bob',
              role: 'user',
              password: 'pw',
              sip_password: 'sip-bob',
            },
          ],
        },
      ],
    },
    {
      id: 13,
      name: 'Globex',
      currency: 'USD',
      balances: { USD: '4.00' },
      organizations: [
        {
          id: 32,
          domain: 'globex.onsip.com',
          users: [
            { id: 601, username: 'gil', auth_username: 'globex_gil', role: 'account_admin', password: 'pw' },
            { id: 602, username: 'ora', auth_username: 'globex_ora', role: 'organization_admin', password: 'pw' },
          ],
        },
      ],
    },
    {
      id: 14,
      name: 'Operator',
      currency: 'USD',
      role: 'operator',
      organizations: [
        {
          id: 33,
          domain: 'operator.onsip.com',
          users: [{ id: 701, username: 'op', auth_username: 'operator', role: 'operator', password: 'pw' }],
        },
      ],
    },
  ],
  numbers: [
    number('+12127890101'),
    number('+12127890102'),
    number('+12127890103'),
    // not in the stock of this dialect: documents, and another currency
    number('+12127890104', { required_documents: 'address' }),
    number('+12127890105', { currency: 'EUR' }),
    number('+12137890101', { region: 'CA', city: 'Los Angeles', rate_center: 'LSAN DA 01', setup_price: '2.50' }),
    number('+12137880101', { region: 'CA', city: 'Los Angeles', rate_center: 'LSAN DA 02' }),
    number('+17105550101', { region: '', city: '' }),
    // toll-free numbers belong to no exchange
    number('+18005550101', { type: 'toll_free', region: '', city: '', rate_center: '' }),
  ],
  owned: [
    {
      ...number('+12125550199'),
      account_id: '13',
      user_id: '601',
      activated_at: '2026-01-02T03:04:05Z',
      paid_until: '2099-01-02T03:04:05Z',
    },
  ],
}
