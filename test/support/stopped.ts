/** What an operator does to a number, and how a refusal and its history look. */
import { callerOf, holding } from './market.ts'
import type { TestWorld } from './world.ts'

export async function find(w: TestWorld, e164: string) {
  const found = await w.core.numbers.find(e164)
  if (!found) throw new Error(`no ${e164}`)
  return found
}

export const wrongState = (e164: string, state: string) => ({
  code: 'wrong_state',
  details: { what: 'number', id: e164, state },
})

/** The last events of a number. */
export const told = async (w: TestWorld, e164: string, count: number) =>
  (await w.core.numbers.events({ e164, limit: 99 })).slice(-count).map(({ kind, state, data }) => [kind, state, data])

export async function releaseLater(w: TestWorld, id: number, e164: string, ms: number): Promise<void> {
  const { lease } = await holding(w, e164)
  await w.core.numbers.release(await callerOf(w, id), [lease.id], { kind: 'window', ms, chargeFee: false })
}
