/** Two gateways over one PostgreSQL: do reads scale, and is any number sold twice? */
import { type Load, type Result, run } from './client.ts'
import { type Bed, forSale, openBed } from './gateways.ts'
import { startDidgate } from './processes.ts'
import { areaSearch, WORKLOADS } from './workloads.ts'

const RACING = 10_000
const BUYERS = 64

const load = (port: number, seconds: number): Load => ({
  port,
  connections: 8,
  seconds,
  shot: areaSearch,
  check: WORKLOADS.area.check,
})

/** Every number is asked for at both gateways at about the same time. */
async function race(bed: Bed, otherPort: number, url: string): Promise<string> {
  const named = await forSale(url, RACING / 2)
  const shotAt = WORKLOADS.named.shotAt({ ...bed.target, named })
  const requests = named.length
  const results = await Promise.all(
    [bed.server.port, otherPort].map(port =>
      run({ port, connections: BUYERS / 2, seconds: 300, requests, shot: n => shotAt(n) }),
    ),
  )
  const total = (pick: (result: Result) => number) => results.reduce((sum, result) => sum + pick(result), 0)
  const sold = total(({ statuses }) => statuses[200] ?? 0)
  const refused = total(({ requests: all, statuses }) => all - (statuses[200] ?? 0))
  const verdict = sold === named.length ? 'each exactly once' : 'WRONG'
  const rate = total(result => result.perSecond)
  return (
    `${requests * 2} racing purchases of ${named.length} numbers by ${BUYERS} buyers over two gateways on one ` +
    `PostgreSQL: ${sold} sold, ${refused} refused (${verdict}); ${rate.toFixed(0)} requests/s.`
  )
}

export async function twoProcesses(url: string, seconds: number): Promise<string> {
  const bed = await openBed(url, 0)
  const other = await startDidgate(url)
  try {
    const ports = [bed.server.port, other.port]
    for (const port of ports) await run(load(port, 1))
    const alone = await run(load(ports[0] as number, seconds))
    const both = await Promise.all(ports.map(port => run(load(port, seconds))))
    const together = both.reduce((sum, { perSecond }) => sum + perSecond, 0)
    const reads =
      `Searches by one gateway on PostgreSQL: ${alone.perSecond.toFixed(0)}/s; by two at once: ${together.toFixed(0)}/s ` +
      `(${(together / alone.perSecond).toFixed(2)} times, with database and clients on the same two cores).`
    return `${reads}\n\n${await race(bed, other.port, url)}`
  } finally {
    await other.stop()
    await bed.server.stop()
  }
}
