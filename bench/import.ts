import { rmSync } from 'node:fs'
import { openCustomer, plan, withCore } from './data.ts'
import { median } from './table.ts'

export interface ImportFigures {
  numbers: number
  seconds: number
  peakMegabytes: number
  purchases: number
  purchaseP50: number
  purchaseP99: number
}

const BLOCKS = [300, 200] as const
const PAUSE_MS = 20

/** Import a file while somebody buys all the time: how long it takes, and how long buyers wait. */
export async function importWhileBuying(folder: string, numbers: number): Promise<ImportFigures> {
  const file = `${folder}/import.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  return withCore(`sqlite:${file}`, async core => {
    await openCustomer(core)
    await core.imports.run(plan(BLOCKS[0] * 10, BLOCKS[0], 10), { owned: false, keepGood: false })
    const account = await core.accounts.get(12)
    if (!account) throw new Error('no customer')
    const caller = core.accounts.callerFor(account)
    const waits: number[] = []
    let peak = 0
    let isOver = false
    const buying = (async () => {
      while (!isOver) {
        const at = performance.now()
        await core.numbers.claim(caller, [{ filter: {}, quantity: 1 }], { partial: true, documents: 'refuse' })
        waits.push(performance.now() - at)
        peak = Math.max(peak, process.memoryUsage().rss / 1e6)
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
      }
    })()
    const startedAt = performance.now()
    await core.imports.run(plan(numbers, ...BLOCKS), { owned: false, keepGood: false })
    const seconds = (performance.now() - startedAt) / 1000
    isOver = true
    await buying
    waits.sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0
    return {
      numbers,
      seconds,
      peakMegabytes: peak,
      purchases: waits.length,
      purchaseP50: median(waits),
      purchaseP99: p99,
    }
  })
}
