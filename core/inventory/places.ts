import { Fault } from '../ground/fault.ts'
import type { Place } from '../ground/model.ts'
import { countryOf } from '../ground/numbering-plan.ts'
import { toPlace } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { skipPastId } from '../store/ids.ts'
import type { NewPlace, Places } from '../verbs.ts'

export async function createPlace(unit: Unit, input: NewPlace): Promise<Place> {
  const parent = input.parentId
    ? await unit.db.selectFrom('places').selectAll().where('id', '=', input.parentId).executeTakeFirst()
    : undefined
  if (input.parentId && !parent) throw missing('place', input.parentId)
  if (input.id !== undefined) {
    const taken = await unit.db.selectFrom('places').select('id').where('id', '=', input.id).executeTakeFirst()
    if (taken) throw new Fault('name_taken', { what: 'place', name: String(input.id) })
  }
  const row = await unit.db
    .insertInto('places')
    .values({
      ...(input.id === undefined ? {} : { id: input.id }),
      kind: input.kind,
      parent_id: parent?.id ?? null,
      country_id: parent?.country_id ?? input.id ?? 0,
      country: input.country,
      code: input.code,
      name: input.name,
      has_regions: input.hasRegions ? 1 : 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (input.id !== undefined) await skipPastId(unit.engine, unit.db, 'places', input.id)
  if (row.country_id !== 0) return toPlace(row)
  await unit.db.updateTable('places').set({ country_id: row.id }).where('id', '=', row.id).execute()
  return toPlace({ ...row, country_id: row.id })
}

export function createPlaces({ store }: Context, run: RunUnit): Places {
  return {
    create: input => run(null, unit => createPlace(unit, input)),
    countryOf,
    get: id =>
      store.read(async db => {
        const row = await db.selectFrom('places').selectAll().where('id', '=', id).executeTakeFirst()
        return row && toPlace(row)
      }),
    list: filter =>
      store.read(async db => {
        let query = db.selectFrom('places').selectAll().orderBy('name').orderBy('id')
        if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
        if (filter.parentId !== undefined) query = query.where('parent_id', '=', filter.parentId)
        if (filter.countryId !== undefined) query = query.where('country_id', '=', filter.countryId)
        if (filter.country !== undefined) query = query.where('country', '=', filter.country)
        if (filter.ids) {
          if (filter.ids.length === 0) return []
          query = query.where('id', 'in', filter.ids)
        }
        return (await query.execute()).map(toPlace)
      }),
  }
}
