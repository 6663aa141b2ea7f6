/** A client of the vobiz dialect for tests: every answer it gets must have exactly the documented shape. */
import type { GenericSchema } from 'valibot'
import type { Operation } from '../../../adapters/kit/dialect.ts'
import { anywhere } from '../../../adapters/vobiz/schemas/shapes.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import { schemaFaults } from '../../../verify/answers/schema.ts'
import type { TestWorld } from '../../support/world.ts'

const INR = { country: 'IN', type: 'local', region: 'Karnataka', capabilities: 'voice;sms', currency: 'INR' } as const
const number = (e164: string, monthly_price: string) => ({ ...INR, e164, setup_price: '100', monthly_price })
const pair = (public_id: string, secret: string) => ({ realm: 'vobiz', kind: 'key_pair' as const, public_id, secret })

/** Setup of the page's test vectors. */
export const vobizWorld: World = {
  quarantine_days: { '*': 45 },
  accounts: [
    {
      id: 1,
      handle: 'MA_AAAA0001',
      name: 'A',
      currency: 'INR',
      balances: { INR: '1000' },
      release_fees: { INR: '700' },
      credentials: [pair('MA_AAAA0001', 'token-a')],
      trunks: [{ guid: '11111111-1111-4111-8111-111111111111', name: 'Trunk A' }],
    },
    {
      id: 2,
      handle: 'SA_AAAA0001',
      name: 'A sub',
      parent: 1,
      currency: 'INR',
      credentials: [pair('SA_AAAA0001', 'token-a-sub')],
    },
    {
      id: 3,
      handle: 'MA_BBBB0001',
      name: 'B',
      currency: 'INR',
      balances: { INR: '1000' },
      credentials: [pair('MA_BBBB0001', 'token-b')],
      trunks: [{ guid: '22222222-2222-4222-8222-222222222222', name: 'Trunk B' }],
    },
    {
      id: 4,
      handle: 'MA_ADMN0001',
      name: 'Admin',
      currency: 'INR',
      role: 'operator',
      credentials: [{ ...pair('MA_ADMN0001', 'token-admin'), role: 'operator' }],
    },
  ],
  numbers: [
    ...['+918000000001', '+918000000002', '+918000000003'].map(e164 => number(e164, '300')),
    number('+919200000001', '5000'),
  ],
}

export const A = 'MA_AAAA0001'
export const SUB = 'SA_AAAA0001'
export const B = 'MA_BBBB0001'
export const ADMIN = 'MA_ADMN0001'
export const TRUNK_A = '11111111-1111-4111-8111-111111111111'
export const TRUNK_B = '22222222-2222-4222-8222-222222222222'
export const N1 = '+918000000001'
export const N2 = '+918000000002'
export const N3 = '+918000000003'
export const DEAR = '+919200000001'

const TOKENS: Record<string, string> = { [A]: 'token-a', [SUB]: 'token-a-sub', [B]: 'token-b', [ADMIN]: 'token-admin' }

/** Throws unless the answer is one of those the operation documents. */
export function checkShape(operation: Operation | undefined, status: number, text: string): void {
  const answers = typeof operation?.answers === 'function' ? {} : (operation?.answers ?? {})
  const schema = answers[status] ?? anywhere[status]
  const where = `${operation?.on} ${status}: ${text}`
  if (schema === undefined) throw new Error(`undocumented answer ${where}`)
  if (schema === 'binary') return
  if (schema === 'empty') {
    if (text !== '') throw new Error(`a body where none belongs: ${where}`)
    return
  }
  const faults = schemaFaults(schema as GenericSchema, JSON.parse(text))
  if (faults.length > 0) throw new Error(`${where}\n${faults.join('\n')}`)
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  text: string
  headers: Headers
}

export interface AskOptions {
  /** Auth id of the credentials; null: none. */
  as?: string | null
  token?: string
  headers?: Record<string, string>
  /** An object is sent as JSON, text as it is. */
  body?: unknown
}

export function vobizClient(w: TestWorld) {
  const base = w.base('vobiz')
  const ask = async (method: string, path: string, options: AskOptions = {}): Promise<Answer> => {
    const { as = A, token, headers = {}, body } = options
    const own: Record<string, string> =
      as === null ? {} : { 'x-auth-id': as, 'x-auth-token': token ?? TOKENS[as] ?? '' }
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await w.send(
      new Request(`${base}/api/v1${path}`, {
        method,
        headers: { ...own, ...json, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const { inbound, cause } = w.answered.at(-1) ?? {}
    if (cause !== undefined) throw cause
    checkShape(inbound?.operation, response.status, text)
    const isTable = response.headers.get('content-type')?.startsWith('text/csv') === true
    if (text !== '' && !isTable && response.headers.get('content-type') !== 'application/json')
      throw new Error('not JSON')
    return {
      status: response.status,
      body: text === '' || isTable ? undefined : JSON.parse(text),
      text,
      headers: response.headers,
    }
  }
  const numbers = (e164: string, rest = '') => `/numbers/${encodeURIComponent(e164)}${rest}`
  return {
    ask,
    list: (as = A, query = '') => ask('GET', `/Account/${as}/numbers${query}`, { as }),
    inventory: (query = '', as = A) => ask('GET', `/Account/${as}/inventory/numbers${query}`, { as }),
    buy: (e164: string, as = A, more: object = {}) =>
      ask('POST', `/Account/${as}/numbers/purchase-from-inventory`, { as, body: { e164, ...more } }),
    release: (e164: string, as = A, query = '') => ask('DELETE', `/Account/${as}${numbers(e164)}${query}`, { as }),
    cancel: (e164: string, as = A) => ask('POST', `/account/${as}${numbers(e164, '/cancel-release')}`, { as }),
    assign: (e164: string, body: unknown = { trunk_group_id: TRUNK_A }, as = A) =>
      ask('POST', `/Account/${as}${numbers(e164, '/assign')}`, { as, body }),
    unassign: (e164: string, as = A) => ask('DELETE', `/Account/${as}${numbers(e164, '/assign')}`, { as }),
    handOver: (e164: string, body: unknown = { sub_account_id: SUB }, as = A) =>
      ask('POST', `/account/${as}${numbers(e164, '/assign-subaccount')}`, { as, body }),
    takeBack: (e164: string, query = '', as = A) =>
      ask('DELETE', `/account/${A}${numbers(e164, '/assign-subaccount')}${query}`, { as }),
    transactions: (query = '', as = A) => ask('GET', `/Account/${as}/transactions${query}`, { as }),
    async balance(as = A): Promise<number> {
      return (await ask('GET', `/Account/${as}/balance/INR`, { as })).body.balance
    },
    /** The numbers of a list, with who holds each. */
    async owners(as = A, query = ''): Promise<Record<string, string>> {
      const { body } = await ask('GET', `/Account/${as}/numbers${query}`, { as })
      return Object.fromEntries(body.items.map((each: Record<string, string>) => [each.e164, each.account_id]))
    },
    call: (e164: string, at: string, more: { durationSeconds?: number; answered?: boolean } = {}) =>
      w.core.calls.record({
        e164,
        endedAt: Date.parse(at),
        durationSeconds: more.durationSeconds ?? 30,
        direction: 'inbound',
        answered: more.answered ?? true,
      }),
  }
}

export type VobizClient = ReturnType<typeof vobizClient>
