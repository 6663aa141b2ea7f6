import { sql } from 'kysely'
import { Fault } from '../ground/fault.ts'
import type { Unit } from '../ground/unit.ts'
import { integersIn } from '../store/bulk.ts'
import { demand, insertRows } from '../store/statements.ts'
import { compiled, textOf } from '../store/texts.ts'
import { eventOf, isOnShelf, type NumberRow, planned, type Transition, trace, transition } from './lifecycle.ts'
import { countShelf } from './stock.ts'

export interface Change {
  /** Whose act it is, where several units are one. */
  by?: Unit
  row: NumberRow
  change: Transition
}

/** Up to here the statements of single rows, whose texts are kept, are the faster ones. */
const FEW = { sqlite: 8, postgres: 1 }

interface Step extends Change {
  next: NumberRow
}

/** A column that is set alike in all rows. */
function assignment(column: keyof NumberRow, steps: readonly Step[]) {
  const value = steps[0]?.next[column] ?? null
  if (steps.some(({ next }) => next[column] !== value)) throw new TypeError(`${column} differs from row to row`)
  return sql`${sql.ref(column)} = ${value}`
}

/** Columns that change in any of them. */
function changedIn(steps: readonly Step[]): (keyof NumberRow)[] {
  const columns = Object.keys(steps[0]?.next ?? {}) as (keyof NumberRow)[]
  return columns.filter(column => steps.some(({ row, next }) => row[column] !== next[column]))
}

/** One statement for all of them, guarded by the version of each. Faults: conflict. */
async function updateAll(unit: Unit, steps: readonly Step[]): Promise<void> {
  const named = changedIn(steps).filter(column => column !== 'version' && column !== 'lease_id')
  const rows = steps.map(({ row: { id, version }, next: { lease_id } }) => ({ id, version, lease_id }))
  const step = integersIn(unit.engine, ['id', 'version', 'lease_id'], rows)
  const sets = [
    sql`version = numbers.version + 1`,
    sql`lease_id = step.lease_id`,
    ...named.map(column => assignment(column, steps)),
  ]
  const update = sql`WITH step AS (${step})
    UPDATE numbers SET ${sql.join(sets)} FROM step WHERE numbers.id = step.id AND numbers.version = step.version`
  const { sql: written, parameters } = update.compile(unit.db)
  // it does not depend on how many there are
  const text = textOf(unit.engine, 1, written, () => written)
  await demand(unit, compiled(text, parameters), steps.length, () => {
    const all = steps.map(({ row }) => row.e164).join(', ')
    return new Fault('conflict', { what: 'number', id: all.slice(0, 200) })
  })
}

/**
 * `transition` for many rows at once, which differ in nothing but what they were and their leases. All or nothing.
 * Faults: wrong_state, conflict.
 */
export async function transitionAll(unit: Unit, changes: readonly Change[]): Promise<NumberRow[]> {
  // what ends a hold closes it too, one by one
  if (changes.length <= FEW[unit.engine.name] || changes.some(({ row }) => row.held_until !== null)) {
    const after: NumberRow[] = []
    for (const { by = unit, row, change } of changes) after.push(await transition(by, row, change))
    return after
  }
  const steps = changes.map(each => ({ ...each, next: planned(unit, each.row, each.change) }))
  await updateAll(unit, steps)
  await insertRows(
    unit,
    'number_events',
    steps.map(({ by = unit, next, change }) => eventOf(by, next, change)),
  )
  for (const { by = unit, row, next, change } of steps) {
    trace(by, next, change)
    const delta = Number(isOnShelf(next)) - Number(isOnShelf(row))
    if (delta !== 0) countShelf(unit, row.stock_id, delta)
  }
  return steps.map(({ next }) => next)
}
