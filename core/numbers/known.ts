import { LRUCache } from 'lru-cache'
import type { PhoneNumber } from '../ground/model.ts'
import { type Row, toNumber } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'

/** Numbers kept at most. About a kilobyte each with what dialects make of them. */
const MOST = 10_000

/**
 * What a search reads of a row to know whether the number is the one that is kept: its version, what changes without
 * one (calls), and what tells it from another number of that id in a database that was emptied and filled again.
 */
export type Head = Pick<Row<'numbers'>, 'id' | 'version' | 'e164' | 'updated_at' | 'last_call_at'>

/**
 * The heads of a page as the database tells them: one value, because each one of a hundred costs more on its way than
 * it does to find.
 */
export interface HeadsRow {
  /** JSON: a list of the members of `Head` for each, in that order. */
  heads: string
  /** How many there are in all; -1: not told. */
  total: number
}

/** Numbers that were shown lately: an unchanged one is neither read nor built again, and is the same object. */
export interface KnownNumbers {
  /** The same text is the same list. */
  heads(text: string): readonly Head[]
  /** In the order of the heads, where all of them are known. Undefined: some are to be read. */
  shown(heads: readonly Head[]): readonly PhoneNumber[] | undefined
  /** In the order of the heads. One that changed since its head was read is left out: it may be sold. */
  resolve(db: Reader, heads: readonly Head[]): Promise<readonly PhoneNumber[]>
  /** As `resolve`, but for who holds them: one that changed since is given as it is now. */
  latest(db: Reader, heads: readonly Head[]): Promise<readonly PhoneNumber[]>
}

const isSame = (number: PhoneNumber | undefined, head: Head) =>
  number?.version === head.version &&
  number.updatedAt === head.updated_at &&
  number.lastCallAt === head.last_call_at &&
  number.e164 === head.e164

/** Rows read by one statement at most, for the engines' limits of parameters. */
const AT_ONCE = 5_000

function parsed(text: string): readonly Head[] {
  const rows = JSON.parse(text) as [number, number, string, number, number | null][]
  return rows.map(([id, version, e164, updated_at, last_call_at]) => ({ id, version, e164, updated_at, last_call_at }))
}

export function createKnownNumbers(): KnownNumbers {
  const texts = new LRUCache<string, readonly Head[]>({ maxSize: MOST, sizeCalculation: ({ length }) => length + 1 })
  /** Of lists whose numbers were all as their heads said; such numbers never change. */
  const resolved = new WeakMap<readonly Head[], readonly PhoneNumber[]>()
  let made: LRUCache<number, PhoneNumber> | undefined
  /** A millisecond to make, since it sets room aside for all: not before somebody searches. */
  const keeping = () => {
    made ??= new LRUCache({ max: MOST })
    return made
  }
  const shown = (heads: readonly Head[]): readonly PhoneNumber[] | undefined => {
    const known = resolved.get(heads)
    if (known) return known
    const kept = keeping()
    const numbers: PhoneNumber[] = []
    for (const head of heads) {
      const number = kept.get(head.id)
      if (!number || !isSame(number, head)) return undefined
      numbers.push(number)
    }
    resolved.set(heads, Object.freeze(numbers))
    return numbers
  }
  /** Of each head the number that is kept, or read now because it is not that one. */
  const look = async (db: Reader, heads: readonly Head[]) => {
    const kept = keeping()
    // held here for this answer, whatever what is read now pushes out
    const held = new Map(heads.map(({ id }) => [id, kept.get(id)]))
    const missing = heads.filter(head => !isSame(held.get(head.id), head)).map(({ id }) => id)
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      for (const number of await readNumbers(db, missing.slice(at, at + AT_ONCE))) {
        held.set(number.id, number)
        kept.set(number.id, number)
      }
    }
    return heads.map(head => ({ head, number: held.get(head.id) }))
  }
  return {
    heads(text) {
      const known = texts.get(text)
      if (known) return known
      const heads = parsed(text)
      texts.set(text, heads)
      return heads
    },
    shown,
    async resolve(db, heads) {
      const known = shown(heads)
      if (known) return known
      const found = await look(db, heads)
      const numbers = found.flatMap(({ head, number }) => (number && isSame(number, head) ? [number] : []))
      if (numbers.length === heads.length) resolved.set(heads, Object.freeze(numbers))
      return numbers
    },
    latest: async (db, heads) => (await look(db, heads)).flatMap(({ number }) => number ?? []),
  }
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
