/** The world that every episode of a simulation begins with: four accounts of different means, numbers one to an area. */
import type { World, WorldAccount, WorldRow } from '../../../src/worlds/world-file.ts'
import { account } from '../../contract/world.ts'
import { createModel, DOLLAR, type Model } from './model.ts'

export const START = Date.parse('2026-01-31T12:00:00Z')

/** Surfaces that sell by block or area name no number: each number is alone in its area. */
const AREAS = (
  '201NJ 203CT 205AL 206WA 207ME 208ID 209CA 210TX 212NY 215PA 216OH 301MD ' +
  '302DE 303CO 304WV 305FL 307WY 308NE 312IL 316KS'
).split(' ')

/** By number: the papers that it asks for, and what it costs. */
interface Listing {
  e164: string
  region: string
  papers: boolean
  setup: number
  monthly: number
}

const PLAIN = 8
const WITH_PAPERS = 3
/** Dear ones, so that renewals are missed. */
const DEAR = 3

const listings: readonly Listing[] = AREAS.map((area, i) => ({
  e164: `+1${area.slice(0, 3)}5550123`,
  region: area.slice(3),
  papers: i >= PLAIN && i < PLAIN + WITH_PAPERS,
  setup: 1,
  monthly: i % DEAR === 0 ? 9 : 2,
}))

export const FIRST_STOCK = listings.slice(0, PLAIN + WITH_PAPERS)
/** Come by and by, by import. */
export const LATER_STOCK = listings.slice(PLAIN + WITH_PAPERS)

export const rowOf = ({ e164, region, papers, setup, monthly }: Listing): WorldRow => ({
  e164,
  country: 'US',
  type: 'local',
  region,
  city: `City of ${region}`,
  rate_center: region,
  capabilities: 'voice;sms',
  currency: 'USD',
  setup_price: String(setup),
  monthly_price: String(monthly),
  required_documents: papers ? 'id' : '',
})

/** Well off, verified, with a child that it pays for; its numbers rest, and it may take them back. */
export const RICH = 12
/** Without proof of identity, and always short of money. */
export const POOR = 13
export const CHILD = 14
/** Owns nothing and may owe; pays for releases. */
export const ON_CREDIT = 15
export const ACCOUNTS = [RICH, POOR, CHILD, ON_CREDIT] as const

const LIMIT = 10
const FEE = 1

function childOf(parent: number, id: number): WorldAccount {
  const { balances: _, ...own } = account(id, '0')
  return { ...own, parent, identity_verified: false, default_organization: id + 100, default_user: id + 200 }
}

export const world: World = {
  quarantine_days: { '*': 0 },
  places: [
    { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
    ...listings.map(({ region }, i) => ({
      ...{ id: 300 + i, kind: 'region' as const, parent: 8652, country: 'US', code: region, name: region },
    })),
  ],
  accounts: [
    { ...account(RICH, '150'), quarantine_days: { '*': 3 }, reclaim_days: { '*': 2 } },
    { ...account(POOR, '20'), identity_verified: false },
    childOf(RICH, CHILD),
    {
      ...account(ON_CREDIT, '0'),
      ...{ credit_limits: { USD: String(LIMIT) }, release_fees: { '*': String(FEE) }, quarantine_days: { '*': 5 } },
    },
  ],
  numbers: FIRST_STOCK.map(rowOf),
}

/** The same in the words of the model. */
export function firstModel(): Model {
  const model = createModel(START)
  const plain = { isActive: true, isVerified: true, balance: 0, limit: 0, rest: 0, reclaim: 0, fee: 0 }
  const open = (id: number, more: object, payer = id) => model.accounts.set(id, { ...plain, id, payer, ...more })
  open(RICH, { balance: 150 * DOLLAR, rest: 3, reclaim: 2 })
  open(POOR, { balance: 20 * DOLLAR, isVerified: false })
  open(CHILD, { isVerified: false }, RICH)
  open(ON_CREDIT, { limit: LIMIT * DOLLAR, rest: 5, fee: FEE * DOLLAR })
  for (const listing of FIRST_STOCK) stock(model, listing)
  return model
}

/** A number comes to the shelf. */
export function stock(model: Model, { e164, papers, setup, monthly }: Listing): void {
  model.numbers.set(e164, {
    ...{ e164, papers, setup: setup * DOLLAR, monthly: monthly * DOLLAR, state: 'available', prior: null },
    ...{ owner: null, lastOwner: null, lease: null, releasesAt: null, coolUntil: null, reclaimUntil: null },
    ...{ heldBy: null, heldUntil: null, changedAt: model.now },
  })
}
