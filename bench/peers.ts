/** Ours beside what one would use instead, serving the same answer. */
import { writeFileSync } from 'node:fs'
import type { Load, Result, Shot } from './client.ts'
import { byTurns } from './compare.ts'
import { type Bed, openBed, prepared } from './gateways.ts'
import { type Server, startDidgate, startPeer } from './processes.ts'
import { rawPurchases } from './raw-purchases.ts'
import { TOOLS } from './servers/tools.ts'
import { middle, type Row, ratioOf } from './table.ts'
import { areaSearch, browse, owned, WORKLOADS } from './workloads.ts'

export interface Options {
  folder: string
  seconds: number
  rounds: number
}

interface Peer {
  subject: string
  server: Server
  shot: (n: number) => Shot
}

async function answerTo(bed: Bed, { method, path, headers = {} }: Shot) {
  const answer = await fetch(`http://127.0.0.1:${bed.server.port}${path}`, { method, headers })
  return { type: answer.headers.get('content-type') ?? '', bytes: Buffer.from(await answer.arrayBuffer()) }
}

async function barePeer(bed: Bed, shot: Shot, { folder }: Options): Promise<Peer> {
  const { type, bytes } = await answerTo(bed, shot)
  const file = `${folder}/answer.bin`
  writeFileSync(file, bytes)
  return { subject: '(a) bare node:http, same bytes', server: await startPeer('bare', file, type), shot: () => shot }
}

async function honoPeer(bed: Bed, shot: Shot, { folder }: Options): Promise<Peer> {
  const file = `${folder}/answer-hono.json`
  writeFileSync(file, (await answerTo(bed, shot)).bytes)
  return { subject: '(b) Hono, c.json of one value', server: await startPeer('hono', file), shot: () => shot }
}

async function searchPeers(bed: Bed, options: Options): Promise<Peer[]> {
  const { bytes } = await answerTo(bed, areaSearch(0))
  const value: unknown = JSON.parse(bytes.toString())
  const database = bed.url.replace('sqlite:', '')
  const peers: Peer[] = [await barePeer(bed, areaSearch(0), options), await honoPeer(bed, areaSearch(0), options)]
  for (const tool of TOOLS) {
    const server = await tool.start(options.folder, value)
    peers.push({ subject: `(c) ${tool.name}`, server, shot: () => ({ method: 'GET', path: tool.path }) })
  }
  const handmade = await startPeer('handmade', database)
  peers.push({ subject: '(d) Hono + better-sqlite3 by hand', server: handmade, shot: areaSearch })
  const silent = await startDidgate(bed.url, { LOG_LEVEL: 'silent' })
  peers.push({ subject: 'didgate, LOG_LEVEL=silent', server: silent, shot: areaSearch })
  const workers = await startDidgate(bed.url, {}, ['--workers', '2'])
  peers.push({ subject: 'didgate --workers 2', server: workers, shot: areaSearch })
  return peers
}

async function table(workload: string, own: Load, peers: readonly Peer[], rounds: number): Promise<Row[]> {
  const loads = peers.map(({ server, shot }) => ({ ...own, port: server.port, pid: server.process.pid, shot }))
  const [ours, ...theirs] = await byTurns([own, ...loads], rounds)
  if (!ours) throw new Error('nothing was measured')
  return [
    { workload, subject: 'didgate', result: ours },
    ...peers.map(({ subject }, n) => {
      const result = theirs[n] as typeof ours
      return { workload, subject, result, ratio: ratioOf(ours, result) }
    }),
  ]
}

const stopAll = (peers: readonly Peer[]) => Promise.all(peers.map(({ server }) => server.stop()))

async function reads(bed: Bed, options: Options): Promise<Row[]> {
  const base = { port: bed.server.port, pid: bed.server.process.pid, seconds: options.seconds }
  const searching = await searchPeers(bed, options)
  const browsing = [await barePeer(bed, browse, options)]
  const listing = [await barePeer(bed, owned, options), await honoPeer(bed, owned, options)]
  try {
    const search: Load = { ...base, connections: 16, shot: areaSearch, check: WORKLOADS.area.check }
    const list: Load = { ...base, connections: 4, shot: () => owned, check: WORKLOADS.owned.check }
    const plan: Load = { ...base, connections: 4, shot: () => browse, check: WORKLOADS.area.check }
    return [
      ...(await table('search, 20 rows, exact total', search, searching, options.rounds)),
      ...(await table('list owned, 20 rows', list, listing, options.rounds)),
      ...(await table('NpaNxxBrowse, 300 × 600', plan, browsing, options.rounds)),
    ]
  } finally {
    await stopAll([...searching, ...listing, ...browsing])
  }
}

/** Each takes numbers of its own from the same database, by turns. */
async function purchases(bed: Bed, options: Options): Promise<Row[]> {
  const { named } = bed.target
  let next = 0
  const take = () => named[next++] ?? ''
  const { check, connections, name } = WORKLOADS.named
  const shotAt = WORKLOADS.named.shotAt(bed.target)
  const workers = await startDidgate(bed.url, {}, ['--workers', '2'])
  const { port, process: own } = bed.server
  const load: Load = { port, pid: own.pid, connections, seconds: options.seconds, shot: () => shotAt(next++), check }
  const [ours, several, raw]: [Row['result'][], Row['result'][], Row['result'][]] = [[], [], []]
  for (let round = 0; round < options.rounds; round++) {
    ours.push(...(await byTurns([load], 1)))
    several.push(...(await byTurns([{ ...load, port: workers.port, pid: workers.process.pid }], 1)))
    const figures = rawPurchases(bed.url.replace('sqlite:', ''), options.seconds, take)
    raw.push({ ...figures, requests: figures.purchases, seconds: options.seconds, bytes: 0, statuses: {} })
  }
  await workers.stop()
  const [mine, shared, theirs] = [ours, several, raw].map(middle) as [Result, Result, Result]
  return [
    { workload: name, subject: 'didgate, over HTTP', result: mine },
    {
      workload: name,
      subject: 'didgate --workers 2, over HTTP',
      result: shared,
      ratio: ratioOf(mine, shared),
    },
    {
      workload: name,
      subject: '(e) better-sqlite3 alone, no HTTP, a commit each',
      result: theirs,
      ratio: ratioOf(mine, theirs),
    },
  ]
}

/** `size` numbers on SQLite. */
export async function peerTables(options: Options, size: number): Promise<Row[]> {
  const bed = await openBed(await prepared(options.folder, size), 60_000)
  try {
    return [...(await reads(bed, options)), ...(await purchases(bed, options))]
  } finally {
    await bed.server.stop()
  }
}
