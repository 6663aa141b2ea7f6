/** What the table of coverage is made of: the operations, the kept exchanges, and what the vectors were answered. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect, DialectModule, Operation } from '../adapters/kit/dialect.ts'
import { actionDialects, restDialects } from '../src/reference/documents.ts'
import { spellings } from '../src/reference/operations.ts'
import { readExchanges, toRequest } from '../test/support/exchange.ts'
import type { Recorded } from '../test/support/record.ts'

export const ROOT = join(import.meta.dirname, '..')
export const VECTORS_FILE = join(ROOT, 'fixtures', 'vectors.json')

/** Operation → status → the numbers of the vectors that were answered so. */
export type VectorAnswers = Record<string, Record<string, number[]>>
export interface KeptVectors {
  /** Of the test file that was run. */
  digest: string
  answers: VectorAnswers
}

export function describedDialects(modules: readonly DialectModule[]) {
  return modules.flatMap(module => [...restDialects([module]), ...actionDialects([module])])
}

export function vectorsFile(dialect: string): string {
  return join('test', 'adapters', dialect, 'vectors.test.ts')
}

export function digestOf(dialect: string): string {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, vectorsFile(dialect))))
    .digest('hex')
}

/** `… on sqlite > vector 3: …`, `… > 5, 6: pages`, `… > 12 NpaNxx…`. A test without a number is none of the vectors. */
export function vectorNumbers(test: string): number[] {
  const title = test.replace(/^.* vectors on \w+(?: > | )/, '')
  const [, list = ''] = /^(?:vector )?(\d+(?:(?:, | and )\d+)*)(?=[ :]|$)/.exec(title) ?? []
  return list.split(/, | and /).flatMap(text => (text === '' ? [] : [Number(text)]))
}

export function answersOf(records: readonly Recorded[], dialect: string): VectorAnswers {
  const found = new Map<string, Map<number, Set<number>>>()
  for (const { on, status, test } of records.filter(each => each.dialect === dialect)) {
    const statuses = found.get(on) ?? new Map<number, Set<number>>()
    const numbers = statuses.get(status) ?? new Set<number>()
    for (const number of vectorNumbers(test)) numbers.add(number)
    found.set(on, statuses.set(status, numbers))
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([on, statuses]) => [on, plain(statuses)]))
}

function plain(statuses: ReadonlyMap<number, ReadonlySet<number>>): Record<string, number[]> {
  const rows = [...statuses].sort(([a], [b]) => a - b).map(([status, all]) => [status, [...all].sort((a, b) => a - b)])
  return Object.fromEntries(rows) as Record<string, number[]>
}

export function keptVectors(): Record<string, KeptVectors> {
  return JSON.parse(readFileSync(VECTORS_FILE, 'utf8')) as Record<string, KeptVectors>
}

/** The statuses of the kept exchanges, by operation. */
export async function exchangeStatuses(dialect: Dialect): Promise<Map<Operation, Set<number>>> {
  const folder = join(ROOT, 'fixtures', dialect.name)
  const found = new Map<Operation, Set<number>>()
  for (const exchange of existsSync(folder) ? readExchanges(folder) : []) {
    const request = toRequest(exchange, 'http://didgate.test', new Map())
    const { pathname } = new URL(request.url)
    const arrival = { request, base: '', pathname, startedAt: 0, requestId: '' }
    const { operation } = await dialect.wire.read(arrival, dialect.wire.match(arrival))
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(exchange.answer)?.[1])
    if (operation) found.set(operation, (found.get(operation) ?? new Set()).add(status))
  }
  return found
}

export const firstSpelling = (operation: Operation) => spellings(operation)[0] as string
