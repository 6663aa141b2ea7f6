import type { Shot } from './client.ts'
import { codeAt, numberAt, PROJECT, WAVIX_KEY } from './data.ts'
import { NPAS } from './load.ts'

/** What a client of the bench knows of the server it asks. */
export interface Target {
  /** Of a login through the onsip dialect. */
  session: string
  /** Numbers for sale, each bought by name at most once. */
  named: readonly string[]
}

export interface Workload {
  name: string
  connections: number
  /** Changes the database: bounded in number. */
  buys?: true
  shotAt(target: Target): (n: number) => Shot | undefined
  check(status: number, text: string): void
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const VOBIZ = { 'x-auth-id': 'MA_BENCH001', 'x-auth-token': 'bench-token' }
const SINCH = { authorization: `Basic ${Buffer.from('bench:bench-token').toString('base64')}` }
const ACCOUNT = '/vobiz/api/v1/Account/MA_BENCH001'

function expectOk(status: number, text: string): void {
  if (status !== 200 || text.includes('<IsCompleted>false')) throw new Error(`${status}: ${text.slice(0, 400)}`)
}

/** An empty list would be cheap. */
function expectPage(status: number, text: string): void {
  expectOk(status, text)
  const { items } = JSON.parse(text) as { items: unknown[] }
  if (items.length !== 20) throw new Error(`a page of ${items.length}`)
}

/** A stride that visits every area before it comes back to one. */
const npaAt = (n: number) => codeAt((n * 7) % NPAS)

const vobizSearch = (search: string): Shot => ({
  method: 'GET',
  path: `${ACCOUNT}/inventory/numbers?per_page=20&search=${encodeURIComponent(search)}`,
  headers: VOBIZ,
})

const sinchSearch = (pattern: string, where: string): Shot => ({
  method: 'GET',
  path:
    `/sinch/v1/projects/${PROJECT}/availableNumbers?regionCode=US&type=LOCAL&size=20` +
    `&numberPattern.pattern=${pattern}&numberPattern.searchPattern=${where}`,
  headers: SINCH,
})

/** What a customer owns, the first page. */
export const owned: Shot = {
  method: 'GET',
  path: '/wavix/v1/mydids?per_page=20',
  headers: { authorization: `Bearer ${WAVIX_KEY}` },
}

/** The whole plan, for anybody. */
export const browse: Shot = { method: 'GET', path: '/onsip/api?Action=NpaNxxBrowse' }

export const areaSearch = (n: number): Shot => vobizSearch(`+1${npaAt(n)}`)

/** Area codes and exchanges that even the smallest inventory has; named purchases take their numbers from the others. */
const [CLAIM_NPAS, CLAIM_NXXS] = [200, 33]

function claimOf({ session }: Target, n: number): Shot {
  const { npa, nxx } = numberAt(n, CLAIM_NPAS, CLAIM_NXXS)
  const body = `Action=DidRequest&SessionId=${session}&UserId=501&Protocol=sip&NpaNxx[${npa}${nxx}]=1`
  return { method: 'POST', path: '/onsip/api', headers: FORM, body }
}

function namedOf({ named }: Target, n: number): Shot | undefined {
  const e164 = named[n]
  if (e164 === undefined) return undefined
  const headers = { ...VOBIZ, 'content-type': 'application/json' }
  return { method: 'POST', path: `${ACCOUNT}/numbers/purchase-from-inventory`, headers, body: JSON.stringify({ e164 }) }
}

/** A claim may find its block sold out; that is an answer too. */
function expectAnswer(status: number, text: string): void {
  if (status !== 200 || !text.includes('<DidRequest>')) throw new Error(`${status}: ${text.slice(0, 400)}`)
}

const reads = { connections: 4, check: expectOk }

export const WORKLOADS = {
  area: { ...reads, name: 'search by area, total', shotAt: () => areaSearch },
  starts: { ...reads, name: 'search by prefix, total', shotAt: () => n => vobizSearch(`+1${20 + (n % 30)}`) },
  ends: { ...reads, name: 'search by ending', shotAt: () => n => sinchSearch(String(n % 100).padStart(4, '0'), 'END') },
  contains: {
    ...reads,
    name: 'search by four digits inside',
    shotAt: () => n => sinchSearch(String(2010 + ((n * 13) % 6000)), 'CONTAINS'),
  },
  contains3: {
    ...reads,
    name: 'search by three digits inside',
    shotAt: () => n => sinchSearch(String(201 + ((n * 13) % 700)), 'CONTAINS'),
  },
  contains3Total: {
    ...reads,
    name: 'three digits inside, total',
    shotAt: () => n => vobizSearch(String(201 + ((n * 13) % 700))),
  },
  owned: { ...reads, name: 'list owned', shotAt: () => () => owned, check: expectPage },
  claim: { connections: 4, name: 'claim by NPA-NXX', buys: true, shotAt: t => n => claimOf(t, n), check: expectAnswer },
  named: {
    connections: 64,
    name: 'named purchase, 64 clients',
    buys: true,
    shotAt: t => n => namedOf(t, n),
    check: expectOk,
  },
  mixed: {
    connections: 16,
    name: 'nine searches to one claim',
    buys: true,
    shotAt: t => n => (n % 10 === 9 ? claimOf(t, 3_300 + n) : areaSearch(n)),
    check: status => expectOk(status, ''),
  },
} as const satisfies Record<string, Workload>
