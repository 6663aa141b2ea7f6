import * as v from 'valibot'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import { shownAs } from '../../adapters/kit/schema.ts'
import { isE164 } from '../../core/ground/e164.ts'
import { Fault, type Issue, isFault } from '../../core/ground/fault.ts'
import type { JsonObject } from '../../core/ground/model.ts'
import { parseMoney } from '../../core/ground/money.ts'
import { isCountry, isCurrency } from '../../core/ground/numbering-plan.ts'
import { FEATURES, issuesOf } from '../../core/people/index.ts'
import type { Realm } from '../../core/verbs.ts'
import { dialectModules } from '../dialects.ts'
import { NUMBER_COLUMNS, OWNED_COLUMNS } from '../files/read-csv.ts'
import { realmsOf } from '../realms.ts'

// A world is all that a fresh gateway starts from: plain JSON, snake_case, money as decimal text. Unknown keys are
// refused, because a misspelt one would otherwise be a silent gap in somebody's test bed.

const Text = v.pipe(v.string(), v.nonEmpty('must not be empty'))
const Id = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be at least 1'))
const Guid = v.pipe(v.string(), v.uuid('must be a UUID'))
const Currency = v.pipe(v.string(), v.check(isCurrency, 'must be an ISO 4217 currency code such as "USD"'))
const Country = v.pipe(v.string(), v.check(isCountry, 'must be an ISO 3166 country code such as "US"'))
const Money = v.pipe(
  v.string(),
  v.regex(/^\d{1,10}(\.\d{1,6})?$/, 'must be an amount as text, such as "25.00"'),
  v.check(isAmount, 'is more than any account can hold'),
)
const MAX_DAYS = 3650
const Days = v.record(
  v.union([Country, v.literal('*')], 'must be a country code or "*"'),
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(MAX_DAYS, `must not be more than ${MAX_DAYS}`),
  ),
)

function isAmount(text: string): boolean {
  try {
    return parseMoney(text) >= 0
  } catch (error) {
    if (isFault(error, 'invalid_input')) return false
    throw error
  }
}

const Json = v.pipe(
  v.custom<JsonObject>(
    value => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  ),
  shownAs({ type: 'object' }),
)
const Role = v.picklist(['operator', 'account_admin', 'organization_admin', 'user'])

const Place = v.strictObject({
  id: Id,
  kind: v.picklist(['country', 'region', 'city']),
  parent: v.optional(Id),
  country: Country,
  code: v.string(),
  name: Text,
  has_regions: v.optional(v.boolean()),
})

const User = v.strictObject({
  id: v.optional(Id),
  username: Text,
  auth_username: Text,
  role: Role,
  password: v.optional(Text),
  sip_password: v.optional(Text),
  contact: v.optional(Json),
})

const Organization = v.strictObject({
  id: v.optional(Id),
  domain: Text,
  contact: v.optional(Json),
  users: v.optional(v.array(User)),
})

const Credential = v.strictObject({
  realm: Text,
  /** Default: the one that the dialect's clients send. */
  kind: v.optional(v.picklist(['password', 'key_pair', 'key'])),
  public_id: v.optional(Text),
  secret: Text,
  role: v.optional(Role),
  scopes: v.optional(v.array(Text)),
  name: v.optional(Text),
})

const Trunk = v.strictObject({
  id: v.optional(Id),
  guid: v.optional(Guid),
  name: Text,
  label: v.optional(v.string()),
  data: v.optional(Json),
})

const CompanyProfile = v.strictObject({
  guid: v.optional(Guid),
  status: v.picklist(['incomplete', 'in_review', 'approved', 'rejected']),
  /** The country whose numbers it may order. */
  country: Country,
  types: v.array(v.picklist(['local', 'national', 'mobile', 'toll_free'])),
  /** Name, address, contacts: what a dialect shows and lets its clients edit. */
  data: v.optional(Json),
})

const kept = {
  /** The surface's own word, such as `bandwidth.site`. */
  kind: Text,
  name: v.optional(v.string()),
  data: v.optional(Json),
}

/** What an account keeps at one surface beside numbers, with what hangs on it. */
const Resource = v.strictObject({ ...kept, below: v.optional(v.array(v.strictObject(kept))) })

