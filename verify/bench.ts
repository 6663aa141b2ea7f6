/** Who acts in a run, and the numbers they may buy. */
import type { DialectModule } from '../adapters/kit/dialect.ts'
import type { Driver, Offer } from '../adapters/kit/driver.ts'
import { isNotApplicable, notApplicable } from '../adapters/kit/expect.ts'
import type { Credentials, RuleAnswer, RuleBench, RuleCall, Who } from '../adapters/kit/rules.ts'
import type { Bench } from './cases/case.ts'
import type { CredentialSet } from './credentials.ts'
import type { Send } from './probe.ts'

export interface Benches {
  contract: Bench
  rules: RuleBench
  /** Gives back what the check before bought, so that a run leaves little behind. */
  tidy(): Promise<void>
  /** Gives back everything that was not owned when the run began. */
  tidyAll(): Promise<void>
}

export interface BenchOptions {
  module: DialectModule
  base: string
  credentials: CredentialSet
  send: Send
}

export function createBenches({ module, base, credentials, send }: BenchOptions): Benches {
  const { driver, rules } = module
  const of = (given: Credentials | undefined) => driver.create({ send, base, ...(given && { credentials: given }) })
  const clients: Record<Who, Driver> = {
    account: of(credentials.account),
    other: credentials.other ? of(credentials.other) : absent(of(undefined)),
    nobody: of(undefined),
    stranger: of(credentials.stranger),
  }
  const stock = createStock(clients)
  const given = (who: Who) => (who === 'nobody' ? undefined : credentialsOf(credentials, who))
  const ask = async (call: RuleCall) => answered(await send(rules.request(base, given(call.as ?? 'account'), call)))
  return {
    contract: contractBench(clients, stock),
    rules: {
      ask,
      get: (path, as) => ask({ method: 'GET', path, ...(as && { as }) }),
      credentials: who => credentialsOf(credentials, who),
      driver: who => clients[who],
      number: stock.next,
    },
    tidy: stock.tidy,
    tidyAll: stock.tidyAll,
  }
}

const NO_OTHER = 'the credentials name no second account'

function credentialsOf(set: CredentialSet, who: 'account' | 'other' | 'stranger'): Credentials {
  const found = set[who]
  if (!found) throw notApplicable(NO_OTHER)
  return found
}

/** A client whose every verb says that there is no second account. */
function absent(like: Driver): Driver {
  const verbs = Object.keys(like).map(name => [name, () => Promise.reject(notApplicable(NO_OTHER))])
  return Object.fromEntries(verbs) as unknown as Driver
}

async function answered(response: Response): Promise<RuleAnswer> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: json(text) }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function contractBench(clients: Record<Who, Driver>, stock: Stock): Bench {
  const { account: rich, other: poor } = clients
  const who = { rich, poor }
  return {
    ...who,
    anonymous: clients.nobody,
    stranger: clients.stranger,
    number: stock.next,
    owned: name => who[name].owned(),
    price: stock.price,
    ...(rich.balance && {
      balance: async name => {
        const currency = await stock.currency()
        return (await who[name].balance?.(currency)) ?? 0
      },
    }),
  }
}

interface Stock {
  next(): Promise<string>
  price(e164: string): number | undefined
  /** Of the numbers that are handed out. */
  currency(): Promise<string>
  tidy(): Promise<void>
  tidyAll(): Promise<void>
}

const AT_ONCE = 100
const DEFAULT_CURRENCY = 'USD'

function createStock(clients: Record<Who, Driver>): Stock {
  const seller = clients.account
  const buyers = [clients.account, clients.other]
  const known = new Map<string, Offer>()
  const handed = new Set<string>()
  /** Handed out since the last tidying. */
  let recent: string[] = []
  /** Isolated before and free again. */
  let again: string[] = []
  let before: Promise<string[][]> | undefined
  const currencyOf = () => [...known.values()].find(({ currency }) => currency)?.currency
  const refill = async () => {
    const offers = (await seller.offers?.(AT_ONCE)) ?? []
    const currency = currencyOf() ?? offers.find(each => each.currency)?.currency
    for (const offer of offers.filter(each => each.currency === currency)) known.set(offer.e164, offer)
  }
  const find = async (): Promise<string> => {
    if (seller.isolate) return again.shift() ?? seller.isolate()
    if (!seller.offers) throw notApplicable('numbers are not sold by name, and not given back')
    const unused = () => [...known.keys()].find(e164 => !handed.has(e164))
    if (unused() === undefined) await refill()
    const found = unused()
    if (found === undefined) throw notApplicable('the target offers no number to buy')
    return found
  }
  return {
    price: e164 => known.get(e164)?.price,
    async currency() {
      if (known.size === 0) await refill()
      return currencyOf() ?? DEFAULT_CURRENCY
    },
    async next() {
      before ??= Promise.all(buyers.map(ownedBy))
      await before
      const e164 = await find()
      handed.add(e164)
      recent.push(e164)
      return e164
    },
    async tidy() {
      const numbers = recent
      recent = []
      for (const buyer of numbers.length > 0 ? buyers : []) await giveBack(buyer, numbers)
      if (seller.isolate) again = [...new Set([...again, ...numbers])]
    },
    async tidyAll() {
      if (!before) return
      const first = await before
      for (const [index, buyer] of buyers.entries()) {
        const more = (await ownedBy(buyer)).filter(e164 => !first[index]?.includes(e164))
        await giveBack(buyer, more)
      }
    },
  }
}

async function ownedBy(driver: Driver): Promise<string[]> {
  return driver.owned().catch(() => [])
}

/** What cannot be given back stays: tidying judges nothing. */
async function giveBack(driver: Driver, numbers: readonly string[]): Promise<void> {
  const list = () => driver.owned().catch(error => (isNotApplicable(error) ? numbers : []))
  const owned = new Set(numbers.length > 0 ? await list() : [])
  for (const e164 of numbers.filter(each => owned.has(each))) await driver.release(e164).catch(() => {})
}
