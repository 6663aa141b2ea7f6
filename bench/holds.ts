/** What numbers on hold cost those who search: the same searches without holds, with some, and with as many as one account may have. */
import type { Core } from '../core/verbs.ts'
import { openCustomer, plan, withCore } from './data.ts'
import { median } from './table.ts'

const NUMBERS = 40_000
const [NPAS, NXXS] = [2, 20] as const
const STEPS = [500, 5_000] as const
const AT_ONCE = 100
const HOUR_MS = 3_600_000
const SEARCHES = 400
const ROUNDS = 9

/** Processor time of a search by area with its total, in microseconds. */
async function searchTime({ numbers }: Core): Promise<number> {
  const before = process.cpuUsage()
  for (let n = 0; n < SEARCHES; n++) {
    await numbers.search({ country: 'US', areaCode: '201' }, { limit: 50, offset: (n % 100) * 50 }, true)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / SEARCHES
}

async function rounds(core: Core): Promise<number> {
  await searchTime(core)
  const times: number[] = []
  for (let n = 0; n < ROUNDS; n++) times.push(await searchTime(core))
  return median(times)
}

async function holdUpTo(core: Core, held: number): Promise<void> {
  const account = await core.accounts.get(12)
  if (!account) throw new Error('no customer')
  const caller = core.accounts.callerFor(account)
  const terms = { until: core.clock.now() + HOUR_MS, documents: 'refuse' } as const
  for (let { total } = await core.holds.of(12, { limit: 1, offset: 0 }); total < held; total += AT_ONCE) {
    await core.holds.take(caller, { filter: { areaCode: '201' }, quantity: AT_ONCE }, terms)
  }
}

/** A line: without holds, and with each number of them. They are the first of the area, which a search has to pass over. */
export function holds(): Promise<string> {
  return withCore('sqlite::memory:', async core => {
    await openCustomer(core)
    await core.imports.run(plan(NUMBERS, NPAS, NXXS), { owned: false, keepGood: false })
    const without = await rounds(core)
    const steps: string[] = []
    for (const held of STEPS) {
      await holdUpTo(core, held)
      const beside = await rounds(core)
      steps.push(`with ${held} of these on hold ${beside.toFixed(0)} µs (ratio ${(beside / without).toFixed(2)})`)
    }
    return (
      `Processor time of a search in an area of ${NUMBERS / NPAS} numbers on SQLite: ${without.toFixed(0)} µs; ` +
      `${steps.join(', ')}.`
    )
  })
}
