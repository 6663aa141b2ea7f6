import type { Operation } from '../adapters/kit/dialect.ts'
import { answersOf, EVIDENCE } from '../src/reference/openapi.ts'
import { spellings } from '../src/reference/operations.ts'
import { clientSections } from './coverage-clients.ts'
import { type describedDialects, exchangeStatuses, firstSpelling, type KeptVectors } from './coverage-data.ts'
import type { Judged } from './coverage-judged.ts'

type Described = ReturnType<typeof describedDialects>[number]

const HEAD = `# Coverage

Made by \`npm run docs\` from the operation lists, the kept exchanges (\`fixtures/<dialect>/*.http\`), what the numbered
vectors (\`test/adapters/<dialect>/vectors.test.ts\`) were answered, and the kept runs of what providers publish
(\`fixtures/judged.json\`); a test fails when it is stale. Numbers in parentheses are those of the vectors.

A status is documented where a source of the provider tells it: the letters are those of the sources below each table.
What is documented and shown by no kept exchange and no vector stands under "Not shown". "Ours" are statuses that our
schemas let an operation answer with, and for which no source is known.

Evidence: ${Object.entries(EVIDENCE)
  .map(([level, words]) => `${level} ${words}`)
  .join('; ')}. E2 is claimed only where a kept run, named below the table, shows it.
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

/** What the provider calls the operation, in all its spellings. */
function namesOf(operation: Operation, { reference }: Described): string[] {
  if (reference.kind === 'actions') return [...spellings(operation)]
  return reference.operations.filter(({ on }) => spellings(operation).includes(on)).map(({ id }) => id)
}

/** Status → letters of the sources that tell it. */
export function documentedStatuses(operation: Operation, each: Described): Map<number, string> {
  const names = namesOf(operation, each)
  const can = answersOf(operation)
  const found = new Map<number, string>()
  for (const [index, { statuses }] of (each.reference.statusSources ?? []).entries()) {
    const own = names.flatMap(name => (Object.hasOwn(statuses, name) ? (statuses[name] ?? []) : []))
    const told = new Set([...own, ...(statuses['*'] ?? []).filter(status => status in can)])
    for (const status of told) found.set(status, (found.get(status) ?? '') + letter(index))
  }
  return new Map([...found].sort(([a], [b]) => a - b))
}

const letter = (index: number) => String.fromCharCode('a'.charCodeAt(0) + index)

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
  const documented = documentedStatuses(operation, each)
  const missing = [...documented.keys()].filter(status => !kept.has(status) && !(status in vectors))
  const ours = Object.keys(answersOf(operation)).filter(status => !documented.has(Number(status)))
  const byVectors = Object.entries(vectors).map(([status, numbers]) =>
    numbers.length === 0 ? status : `${status} (${ranges(numbers)})`,
  )
  const cells = [
    nameOf(operation, each),
    operation.evidence,
    [...documented].map(([status, sources]) => `${status} ${sources}`).join(', '),
    [...kept].sort((a, b) => a - b).join(', '),
    byVectors.join('; '),
    missing.join(', '),
    ours.join(', '),
  ]
  return { cells, documented: documented.size, shown: documented.size - missing.length }
}

function nameOf(operation: Operation, each: Described): string {
  const names = namesOf(operation, each).join(', ')
  return each.reference.kind === 'actions' ? names : `${names}<br>\`${firstSpelling(operation)}\``
}

const COLUMNS = ['Operation', 'Evidence', 'Documented', 'Kept exchanges', 'Vectors', 'Not shown', 'Ours']
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

async function section(each: Described, vectors: KeptVectors | undefined, judged: Judged | undefined): Promise<string> {
  const { dialect } = each
  const kept = await exchangeStatuses(dialect)
  const rows = dialect.operations.map(operation =>
    rowOf(operation, each, kept.get(operation) ?? new Set(), vectors?.answers[firstSpelling(operation)] ?? {}),
  )
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  const summary = `${rows.length} operations; ${sum(row => row.shown)} of ${sum(row => row.documented)} documented statuses are shown.`
  const table = [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(({ cells }) => line(cells))]
  const sources = (each.reference.statusSources ?? []).map(({ title }, index) => `- ${letter(index)}: ${title}`)
  const runs = judged ? [`\nE2 by \`${judged.test}\`: ${judged.by}.`] : []
  return `\n## ${dialect.name}\n\n${summary}\n\n${table.join('\n')}\n\n${[...sources, ...runs].join('\n')}\n`
}

/** The whole page. */
export async function coverage(
  all: readonly Described[],
  vectors: Record<string, KeptVectors>,
  judged: Record<string, Judged>,
): Promise<string> {
  const sections = all.map(each => section(each, vectors[each.dialect.name], judged[each.dialect.name]))
  return HEAD + (await Promise.all(sections)).join('') + clientSections(all)
}
