/** docs/mutants.md is made of what was measured last, and of the reasons for what nobody sees. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GROUPS } from './files.ts'
import { NAMED } from './named.ts'
import type { Catch } from './plant.ts'
import { PLANTED } from './planted.ts'

export interface Unseen {
  line: number
  change: string
  isReached: boolean
}

export interface Score {
  source: string
  /** All that there are, and those that were tried. */
  mutants: number
  tried: number
  seen: number
  unseen: Unseen[]
}

const kept = (name: string) => join(import.meta.dirname, name)
const read = (name: string): unknown => JSON.parse(readFileSync(kept(name), 'utf8'))
const write = (name: string, value: unknown) => writeFileSync(kept(name), `${JSON.stringify(value, null, 2)}\n`)

export const readScores = () => read('scores.json') as Score[]
const readCaught = () => read('caught.json') as Catch[]

export function keepCaught(caught: Catch): void {
  write('caught.json', [...readCaught().filter(({ fault }) => fault !== caught.fault), caught])
}

/** What is measured anew takes the place of what was. */
export function keep(scores: readonly Score[]): void {
  const others = readScores().filter(old => !scores.some(({ source }) => source === old.source))
  write(
    'scores.json',
    [...others, ...scores].sort((a, b) => (a.source < b.source ? -1 : 1)),
  )
}

const whyOf = (source: string, { change }: Unseen) =>
  NAMED.find(named => named.source === source && change.startsWith(named.change))?.why

const code = (text: string) => `\`\` ${text.replace(/\|/g, '\\|')} \`\``
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`

function scoreTable(scores: readonly Score[]): string[] {
  return [
    row('Source', 'Faults', 'Planted', 'Seen', 'Score', 'Unseen, with a reason', 'Unseen, without one'),
    row('---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...scores.map(({ source, mutants, tried, seen, unseen }) => {
      const named = unseen.filter(each => whyOf(source, each)).length
      const score = `${((100 * seen) / tried).toFixed(0)} %`
      return row(`\`${source}\``, mutants, tried, seen, score, named, unseen.length - named)
    }),
  ]
}

function unseenOf({ source, unseen }: Score): string[] {
  if (unseen.length === 0) return []
  const lines = unseen.map(each => row(each.line, code(each.change), whyOf(source, each) ?? 'open'))
  return ['', `### \`${source}\``, '', row('Line', 'Fault', 'Why nobody sees it'), row('--:', '---', '---'), ...lines]
}

const notMeasured = (scores: readonly Score[]) =>
  GROUPS.flatMap(({ sources }) => sources).filter(source => !scores.some(score => score.source === source))

const INTRODUCTION = `# Faults that are planted, and the tests that see them

A test that no fault makes fail protects nothing. \`npm run mutants -- core/money/posting.ts\` changes the named source at one
place at a time (a condition turned round, a boundary moved, a \`where\` or a statement left out, …), runs the tests that
state what the source guarantees, and tells which changes none of them saw. Without names it goes through all sources of
\`test/mutants/files.ts\`, which also says which tests are asked: a fault that they do not see counts as not seen, whatever
another test would make of it. With \`--again\` only those that were not seen last time are planted, which is enough after
tests were added; a source that has changed since is measured whole. It needs \`npm ci --prefix test/mutants\` once. It is measured on SQLite, so statements for PostgreSQL
alone are left out, as are changed words. What shows only where two units wait for each other can be tried on PostgreSQL:
\`TEST_ENGINES=postgres npm run mutants -- --again core/numbers/buy.ts\`, as was done there. Where fewer were planted than
there are, they were drawn by lot, with a seed. This page is made by it.
`

export function writePage(): void {
  const scores = readScores()
  const left = notMeasured(scores)
  const caught = readCaught()
  const planted = PLANTED.map(({ fault, tests }) => {
    const by = caught.find(each => each.fault === fault)?.by
    return row(fault, by === undefined ? `not planted again yet (${tests.join(', ')})` : by.join('; ') || '**nobody**')
  })
  const lines = [
    INTRODUCTION,
    '## Faults that once went unseen',
    '',
    'Planted again by `npm run mutants -- --planted`; the simulation is not asked.',
    '',
    row('Fault', 'Tests that fail'),
    row('---', '---'),
    ...planted,
    '',
    '## Scores',
    '',
    ...scoreTable(scores),
    ...(left.length === 0 ? [] : ['', `Not measured: ${left.map(source => `\`${source}\``).join(', ')}.`]),
    '',
    '## Not seen',
    ...scores.flatMap(unseenOf),
  ]
  writeFileSync(join(import.meta.dirname, '../../docs/mutants.md'), `${lines.join('\n')}\n`)
}
