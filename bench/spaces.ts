/** What a space costs in a running gateway: its making, a snapshot taken up again, memory while nobody asks. */
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, processorMs, residentMegabytes, startDidgate } from './processes.ts'
import { median } from './table.ts'

const FEW = 100
const MANY = 1_000
const IDLE_MS = 15_000

type Ask = (method: string, path: string, body?: unknown) => Promise<void>

function caller(port: number): Ask {
  const headers = { 'content-type': 'application/json' }
  return async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers }
    const response = await fetch(`http://127.0.0.1:${port}/admin/v1${path}`, { method, ...sent })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    await response.arrayBuffer()
  }
}

/** Milliseconds, the middle of so many, one after the other. */
async function middle(times: number, work: (n: number) => Promise<void>): Promise<string> {
  const took: number[] = []
  for (let n = 0; n < times; n++) {
    const at = performance.now()
    await work(n)
    took.push(performance.now() - at)
  }
  return median(took).toFixed(1)
}

export async function spaces(): Promise<string> {
  const port = await freePort()
  const server = await startDidgate('sqlite::memory:', { ADMIN_PORT: String(port), SPACES_MEGABYTES: '8192' })
  try {
    const ask = caller(port)
    await ask('POST', '/spaces', { name: 'first' })
    const made = await middle(FEW, n => ask('POST', '/spaces', { name: `few-${n}` }))
    await ask('POST', '/spaces/first/snapshots', { name: 'a' })
    const restored = await middle(FEW, () => ask('POST', '/spaces/first/snapshots/a/restore'))
    const before = residentMegabytes(server)
    const many = await middle(MANY, n => ask('POST', '/spaces', { name: `many-${n}` }))
    const each = (residentMegabytes(server) - before) / MANY
    const pid = server.process.pid as number
    const at = processorMs(pid)
    await sleep(IDLE_MS)
    const busy = (processorMs(pid) - at) / IDLE_MS
    const ended = await middle(MANY, n => ask('DELETE', `/spaces/many-${n}`))
    return [
      `New space on the demo world, over HTTP: p50 ${made} ms; on the way to ${MANY} more p50 ${many} ms.`,
      `A snapshot taken up again: p50 ${restored} ms. End of a space: p50 ${ended} ms.`,
      `${MANY} spaces that nobody asks: ${each.toFixed(2)} MB each, ${(busy * 100).toFixed(1)} % of a processor together.`,
    ].join('\n\n')
  } finally {
    await server.stop()
  }
}
