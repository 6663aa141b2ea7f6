/** Answers of the admin plane as they are, for its reference. Each member of a good answer is there, with its type. */

const AT = '2026-06-01T00:00:00.000Z'
const MADE = { created_at: AT, updated_at: AT }

/** A page of a list. */
export const listOf = (name: string, item: object) => ({ [name]: [item], total: 1, limit: 100, offset: 0 })

export const ACCOUNT = {
  id: 12,
  guid: '00000000-0000-4000-8000-000000000012',
  handle: 'MA_DEMO0001',
  name: 'Acme Telecom',
  parent_id: null,
  payer_id: 12,
  currency: 'USD',
  role: 'owner',
  is_active: true,
  identity_verified: true,
  allow_unauthenticated: true,
  features_off: ['release'],
  default_organization_id: 31,
  default_user_id: 501,
  profile: { email: 'ann@example.com' },
  ...MADE,
}

export const ACCOUNT_WITH_MONEY = {
  ...ACCOUNT,
  balances: [{ currency: 'USD', balance: '1000.00', credit_limit: '0.00', release_fee: '1.00' }],
}

export const TRANSACTION = {
  id: 5,
  guid: 'fc928c39-27ed-4477-9d6e-263a5b347173',
  account_id: 12,
  kind: 'topup',
  currency: 'USD',
  amount: '25.00',
  setup_amount: '0.00',
  period_amount: '25.00',
  balance_after: '1025.00',
  number_id: null,
  e164: null,
  lease_id: null,
  period: null,
  note: 'Top-up',
  reference: 'tx:fc928c39-27ed-4477-9d6e-263a5b347173',
  refunds_id: null,
  created_at: AT,
}

export const CREDENTIAL = {
  id: 22,
  account_id: 12,
  user_id: null,
  realm: 'wavix',
  kind: 'key',
  public_id: '532550dce92c28e22cef957d499fd0f1deaf79fccdbc2ff46528e7b7072222e0',
  role: 'account_admin',
  scopes: ['numbers:read'],
  name: 'Test bed',
  is_active: true,
  ends_at: null,
  created_at: AT,
}

export const MADE_CREDENTIAL = {
  ...CREDENTIAL,
  secret: 'told-this-once',
  base_url: 'http://127.0.0.1:8080/wavix',
  client: { api_key: 'told-this-once' },
}

export const ADMIN_TOKEN = { id: 3, name: 'ann', created_at: '2026-06-01T00:00:00.000Z', revoked_at: null }

export const ORGANIZATION = {
  id: 31,
  account_id: 12,
  domain: 'example.onsip.com',
  contact: { email: 'office@example.com' },
  ...MADE,
}

export const USER = {
  id: 501,
  account_id: 12,
  organization_id: 31,
  username: 'ann',
  domain: 'example.onsip.com',
  auth_username: 'example_ann',
  role: 'account_admin',
  is_enabled: true,
  contact: { name: 'Ann' },
  ...MADE,
}

export const SESSION = {
  id: 1,
  realm: 'onsip',
  account_id: 12,
  user_id: 501,
  auth_username: 'example_ann',
  created_at: AT,
  expires_at: '2026-06-02T00:00:00.000Z',
}

export const TRUNK = {
  id: 3108,
  guid: '93da6172-7d8d-4578-a79d-49955c56b93c',
  account_id: 12,
  name: 'Main',
  label: '',
  data: {},
  ...MADE,
}

export const PROFILE = {
  id: 2,
  guid: '00000000-0000-4000-8000-000000001202',
  account_id: 12,
  status: 'in_review',
  country: 'US',
  types: ['local'],
  data: { name: 'Acme US' },
  ...MADE,
}

export const NUMBER = {
  id: 340,
  e164: '+12135681343',
  country: 'US',
  type: 'local',
  area_code: '213',
  npa_nxx: '213568',
  region: 'CA',
  city: 'Los Angeles',
  city_id: 200,
  rate_center: 'LSAN DA 01',
  lata: '730',
  latitude: '34.0522',
  longitude: '-118.2437',
  postal_code: '90012',
  capabilities: ['voice', 'sms'],
  currency: 'USD',
  setup_price: '1.00',
  monthly_price: '1.00',
  per_minute_price: '0.0059',
  channels: 10,
  required_documents: ['address'],
  state: 'active',
  releases_at: null,
  cool_until: null,
  reclaim_until: null,
  last_owner_id: null,
  held_by: null,
  held_until: null,
  last_call_at: null,
  version: 2,
  ...MADE,
  owner: {
    lease_id: 1,
    account_id: 12,
    payer_id: 12,
    organization_id: 31,
    user_id: 501,
    label: null,
    trunk_id: null,
    started_at: AT,
    ends_at: null,
    subscription: {
      id: 1,
      lease_id: 1,
      payer_id: 12,
      currency: 'USD',
      amount: '1.00',
      anchor_at: AT,
      periods: 1,
      paid_from: AT,
      paid_until: '2026-07-01T00:00:00.000Z',
      next_due_at: '2026-07-01T00:00:00.000Z',
      unpaid_since: null,
    },
    routes: [],
  },
  events: [
    {
      id: 1452,
      number_id: 340,
      e164: '+12135681343',
      version: 2,
      kind: 'purchased',
      state: 'active',
      owner_id: 12,
      lease_id: 1,
      actor_account_id: 12,
      actor_user_id: null,
      administrator: null,
      at: AT,
      data: {},
    },
  ],
}

export const EVENT = { type: 'number', id: '12.0', at: AT, data: {} }

export const HOLD = {
  id: 1,
  guid: '51e83f4d-e45d-484e-ab6d-834b9e4e6889',
  account_id: 12,
  data: {},
  taken_at: AT,
  until: '2026-06-02T00:00:00.000Z',
  e164: '+12135681875',
}

export const IMPORT = {
  id: 1,
  status: 'done',
  is_owned: false,
  imported: 1439,
  published_line: 1440,
  reason: null,
  created_at: AT,
}

export const ORDER = {
  id: 2,
  guid: '57814d8b-8c54-4066-b563-7b0898d4702f',
  account_id: 12,
  status: 'completed',
  reason: 'Numbers assigned',
  dialect: 'cm',
  filter: { country: 'NL', types: ['local'] },
  data: {},
  quantity: 10,
  range_size: 10,
  company_profile_id: 1,
  callback_url: 'http://127.0.0.1:9000/orders',
  ...MADE,
  ranges: [{ lease_id: 2, start: '+31202345560', size: 10, from: AT, until: null }],
}

export const DOCUMENT = {
  id: 7,
  account_id: 12,
  lease_id: 1,
  type: 'passport',
  file_name: 'passport.pdf',
  content_type: 'application/pdf',
  status: 'pending',
  reason: null,
  created_at: AT,
}

export const VERIFICATION = {
  account_id: 15,
  kind: 'pan',
  status: 'pending',
  is_test: false,
  reason: null,
  data: { pan: 'ABCDE1234F' },
  ...MADE,
}

export const DELIVERY = {
  id: 3,
  event_id: 9,
  account_id: 12,
  dialect: 'cm',
  method: 'POST',
  url: 'http://127.0.0.1:9000/orders',
  headers: { 'content-type': 'application/json' },
  body: '{"status":"completed"}',
  status: 'delivered',
  attempts: [{ at: AT, status: 200, error: null, duration_ms: 12 }],
  next_attempt_at: null,
  created_at: AT,
}
