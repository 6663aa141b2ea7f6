/** Writes every mutant of a source into one text, in which the one that is named by a global variable is alive. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { OPERATORS, type Place } from './operators.ts'

const HERE = import.meta.dirname
const PACKAGE = join(HERE, 'node_modules/@stryker-mutator/instrumenter')

export interface Mutant {
  id: string
  fileName: string
  mutatorName: string
  replacement: string
  /** Lines and columns from 0. */
  location: { start: Position; end: Position }
  status?: 'Ignored'
}
export interface Position {
  line: number
  column: number
}
export interface Instrumented {
  files: { name: string; content: string }[]
  mutants: Mutant[]
}

interface Tool {
  Instrumenter: new (
    log: object,
    parser: unknown,
    print: unknown,
    transform: unknown,
  ) => { instrument(files: object[], options: object): Promise<Instrumented> }
  createParser: unknown
  print: unknown
  transformBabel(ast: unknown, collector: unknown, context: object, operators: unknown[]): void
  allMutators: unknown[]
}

const part = async (name: string): Promise<Partial<Tool>> => import(pathToFileURL(join(PACKAGE, 'dist/src', name)).href)

async function tool(): Promise<Tool> {
  if (!existsSync(PACKAGE)) throw new Error('not installed: npm ci --prefix test/mutants')
  const names = ['index', 'parsers/index', 'printers/index', 'transformers/babel-transformer', 'mutators/index']
  const parts = await Promise.all(names.map(name => part(`${name}.js`)))
  return Object.assign({}, ...parts) as Tool
}

/** Words are left out: one that is wrong in SQL fails at once, and messages are kept in the exchanges of the dialects. */
const OPTIONS = { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [], noHeader: false }

const quiet = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} }

/** `files`: absolute paths. */
export async function instrument(files: readonly string[]): Promise<Instrumented> {
  const { Instrumenter, createParser, print, transformBabel, allMutators } = await tool()
  const wrapped = OPERATORS.map(({ name, mutate }) => ({ name, mutate: (place: Place) => mutate(place) }))
  const transform = (ast: unknown, collector: unknown, context: object) =>
    transformBabel(ast, collector, context, [...allMutators, ...wrapped])
  const contents = await Promise.all(
    files.map(async name => ({ name, mutate: true, content: await readFile(name, 'utf8') })),
  )
  const made = await new Instrumenter(quiet, createParser, print, transform).instrument(contents, OPTIONS)
  return { files: made.files, mutants: made.mutants.filter(({ status }) => status !== 'Ignored') }
}
