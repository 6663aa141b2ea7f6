import { createHash, timingSafeEqual } from 'node:crypto'
import { serve } from '@hono/node-server'
import Database from 'better-sqlite3'
import { Hono } from 'hono'

// Peer (d): what an engineer would write for this one answer: Hono and better-sqlite3, prepared statements, the same
// database, authentication, conditions, exact total and answer.
const [, , port = '0', file = ''] = process.argv
const db = new Database(file, { readonly: true })
db.pragma('cache_size = -32768')

interface Row {
  e164: string
  country: string
  region: string
  capabilities: number
  currency: string
  setup_price: number
  monthly_price: number
  created_at: number
  updated_at: number
}

const credential = db.prepare<[string], { secret_hash: string; identity_verified: number }>(`
  SELECT secret_hash, identity_verified FROM credentials JOIN accounts ON accounts.id = credentials.account_id
  WHERE realm = 'vobiz' AND public_id = ? AND credentials.is_active = 1 AND accounts.is_active = 1`)
const SHELF = `FROM numbers
  WHERE available_from <= ? AND e164 >= ? AND e164 < ? AND (required_documents = '' OR ? = 1)`
const page = db.prepare<unknown[], Row>(`SELECT e164, country, region, capabilities, currency, setup_price,
  monthly_price, created_at, updated_at ${SHELF} ORDER BY e164 LIMIT ? OFFSET ?`)
const count = db.prepare<unknown[], { total: number }>(`SELECT count(*) AS total ${SHELF}`)

function uuidOf(e164: string): string {
  const hex = createHash('sha256').update(`didgate number ${e164}`).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function time(at: number): string {
  const text = new Date(at).toISOString()
  return at % 1000 === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`
}

const view = (row: Row) => ({
  id: uuidOf(row.e164),
  e164: row.e164,
  country: row.country,
  capabilities: {
    voice: (row.capabilities & 1) !== 0,
    sms: (row.capabilities & 2) !== 0,
    mms: (row.capabilities & 4) !== 0,
    fax: (row.capabilities & 8) !== 0,
  },
  status: 'active',
  provider: '',
  setup_fee: row.setup_price / 1e6,
  monthly_fee: row.monthly_price / 1e6,
  currency: row.currency,
  voice_enabled: (row.capabilities & 1) !== 0,
  is_blocked: false,
  created_at: time(row.created_at),
  updated_at: time(row.updated_at),
  is_trial_number: false,
  minimum_commitment_months: 0,
  aadhaar_verification_required: false,
  aadhaar_verified: false,
  account_id: '',
  ...(row.region !== '' && { region: row.region }),
  tags: null,
})

const app = new Hono()
app.get('/vobiz/api/v1/Account/:account/inventory/numbers', c => {
  const [id, token] = [c.req.header('x-auth-id') ?? '', c.req.header('x-auth-token') ?? '']
  const known = credential.get(id)
  const digest = createHash('sha256').update(token).digest()
  const expected = Buffer.from(known?.secret_hash.split('$')[2] ?? '', 'base64')
  if (!known || expected.length !== digest.length || !timingSafeEqual(digest, expected)) {
    return c.json({ error: 'unauthenticated' }, 401)
  }
  const search = c.req.query('search') ?? '+'
  const [size, number] = [Number(c.req.query('per_page') ?? 20), Number(c.req.query('page') ?? 1)]
  const end = search.slice(0, -1) + String.fromCharCode(search.charCodeAt(search.length - 1) + 1)
  const where = [Date.now(), search, end, known.identity_verified]
  const items = page.all(...where, size, (number - 1) * size).map(view)
  return c.json({ items, page: number, per_page: size, total: count.get(...where)?.total ?? 0 })
})
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, () => process.stdout.write('ready\n'))
