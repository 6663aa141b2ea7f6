/** What the journal of the double costs: the same gateway with it and without, processor time of the servers. */
import type { Load } from './client.ts'
import { byTurns } from './compare.ts'
import { prepared } from './gateways.ts'
import { type Server, startDidgate } from './processes.ts'
import { areaSearch, browse, owned, WORKLOADS } from './workloads.ts'

const OF = { 'search by area, total': areaSearch, 'list owned': () => owned, NpaNxxBrowse: () => browse }

export async function journal(folder: string, size: number, seconds: number, rounds: number): Promise<string> {
  const url = await prepared(folder, size)
  const servers = [await startDidgate(url), await startDidgate(url, { DIDGATE_JOURNAL: '0' })]
  const load = ({ port, process: { pid } }: Server, shot: Load['shot'], lasts: number): Load => {
    return { port, pid, connections: 4, seconds: lasts, shot, check: WORKLOADS.area.check }
  }
  try {
    const lines: string[] = []
    for (const [name, shot] of Object.entries(OF)) {
      await byTurns(
        servers.map(server => load(server, shot, seconds)),
        1,
      )
      const [on, off] = await byTurns(
        servers.map(server => load(server, shot, seconds)),
        rounds,
      )
      const [kept, none] = [on?.processorMicros ?? Number.NaN, off?.processorMicros ?? Number.NaN]
      lines.push(`| ${name} | ${kept.toFixed(0)} | ${none.toFixed(0)} | ${((kept / none - 1) * 100).toFixed(1)} % |`)
    }
    return `| Workload | µs, journal on | µs, off | Cost |\n| --- | --- | --- | --- |\n${lines.join('\n')}`
  } finally {
    for (const server of servers) await server.stop()
  }
}
