/** Runs the tests of a group over mutants of its sources, in one process. */
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { dropSchemas, RUN_NAME } from '../support/postgres-schemas.ts'
import type { Group } from './files.ts'
import { instrument, type Mutant } from './instrument.ts'
import type { Score } from './page.ts'
import type { Work } from './work.ts'

const ROOT = join(import.meta.dirname, '../..')
const SEED = 1
const SHOWN = 110

const short = (text: string) => text.replace(/\s+/g, ' ').trim()

/** The rest of a call whose links differ is what counts, so the part that is the same is cut off. */
function change(was: string, is: string): string {
  if (was.startsWith(is)) return `without ${was.slice(is.length).slice(0, SHOWN)}`
  return `${was.slice(0, SHOWN)} → ${is.slice(0, SHOWN)}`
}

function wordOf({ fileName, location: { start, end }, replacement }: Mutant): string {
  const lines = readFileSync(fileName, 'utf8').split('\n')
  const was = lines.slice(start.line, end.line + 1)
  was[was.length - 1] = (was.at(-1) ?? '').slice(0, end.column)
  was[0] = (was[0] ?? '').slice(start.column)
  const [before, after] = [short(was.join('\n')), short(replacement)]
  const squeezed = [before, after].map(text => text.replace(/ ?([.(){}]) ?/g, '$1').replace(/,\)/g, ')')) as [
    string,
    string,
  ]
  return change(...squeezed)
}

const lotOf = (text: string) => createHash('sha256').update(`${SEED} ${text}`).digest('hex')

function draw(mutants: readonly Mutant[], sample: number | undefined): Mutant[] {
  if (sample === undefined || mutants.length <= sample) return [...mutants]
  const drawn = mutants.map((mutant, n) => ({ mutant, lot: lotOf(`${wordOf(mutant)} ${n}`) }))
  return drawn
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, sample)
    .map(({ mutant }) => mutant)
}

async function run(work: Work, { tests, engines = 'sqlite' }: Group): Promise<Work> {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  const file = join(folder, 'work.json')
  const name = randomBytes(6).toString('hex')
  try {
    writeFileSync(file, JSON.stringify(work))
    const args = ['vitest', 'run', '--config', 'test/mutants/vitest.config.ts']
    const own = { MUTANTS: file, MUTANT_TESTS: tests.join(','), TEST_ENGINES: engines, [RUN_NAME]: name }
    const { status } = spawnSync('npx', args, { cwd: ROOT, stdio: 'inherit', env: { ...own, ...process.env } })
    if (status !== 0) throw new Error('the tests fail without any mutant')
    return JSON.parse(readFileSync(file, 'utf8')) as Work
  } finally {
    rmSync(folder, { recursive: true })
    if (engines !== 'sqlite') await dropSchemas(name)
  }
}

/** Where a run is on SQLite, what only the other engine runs is not counted. */
function isElsewhere({ fileName, location }: Mutant): boolean {
  const line = readFileSync(fileName, 'utf8').split('\n')[location.start.line] ?? ''
  return /=== 'postgres'|if \(unit\.engine\.skipLocked\)/.test(line)
}

const key = (line: number, change: string) => `${line} ${change}`

/** Those that nobody saw when it was measured last; undefined where it has changed since, so that not all are found. */
function unseenOf(mutants: readonly Mutant[], before: Score): Mutant[] | undefined {
  const unseen = new Set(before.unseen.map(({ line, change }) => key(line, change)))
  const found = mutants.filter(mutant => unseen.has(key(mutant.location.start.line + 1, wordOf(mutant))))
  return found.length < before.unseen.length ? undefined : found
}

/**
 * Scores of `sources`, which belong to the group. `before`: tests were added since, and what they saw then they see now:
 * only the others are tried, where the source is the same.
 */
export async function measure(
  sources: readonly string[],
  group: Group,
  before: readonly Score[] = [],
): Promise<Score[]> {
  const made = await instrument(sources.map(source => join(ROOT, source)))
  const all = made.mutants.filter(mutant => group.engines !== undefined || !isElsewhere(mutant))
  const of = (source: string) => all.filter(({ fileName }) => relative(ROOT, fileName) === source)
  const again = new Map<string, { old: Score; unseen: Mutant[] }>()
  for (const old of before.filter(({ source }) => sources.includes(source))) {
    const unseen = unseenOf(of(old.source), old)
    if (unseen) again.set(old.source, { old, unseen })
  }
  const mutants = sources.flatMap(source => again.get(source)?.unseen ?? draw(of(source), group.sample))
  const texts = Object.fromEntries(made.files.map(({ name, content }) => [name, content]))
  const { outcomes } = await run({ texts, mutants, outcomes: {} }, group)
  return sources.map(source => {
    const mine = of(source).filter(mutant => mutants.includes(mutant))
    const unseen = mine.filter(({ id }) => outcomes[id]?.killer === undefined)
    // since then the source may have become shorter
    const tried = Math.min(again.get(source)?.old.tried ?? mine.length, of(source).length)
    return {
      source,
      mutants: of(source).length,
      tried,
      seen: tried - unseen.length,
      unseen: unseen.map(mutant => ({
        line: mutant.location.start.line + 1,
        change: wordOf(mutant),
        isReached: outcomes[mutant.id] !== undefined,
      })),
    }
  })
}
