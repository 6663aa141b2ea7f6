/** The same requests to inventories of different sizes, by turns: what grows with the inventory, and what does not. */
import type { Load } from './client.ts'
import { byTurns } from './compare.ts'
import { type Bed, openBed } from './gateways.ts'
import { residentMegabytes } from './processes.ts'
import { WORKLOADS, type Workload } from './workloads.ts'

export interface Growth {
  sizes: readonly number[]
  urls: readonly string[]
  seconds: number
  rounds: number
}

const ORDER: readonly Workload[] = [
  WORKLOADS.area,
  WORKLOADS.starts,
  WORKLOADS.ends,
  WORKLOADS.contains,
  WORKLOADS.contains3,
  WORKLOADS.claim,
  WORKLOADS.owned,
  WORKLOADS.named,
  WORKLOADS.mixed,
]
/** The smallest inventory must not be sold out on the way. */
const MOST_PURCHASES = 600

export function loadOf(bed: Bed, workload: Workload, seconds: number): Load {
  let sent = 0
  const shotAt = workload.shotAt(bed.target)
  return {
    port: bed.server.port,
    connections: workload.connections,
    seconds,
    ...(workload.buys && { requests: MOST_PURCHASES }),
    // over all rounds: what was bought in one is gone in the next
    shot: () => shotAt(sent++),
    check: workload.check,
  }
}

const cells = (values: readonly (string | number)[]) => `| ${values.join(' | ')} |`

/** A row for each workload: p50 and p99 at each size, and the largest p99 over the smallest inventory's. */
export async function growthTable({ sizes, urls, seconds, rounds }: Growth): Promise<string> {
  const beds: Bed[] = []
  try {
    for (const url of urls) beds.push(await openBed(url, MOST_PURCHASES * (rounds + 1)))
    const columns = sizes.flatMap(size => [`p50 ms at ${size}`, `p99 ms at ${size}`, 'per second'])
    const lines = [
      cells(['workload', ...columns, 'p99, largest to smallest']),
      `|---|${'--:|'.repeat(columns.length + 1)}`,
    ]
    for (const workload of ORDER) {
      const loads = beds.map(bed => loadOf(bed, workload, seconds))
      await byTurns(
        loads.map(load => ({ ...load, seconds: seconds / 2 })),
        1,
      ) // until everything is compiled
      const results = await byTurns(loads, rounds)
      const ratio = (results.at(-1)?.p99 ?? 0) / (results[0]?.p99 ?? 1)
      const figures = results.flatMap(({ p50, p99, perSecond }) => [
        p50.toFixed(2),
        p99.toFixed(2),
        perSecond.toFixed(0),
      ])
      lines.push(cells([workload.name, ...figures, ratio.toFixed(2)]))
      process.stdout.write(`${lines.at(-1)}\n`)
    }
    const memory = beds.map((bed, n) => `${residentMegabytes(bed.server).toFixed(0)} MB at ${sizes[n]}`)
    return `${lines.join('\n')}\n\nResident memory of the gateways afterwards: ${memory.join(', ')}.`
  } finally {
    for (const bed of beds) await bed.server.stop()
  }
}
