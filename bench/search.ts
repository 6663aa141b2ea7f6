import type { NumberFilter } from '../core/verbs.ts'
import { prepare, withCore } from './data.ts'
import { median } from './table.ts'

const NPAS = 300
const NXXS = 200
const RUNS = 200

const SEARCHES: readonly [name: string, filterAt: (n: number) => NumberFilter][] = [
  ['by area code', n => ({ country: 'US', types: ['local'], areaCode: String(201 + (n % NPAS)) })],
  ['starts', n => ({ pattern: { kind: 'starts', digits: `1${201 + (n % NPAS)}${201 + (n % NXXS)}` } })],
  ['ends', n => ({ pattern: { kind: 'ends', digits: String(n % 10).padStart(4, '0') } })],
  ['contains, four digits', n => ({ pattern: { kind: 'contains', digits: String(2010 + (n % 3000)) } })],
]

interface Figures {
  p50: number
  p99: number
}

/** 20 rows each time, never the same question twice in a row. */
async function measure(url: string): Promise<Map<string, Figures>> {
  return withCore(url, async core => {
    const figures = new Map<string, Figures>()
    for (const [name, filterAt] of SEARCHES) {
      const times: number[] = []
      for (let n = 0; n < RUNS; n++) {
        const at = performance.now()
        await core.numbers.search(filterAt(n * 7), { limit: 20, offset: 0 })
        times.push(performance.now() - at)
      }
      times.sort((a, b) => a - b)
      figures.set(name, { p50: median(times), p99: times[Math.floor(RUNS * 0.99)] ?? 0 })
    }
    return figures
  })
}

/** How much longer a search takes when the inventory grows: the larger one over the smaller one, on SQLite. */
export async function searchGrowth(folder: string, small: number, large: number): Promise<string> {
  const [few, many] = [
    await measure(await prepare(`${folder}/search-${small}.db`, small, NPAS, NXXS)),
    await measure(await prepare(`${folder}/search-${large}.db`, large, NPAS, NXXS)),
  ]
  const head = `| search, 20 rows | p50 ms at ${small} | p50 ms at ${large} | ratio | p99 ms at ${large} |\n|---|--:|--:|--:|--:|`
  const rows = SEARCHES.map(([name]) => {
    const [a, b] = [few.get(name) as Figures, many.get(name) as Figures]
    return `| ${[name, a.p50.toFixed(2), b.p50.toFixed(2), (b.p50 / a.p50).toFixed(2), b.p99.toFixed(2)].join(' | ')} |`
  })
  return [head, ...rows].join('\n')
}
