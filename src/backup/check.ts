import { type Inspection, inspectFile } from '../../core/store/inspect.ts'
import { problemsOf } from '../../core/store/sqlite-file.ts'
import { checkInvariants } from '../../core/upkeep/index.ts'

/** Numbers up to which the invariants are checked without being asked for: they take some seconds. */
export const MOST_NUMBERS = 1_000_000

export interface Checked {
  /** The last migration that it has. */
  version: string
  /** Migrations that the next start brings to it. */
  older: number
  /** Why the invariants were left out; undefined: they hold. */
  notChecked: string | undefined
}

/** Whole, of this version or an older one, and right. Throws a sentence otherwise. */
export async function checkFile(path: string, always: boolean): Promise<Checked> {
  const problems = problemsOf(path)
  if (problems.length > 0) throw new Error(`${path} is damaged: ${problems.join('; ')}`)
  const file = inspectFile(path)
  try {
    const { version, missing, newer } = await file.schema()
    if (version === undefined) throw new Error(`${path} is no database of didgate`)
    if (newer !== undefined) throw new Error(`${path}: ${newer}`)
    const notChecked = await whyNotChecked(file, missing.length, always)
    if (notChecked === undefined) await insistOnInvariants(file, path)
    return { version, older: missing.length, notChecked }
  } finally {
    await file.close()
  }
}

/** Why the invariants are left out. They are of this version's tables. */
export async function whyNotChecked(file: Inspection, missing: number, always: boolean): Promise<string | undefined> {
  if (missing > 0) return 'it is of an older version'
  if (always) return undefined
  const { numbers } = await file.read(db =>
    db
      .selectFrom('numbers')
      .select(eb => eb.fn.coalesce(eb.fn.max('id'), eb.lit(0)).as('numbers'))
      .executeTakeFirstOrThrow(),
  )
  return numbers > MOST_NUMBERS ? `it holds more than ${MOST_NUMBERS} numbers; --invariants checks them all` : undefined
}

async function insistOnInvariants(file: Inspection, path: string): Promise<void> {
  const { violations } = await file.read(checkInvariants)
  if (violations.length === 0) return
  const list = violations.map(({ invariant, name, rows }) => `${invariant} (${name}): ${rows} rows`)
  throw new Error(`${path} breaks invariants: ${list.join('; ')}`)
}