const Account = v.strictObject({
  id: v.optional(Id),
  guid: v.optional(Guid),
  handle: v.optional(Text),
  name: Text,
  /** Id of the account above; that one stands earlier in the list. */
  parent: v.optional(Id),
  currency: Currency,
  role: v.optional(v.picklist(['owner', 'operator'])),
  is_active: v.optional(v.boolean()),
  identity_verified: v.optional(v.boolean()),
  allow_unauthenticated: v.optional(v.boolean()),
  balances: v.optional(v.record(Currency, Money)),
  credit_limits: v.optional(v.record(Currency, Money)),
  /** Per currency; `*` stands for every other one. */
  release_fees: v.optional(v.record(v.union([Currency, v.literal('*')], 'must be a currency code or "*"'), Money)),
  quarantine_days: v.optional(Days),
  /** Days in which the last owner alone may take a released number back. */
  reclaim_days: v.optional(Days),
  features_off: v.optional(v.array(v.picklist(FEATURES, `must be one of ${FEATURES.join(', ')}`))),
  profile: v.optional(Json),
  organizations: v.optional(v.array(Organization)),
  /** Default: its first organization and its first user, or those of the account above. */
  default_organization: v.optional(Id),
  default_user: v.optional(Id),
  credentials: v.optional(v.array(Credential)),
  trunks: v.optional(v.array(Trunk)),
  company_profiles: v.optional(v.array(CompanyProfile)),
  resources: v.optional(v.array(Resource)),
})

const Cell = v.union([v.string(), v.pipe(v.number(), v.finite())], 'must be text or a number')
const cells = <K extends string>(names: readonly K[]) =>
  Object.fromEntries(names.map(name => [name, v.optional(Cell)])) as Record<K, v.OptionalSchema<typeof Cell, undefined>>
const NumberRow = v.strictObject(cells(NUMBER_COLUMNS))
const OwnedRow = v.strictObject(cells([...NUMBER_COLUMNS, ...OWNED_COLUMNS]))
const File = v.pipe(v.string(), v.endsWith('.csv', 'must be rows or the name of a .csv file'))
/** Chosen by what was given, not by trial, so that a wrong row is named and not just the list. */
const fileOr = <S extends v.GenericSchema>(row: S) => {
  const rows = v.array(row, 'must be rows or the name of a .csv file')
  return v.lazy(value => (typeof value === 'string' ? File : rows))
}

const Blocked = v.strictObject({
  e164: v.pipe(v.string(), v.check(isE164, 'must be a number such as "+12025550100"')),
  reason: Text,
})

export const WorldSchema = v.strictObject({
  /** Days a released number rests, per country; `*` stands for every other one. */
  quarantine_days: v.optional(Days),
  /** Days in which the last owner alone may take it back, per country; none unless set. */
  reclaim_days: v.optional(Days),
  /** Parents before children. */
  places: v.optional(v.array(Place)),
  accounts: v.optional(v.array(Account)),
  /** Stock: a CSV file beside the world, or rows with the same column names. */
  numbers: v.optional(fileOr(NumberRow)),
  /** Numbers that customers own already, with the further columns. */
  owned: v.optional(fileOr(OwnedRow)),
  /** Numbers taken off the shelf after loading. */
  blocked: v.optional(v.array(Blocked)),
})

export type World = v.InferOutput<typeof WorldSchema>
export type WorldAccount = v.InferOutput<typeof Account>
export type WorldPlace = v.InferOutput<typeof Place>
export type WorldRow = v.InferOutput<typeof OwnedRow>
export type WorldCompanyProfile = v.InferOutput<typeof CompanyProfile>

function wording(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return issue.message
  if (issue.expected === 'never') return 'unknown key'
  return issue.received === 'undefined' ? 'is missing' : issue.message
}

/** Credentials that could not be kept where they are meant for. */
function credentialIssues({ accounts = [] }: World, realms: readonly Realm[]): Issue[] {
  return accounts.flatMap((account, i) =>
    (account.credentials ?? []).flatMap((credential, j) => {
      const kind = credential.kind ?? realms.find(({ name }) => name === credential.realm)?.kinds[0] ?? 'key'
      const found = issuesOf({ ...credential, kind }, realms)
      return found.map(issue => ({ ...issue, field: `accounts.${i}.credentials.${j}.${issue.field}` }))
    }),
  )
}

/** Check a parsed JSON value. Faults: invalid_input, one issue per wrong place. */
export function parseWorld(value: unknown, name = 'world', realms: readonly Realm[] = realmsOf(dialectModules)): World {
  const result = v.safeParse(WorldSchema, value, { message: issueWords })
  const issues = result.success
    ? credentialIssues(result.output, realms)
    : result.issues.map(issue => {
        const field = (issue.path ?? []).map(item => String(item.key)).join('.')
        return { field, problem: 'format' as const, message: wording(issue) }
      })
  if (result.success && issues.length === 0) return result.output
  throw new Fault('invalid_input', { issues }, { message: `${name} is not a world: ${sentenceOf(issues)}` })
}

/** Wrong places that a sentence names; a file made by a program has the same mistake thousands of times. */
const MOST_TOLD = 20

function sentenceOf(issues: readonly Issue[]): string {
  const told = issues
    .slice(0, MOST_TOLD)
    .map(({ field, message }) => `${field === '' ? 'the file' : field}: ${message}`)
  const others = issues.length - told.length
  return told.join('; ') + (others > 0 ? `; and ${others} more` : '')
}
