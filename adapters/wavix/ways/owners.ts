import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Owned } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { invalid } from '../fields/common.ts'
import { DIALECT, numberOf } from '../ids.ts'

const ALL = { limit: 10_000, offset: 0 }

/** Owned numbers with these record ids, in the order asked; undefined where one is not the caller's. */
async function byIds(core: Core, caller: Caller, ids: readonly string[]): Promise<(Owned | undefined)[]> {
  const leaseIds = ids.filter(id => /^\d{1,15}$/.test(id)).map(Number)
  const found = await core.numbers.owned({ accountIds: [caller.account.id], leaseIds }, ALL, { dialect: DIALECT })
  const byId = new Map(found.items.map(owned => [String(owned.lease.id), owned]))
  return ids.map(id => byId.get(id))
}

async function byNumbers(core: Core, caller: Caller, numbers: readonly string[]): Promise<(Owned | undefined)[]> {
  const e164s = numbers.flatMap(number => numberOf(number) ?? [])
  const found = await core.numbers.owned({ accountIds: [caller.account.id], e164s }, ALL, { dialect: DIALECT })
  const byNumber = new Map(found.items.map(owned => [owned.number.e164, owned]))
  return numbers.map(number => byNumber.get(numberOf(number) ?? ''))
}

/** All must be the caller's. Faults: not_found naming the first that is not. */
function complete(asked: readonly string[], found: readonly (Owned | undefined)[]): Owned[] {
  return asked.map((id, index) => {
    const owned = found[index]
    if (!owned) throw new Fault('not_found', { what: 'lease', id })
    return owned
  })
}

export async function ownedByIds(core: Core, caller: Caller, ids: readonly string[]): Promise<Owned[]> {
  return complete(ids, await byIds(core, caller, ids))
}

/** Record ids, or numbers where a record id matches nothing; `dids` are always numbers. Exactly one of the two lists. */
export async function ownedByEither(
  core: Core,
  caller: Caller,
  { ids, dids }: { ids: readonly string[]; dids: readonly string[] },
): Promise<Owned[]> {
  if (ids.length > 0 === dids.length > 0) throw invalid('ids')
  if (dids.length > 0) return complete(dids, await byNumbers(core, caller, dids))
  const [records, numbers] = [await byIds(core, caller, ids), await byNumbers(core, caller, ids)]
  return complete(
    ids,
    records.map((owned, index) => owned ?? numbers[index]),
  )
}
