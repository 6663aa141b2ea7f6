/** Units that stand still: what others do beside one that holds its locks and is not committed. */
import type { Store, Writer } from '../../core/store/store.ts'

/** A unit that has done its work, and is committed when what is returned is called. */
export async function underWay(
  { store }: { store: Store },
  work: (db: Writer) => Promise<unknown>,
): Promise<() => Promise<void>> {
  let commit = () => {}
  const gate = new Promise<void>(resolve => {
    commit = resolve
  })
  let begun = () => {}
  const isBegun = new Promise<void>(resolve => {
    begun = resolve
  })
  const unit = store.write(async db => {
    await work(db)
    begun()
    await gate
  })
  // work that fails is told, and not waited for
  await Promise.race([isBegun, unit])
  return async () => {
    commit()
    await unit
  }
}

/** A unit that holds this number, until what is returned is called. On PostgreSQL. */
export const locked = (world: { store: Store }, e164: string) =>
  underWay(world, db => db.selectFrom('numbers').select('id').where('e164', '=', e164).forUpdate().execute())
