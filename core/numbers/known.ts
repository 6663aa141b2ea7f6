import type { PhoneNumber } from '../model.ts'
import { type Row, toNumber } from '../rows.ts'
import type { Reader } from '../store/store.ts'

/** Numbers kept at most; the oldest goes first. About a kilobyte each with what dialects make of them. */
const MOST = 10_000

/**
 * What a search reads of a row to know whether the number is the one that is kept: its version, what changes without
 * one (calls), and what tells it from another number of that id in a database that was emptied and filled again.
 */
export type Head = Pick<Row<'numbers'>, 'id' | 'version' | 'e164' | 'updated_at' | 'last_call_at'>

/** Numbers that were shown lately: an unchanged one is neither read nor built again, and is the same object. */
export interface KnownNumbers {
  /** In the order of the heads. One that changed since its head was read is left out: it may be sold. */
  resolve(db: Reader, heads: readonly Head[]): Promise<PhoneNumber[]>
}

const isSame = (number: PhoneNumber | undefined, head: Head) =>
  number?.version === head.version &&
  number.updatedAt === head.updated_at &&
  number.lastCallAt === head.last_call_at &&
  number.e164 === head.e164

export function createKnownNumbers(): KnownNumbers {
  const kept = new Map<number, PhoneNumber>()
  const keep = (number: PhoneNumber) => {
    kept.delete(number.id)
    kept.set(number.id, Object.freeze(number))
    if (kept.size > MOST) kept.delete(kept.keys().next().value as number)
  }
  return {
    async resolve(db, heads) {
      const missing = heads.filter(head => !isSame(kept.get(head.id), head)).map(({ id }) => id)
      if (missing.length > MOST / 2) return readAll(db, heads)
      if (missing.length > 0) {
        const rows = await db.selectFrom('numbers').selectAll().where('id', 'in', missing).execute()
        for (const row of rows) keep(toNumber(row))
      }
      return heads.flatMap(head => {
        const number = kept.get(head.id)
        return number && isSame(number, head) ? [number] : []
      })
    },
  }
}

/** More than it would pay to keep, in parts that fit the engines' limits of parameters. */
const AT_ONCE = 5_000

async function readAll(db: Reader, heads: readonly Head[]): Promise<PhoneNumber[]> {
  const found = new Map<number, PhoneNumber>()
  for (let at = 0; at < heads.length; at += AT_ONCE) {
    const ids = heads.slice(at, at + AT_ONCE).map(({ id }) => id)
    const rows = await db.selectFrom('numbers').selectAll().where('id', 'in', ids).execute()
    for (const row of rows) found.set(row.id, toNumber(row))
  }
  return heads.flatMap(head => {
    const number = found.get(head.id)
    return number && isSame(number, head) ? [number] : []
  })
}
