/** Orders that keep their numbers, and those who look through them. */
import type { Order } from '../../core/ground/model.ts'
import type { HoldWish, KeepRequest } from '../../core/verbs.ts'
import { buy, callerOf, DAY, market, number, numbers } from '../support/market.ts'
import type { TestWorld } from '../support/world.ts'

export const [A, B, C] = numbers(3).map(({ e164 }) => String(e164)) as [string, string, string]
export const WITH_PAPERS = '+12127890300'
export const STOCK = [...numbers(3), number(WITH_PAPERS, { required_documents: 'id' })]

/** A market whose orders are listened to. */
export async function openMarket(worlds: { open(world: ReturnType<typeof market>): Promise<TestWorld> }) {
  const w = await worlds.open(market(STOCK))
  w.core.outbox.subscribe(['order.updated'])
  return w
}

export const keep = async (w: TestWorld, id: number, wish: HoldWish, more: Partial<KeepRequest> = {}) =>
  w.core.orders.keep(await callerOf(w, id), {
    ...{ dialect: 'sinch', wish, keepMs: 2 * DAY, settings: { plan: 'x' }, schedule: [], callbackUrl: null },
    data: found => ({ first: found[0]?.e164 ?? '' }),
    ...more,
  })

export const submit = async (w: TestWorld, id: number, order: { id: number }) =>
  w.core.orders.submit(await callerOf(w, id), order.id)

export async function read(w: TestWorld, { id }: { id: number }): Promise<Order> {
  const order = await w.core.orders.find(id)
  if (!order) throw new Error(`there is no order ${id}`)
  return order
}

export const heldBy = async (w: TestWorld, id: number) =>
  (await w.core.holds.of(id, { limit: 9, offset: 0 })).items.map(each => [each.number.e164, each.until])

export const canBuy = (w: TestWorld, id: number, e164: string) =>
  buy(w, id, e164).then(
    () => true,
    () => false,
  )

/** What each event about an order says of its status. */
export const toldOf = (w: TestWorld) =>
  w.store.read(async db => {
    const rows = await db.selectFrom('outbox').selectAll().where('kind', '=', 'order.updated').orderBy('id').execute()
    return rows.map(({ data }) => JSON.parse(data).status)
  })
