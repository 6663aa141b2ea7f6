/** What the provider's own software said of our answers: which, of which version, and of which operations. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { providerFolder } from '../test/adapters/onsip/grammar.ts'
import type { Recorded } from '../test/support/record.ts'
import { type describedDialects, ROOT } from './coverage-data.ts'

type Described = ReturnType<typeof describedDialects>[number]

export const JUDGED_FILE = join(ROOT, 'fixtures', 'judged.json')

/** One kept run. */
export interface Judged {
  /** Name and version. */
  by: string
  test: string
  /** Of the test file that was run. */
  digest: string
  /** Operation → the statuses that were taken. */
  answers: Record<string, number[]>
}

const sha256 = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

export function testDigest(test: string): string {
  return sha256(readFileSync(join(ROOT, test)))
}

/** Of the main install, or of what is installed for tests only. Undefined: it is in neither. */
function versionOf(name: string): string | undefined {
  const file = ['node_modules', 'test/clients/node_modules']
    .map(folder => join(ROOT, folder, name, 'package.json'))
    .find(existsSync)
  if (!file) return undefined
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return `${name} ${version}`
}

/** Undefined: it is not at hand, and what was kept stays. */
function judgeOf({ reference: { judge } }: Described): string | undefined {
  if (!judge) return undefined
  if ('npm' in judge.by) return versionOf(judge.by.npm)
  if (!existsSync(providerFolder)) return undefined
  const files = readdirSync(providerFolder).sort()
  const digest = sha256(...files.flatMap(file => [file, readFileSync(join(providerFolder, file))])).slice(0, 12)
  return `${judge.by.schema} (${files.length} files, sha256 ${digest}…) by ${versionOf('libxml2-wasm')}`
}

export interface Run {
  dialect: string
  by: string
  test: string
  leavesOut: RegExp | undefined
}

/** The runs that can be made here. */
export function judgeRuns(all: readonly Described[]): Run[] {
  return all.flatMap(each => {
    const by = judgeOf(each)
    const { test = '', leavesOut } = each.reference.judge ?? {}
    return by === undefined ? [] : [{ dialect: each.dialect.name, by, test, leavesOut }]
  })
}

export function judgedOf(run: Run, records: readonly Recorded[]): Judged {
  const found = new Map<string, Set<number>>()
  for (const { on, status } of records.filter(({ dialect }) => dialect === run.dialect)) {
    if (run.leavesOut?.test(on)) continue
    found.set(on, (found.get(on) ?? new Set()).add(status))
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1))
  const answers = Object.fromEntries(sorted.map(([on, statuses]) => [on, [...statuses].sort((a, b) => a - b)]))
  return { by: run.by, test: run.test, digest: testDigest(run.test), answers }
}

export function keptJudged(): Record<string, Judged> {
  return JSON.parse(readFileSync(JUDGED_FILE, 'utf8')) as Record<string, Judged>
}
