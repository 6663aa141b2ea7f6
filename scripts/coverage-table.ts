import type { Operation } from '../adapters/kit/dialect.ts'
import { answersOf, EVIDENCE } from '../src/reference/openapi.ts'
import { spellings } from '../src/reference/operations.ts'
import { type describedDialects, exchangeStatuses, firstSpelling, type KeptVectors } from './coverage-data.ts'

type Described = ReturnType<typeof describedDialects>[number]

const HEAD = `# Coverage

Made by \`npm run docs\` from the operation lists, the kept exchanges (\`fixtures/<dialect>/*.http\`) and what the numbered
vectors (\`test/<dialect>.vectors.test.ts\`) were answered; a test fails when it is stale. Numbers in parentheses are those
of the vectors. A status that is documented and shown by neither stands in the last column: it is checked by its schema
whenever it occurs, but no kept case brings it about.

Evidence: ${Object.entries(EVIDENCE)
  .map(([level, words]) => `${level} ${words}`)
  .join('; ')}.
`

/** \`1, 2, 5–9\` */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = []
  for (const number of numbers) {
    const last = parts.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}${to === from + 1 ? ', ' : '–'}${to}`)).join(', ')
}

interface Row {
  cells: string[]
  documented: number
  shown: number
}

function rowOf(
  operation: Operation,
  each: Described,
  kept: ReadonlySet<number>,
  vectors: Record<string, number[]>,
): Row {
  const documented = Object.keys(answersOf(operation)).map(Number)
  const missing = documented.filter(status => !kept.has(status) && !(status in vectors))
  const byVectors = Object.entries(vectors).map(([status, numbers]) =>
    numbers.length === 0 ? status : `${status} (${ranges(numbers)})`,
  )
  const cells = [
    nameOf(operation, each),
    operation.evidence,
    documented.join(', '),
    [...kept].sort((a, b) => a - b).join(', '),
    byVectors.join('; '),
    missing.join(', '),
  ]
  return { cells, documented: documented.length, shown: documented.length - missing.length }
}

function nameOf(operation: Operation, { reference }: Described): string {
  if (reference.kind === 'actions') return spellings(operation).join(', ')
  const entries = reference.operations.filter(({ on }) => spellings(operation).includes(on))
  return `${entries.map(({ id }) => id).join(', ')}<br>\`${firstSpelling(operation)}\``
}

const COLUMNS = ['Operation', 'Evidence', 'Documented', 'Kept exchanges', 'Vectors', 'Neither']
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

async function section(each: Described, vectors: KeptVectors | undefined): Promise<string> {
  const { dialect } = each
  const kept = await exchangeStatuses(dialect)
  const rows = dialect.operations.map(operation =>
    rowOf(operation, each, kept.get(operation) ?? new Set(), vectors?.answers[firstSpelling(operation)] ?? {}),
  )
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  const summary = `${rows.length} operations; ${sum(row => row.shown)} of ${sum(row => row.documented)} documented statuses are shown.`
  const table = [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(({ cells }) => line(cells))]
  return `\n## ${dialect.name}\n\n${summary}\n\n${table.join('\n')}\n`
}

/** The whole page. */
export async function coverage(all: readonly Described[], vectors: Record<string, KeptVectors>): Promise<string> {
  const sections = await Promise.all(all.map(each => section(each, vectors[each.dialect.name])))
  return HEAD + sections.join('')
}
