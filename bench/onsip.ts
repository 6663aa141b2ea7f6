import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type Load, type Result, run, type Shot } from './client.ts'
import { numberAt, prepare } from './data.ts'
import { type Server, startBare, startDidgate } from './processes.ts'
import { middle, type Row } from './table.ts'

const API = '/onsip/api'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

export interface Options {
  folder: string
  seconds: number
  rounds: number
}

async function login(port: number): Promise<string> {
  const body = 'Action=SessionCreate&Username=bench_ann&Password=bench-password'
  const answer = await fetch(`http://127.0.0.1:${port}${API}`, { method: 'POST', headers: FORM, body })
  return /<SessionId>(\w+)</.exec(await answer.text())?.[1] ?? ''
}

function completed(status: number, text: string): void {
  if (status !== 200 || text.includes('<IsCompleted>false')) throw new Error(`not completed: ${text.slice(0, 500)}`)
}

/** Ours and the peer by turns, so that a slow moment of the machine hits both. */
async function compare(ours: Load, peer: Load, rounds: number): Promise<[Result, Result]> {
  const results: [Result[], Result[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    results[0].push(await run(ours))
    results[1].push(await run(peer))
  }
  return [middle(results[0]), middle(results[1])]
}

/** The bytes that we answer, sent by a bare node:http server. */
async function bareOf(port: number, shot: Shot, folder: string, name: string): Promise<Server> {
  const { method, path, headers = {}, body } = shot
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body ? { body } : {}) })
  const file = `${folder}/${name}.bin`
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
  return startBare(file, answer.headers.get('content-type') ?? 'text/xml')
}

async function workload(name: string, port: number, shot: (n: number) => Shot, connections: number, options: Options) {
  const bare = await bareOf(port, shot(0), options.folder, name)
  const base = { connections, seconds: options.seconds, shot }
  try {
    const ours = { ...base, port, check: completed }
    const [mine, theirs] = await compare(ours, { ...base, port: bare.port }, options.rounds)
    return [
      { workload: name, subject: 'didgate', result: mine, ratio: mine.perSecond / theirs.perSecond },
      { workload: name, subject: 'bare node:http, same bytes', result: theirs },
    ] satisfies Row[]
  } finally {
    await bare.stop()
  }
}

const NPAS = 300
const NXXS = 200

/** NpaNxxBrowse, DidBrowse and DidRequest over loopback against a bare server that sends the same bytes. */
export async function onsipWorkloads(options: Options): Promise<Row[]> {
  mkdirSync(options.folder, { recursive: true })
  const file = `${options.folder}/onsip.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const url = await prepare(file, NPAS * NXXS * 2, NPAS, NXXS)
  const server = await startDidgate(url)
  try {
    const session = await login(server.port)
    const did = (n: number): Shot => {
      const { npa, nxx } = numberAt(n, NPAS, NXXS)
      const body = `Action=DidRequest&SessionId=${session}&UserId=501&Protocol=sip&NpaNxx[${npa}${nxx}]=1`
      return { method: 'POST', path: API, headers: FORM, body }
    }
    const get = (query: string) => (): Shot => ({ method: 'GET', path: `${API}?${query}` })
    const browse = `Action=DidBrowse&SessionId=${session}&Limit=20`
    return [
      ...(await workload('DidRequest, one number, 64 clients', server.port, did, 64, options)),
      ...(await workload('DidBrowse, 20 rows, 16 clients', server.port, get(browse), 16, options)),
      ...(await workload(
        `NpaNxxBrowse, ${NPAS} × ${NXXS}, 4 clients`,
        server.port,
        get('Action=NpaNxxBrowse'),
        4,
        options,
      )),
    ]
  } finally {
    await server.stop()
  }
}
