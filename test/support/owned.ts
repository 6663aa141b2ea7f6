/** What an account owns as a dialect tells it; where its provider has no list, the core answers for it. */
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import type { Driver } from '../../adapters/kit/driver.ts'
import type { TestWorld } from './world.ts'

export async function ownedBy(
  { core }: Pick<TestWorld, 'core'>,
  { name, driver }: DialectModule,
  client: Driver,
  account: number,
): Promise<string[]> {
  if (!driver.cannot?.owned) return client.owned()
  const page = { limit: 1000, offset: 0 }
  const { items } = await core.numbers.owned({ accountIds: [account] }, page, { dialect: name })
  return items.map(({ number }) => number.e164).sort()
}

/** A number that nobody has. */
const NOBODYS = '+12015550000'

/** Asks what only a known client is answered: its list, or a purchase that cannot be made. Throws where a list is refused. */
export async function knock({ driver }: DialectModule, client: Driver): Promise<unknown> {
  return driver.cannot?.owned ? client.buy(NOBODYS) : client.owned()
}

/** Whether the dialect lets the client in. */
export async function letsIn(module: DialectModule, client: Driver): Promise<boolean> {
  return knock(module, client).then(
    told => told !== 'refused',
    () => false,
  )
}
