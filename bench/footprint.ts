/** What one gateway takes: time to its first answer, memory, and the first answer after the inventory has changed. */
import { openBed, prepared } from './gateways.ts'
import { residentMegabytes, startDidgate } from './processes.ts'
import { browse, WORKLOADS } from './workloads.ts'

async function browseMs(port: number): Promise<number> {
  const at = performance.now()
  await (await fetch(`http://127.0.0.1:${port}${browse.path}`)).arrayBuffer()
  return performance.now() - at
}

async function startMs(url: string): Promise<number> {
  const at = performance.now()
  const server = await startDidgate(url)
  const took = performance.now() - at
  await server.stop()
  return took
}

/** Of the largest inventory, on SQLite. */
export async function footprint(folder: string, size: number): Promise<string> {
  const url = await prepared(folder, size)
  const started = await startMs(url)
  const bed = await openBed(url, 200)
  try {
    const { port } = bed.server
    const first = await browseMs(port)
    const again = await browseMs(port)
    const shotAt = WORKLOADS.claim.shotAt(bed.target)
    let changed = 0
    for (let n = 0; n < 20; n++) {
      const { path, method, headers = {}, body = '' } = shotAt(900_000 + n) ?? browse
      await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body })
      changed = Math.max(changed, await browseMs(port))
    }
    return (
      `At ${size} numbers on SQLite: from spawn to the first answer ${started.toFixed(0)} ms; NpaNxxBrowse of the whole ` +
      `plan the first time ${first.toFixed(0)} ms, again ${again.toFixed(0)} ms, at most ${changed.toFixed(0)} ms after a ` +
      `purchase; then ${residentMegabytes(bed.server).toFixed(0)} MB resident.`
    )
  } finally {
    await bed.server.stop()
  }
}
