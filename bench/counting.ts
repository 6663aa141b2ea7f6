/** Totals that no counter knows, which are counted number by number, and what others notice of it. */
import { run } from './client.ts'
import { openBed } from './gateways.ts'
import { loadOf } from './growth.ts'
import { WORKLOADS, type Workload } from './workloads.ts'

const SECONDS = 8

async function lineOf(engine: string, url: string): Promise<string> {
  const bed = await openBed(url, 0)
  const ask = (workload: Workload) => run({ ...loadOf(bed, workload, SECONDS), connections: 1 })
  try {
    const [long, short] = await Promise.all([ask(WORKLOADS.contains3Total), ask(WORKLOADS.area)])
    return (
      `${engine}: three digits inside with their exact total, one client: p50 ${long.p50.toFixed(0)} ms, p99 ` +
      `${long.p99.toFixed(0)} ms; another client's searches by area meanwhile: p50 ${short.p50.toFixed(2)} ms, p99 ` +
      `${short.p99.toFixed(2)} ms.`
    )
  } finally {
    await bed.server.stop()
  }
}

/** A line for each engine. */
export async function counting(urls: Readonly<Record<string, string>>): Promise<string> {
  const lines: string[] = []
  for (const [engine, url] of Object.entries(urls)) lines.push(await lineOf(engine, url))
  return lines.join('\n\n')
}
