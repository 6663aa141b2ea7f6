import type { Why } from '../ground/fault.ts'
import type { Instant } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { keyDigest } from '../ground/secrets.ts'
import { timeOf, why } from '../ground/why.ts'
import type { Reader } from '../store/store.ts'

const RULE = 'credentials of the account, of this dialect, not revoked'
/** Enough to find a key again in one's own files, too little to guess the rest. */
const SHOWN = 5
const SHARE = 4

type Found = Row<'credentials'>

function storyOf(row: Found, realm: string, isKey: boolean, now: Instant): string {
  const whose = `belongs to account ${row.account_id}`
  if (row.realm !== realm) return `${whose}, but is a credential of ${row.realm}, not of ${realm}`
  if (row.is_active !== 1) return `${whose} and was revoked`
  if (row.ends_at !== null && row.ends_at <= now)
    return `${whose}, and was replaced; it held until ${timeOf(row.ends_at)}`
  return isKey ? `${whose}, which is not the one that was asked for` : `${whose}, and the secret is another one`
}

/** Of several that have the name the most telling: of this realm and still good. */
function best(rows: readonly Found[], realm: string): Found | undefined {
  const weight = (row: Found) => Number(row.realm === realm) * 2 + row.is_active
  return [...rows].sort((a, b) => weight(b) - weight(a))[0]
}

export async function explain(
  db: Reader,
  realm: string,
  publicId: string | undefined,
  secret: string,
  now: Instant,
): Promise<Why> {
  const isKey = publicId === undefined
  const name = isKey
    ? `key ${secret.slice(0, Math.min(SHOWN, Math.floor(secret.length / SHARE)))}…`
    : publicId.slice(0, 100)
  const rows = await db
    .selectFrom('credentials')
    .selectAll()
    .where('public_id', '=', publicId ?? keyDigest(secret))
    .limit(20)
    .execute()
  const row = best(rows, realm)
  if (!row) return why(RULE, `${name} is not known here`, { realm })
  const data = { realm, credential: row.id, account: row.account_id }
  return why(RULE, `${name} ${storyOf(row, realm, isKey, now)}`, data)
}
