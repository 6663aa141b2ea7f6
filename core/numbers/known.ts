import type { PhoneNumber } from '../ground/model.ts'
import { type Row, toNumber } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'

/** Numbers kept at most; the oldest goes first. About a kilobyte each with what dialects make of them. */
const MOST = 10_000

/**
 * What a search reads of a row to know whether the number is the one that is kept: its version, what changes without
 * one (calls), and what tells it from another number of that id in a database that was emptied and filled again.
 */
export type Head = Pick<Row<'numbers'>, 'id' | 'version' | 'e164' | 'updated_at' | 'last_call_at'> & {
  /** How many there are in all; -1: not told. */
  total: number
}

/** Numbers that were shown lately: an unchanged one is neither read nor built again, and is the same object. */
export interface KnownNumbers {
  /** In the order of the heads. One that changed since its head was read is left out: it may be sold. */
  resolve(db: Reader, heads: readonly Head[]): Promise<PhoneNumber[]>
}

const isSame = (number: PhoneNumber | undefined, head: Omit<Head, 'total'>) =>
  number?.version === head.version &&
  number.updatedAt === head.updated_at &&
  number.lastCallAt === head.last_call_at &&
  number.e164 === head.e164

/** Rows read by one statement at most, for the engines' limits of parameters. */
const AT_ONCE = 5_000

export function createKnownNumbers(): KnownNumbers {
  const kept = new Map<number, PhoneNumber>()
  const keep = (number: PhoneNumber) => {
    kept.delete(number.id)
    kept.set(number.id, number)
    if (kept.size > MOST) kept.delete(kept.keys().next().value as number)
  }
  /** Undefined: one at least is not known. */
  const allKnown = (heads: readonly Head[]): PhoneNumber[] | undefined => {
    const numbers: PhoneNumber[] = []
    for (const head of heads) {
      const number = kept.get(head.id)
      if (!number || !isSame(number, head)) return undefined
      numbers.push(number)
    }
    return numbers
  }
  const readMissing = async (db: Reader, heads: readonly Head[]) => {
    // held here for this answer, whatever what is read now pushes out
    const held = new Map(heads.map(({ id }) => [id, kept.get(id)]))
    const missing = heads.filter(head => !isSame(held.get(head.id), head)).map(({ id }) => id)
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      for (const number of await readNumbers(db, missing.slice(at, at + AT_ONCE))) {
        held.set(number.id, number)
        keep(number)
      }
    }
    return heads.flatMap(head => {
      const number = held.get(head.id)
      return number && isSame(number, head) ? [number] : []
    })
  }
  return { resolve: async (db, heads) => allKnown(heads) ?? readMissing(db, heads) }
}

/** Whether all of them are what they were when they were read, as this database tells it now. */
export async function areUnchanged(db: Reader, numbers: readonly PhoneNumber[]): Promise<boolean> {
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = new Map(numbers.slice(at, at + AT_ONCE).map(number => [number.id, number]))
    const rows = await db
      .selectFrom('numbers')
      .select(['id', 'version', 'e164', 'updated_at', 'last_call_at'])
      .where('id', 'in', [...some.keys()])
      .execute()
    if (rows.length < some.size || !rows.every(row => isSame(some.get(row.id), row))) return false
  }
  return true
}

async function readNumbers(db: Reader, ids: readonly number[]): Promise<PhoneNumber[]> {
  const rows = await db.selectFrom('numbers').selectAll().where('id', 'in', ids).execute()
  return rows.map(row => Object.freeze(toNumber(row)))
}
