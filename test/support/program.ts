/** The program as it is built: a process of it starts in half the time that its sources take through a translator. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { buildProgram } from '../../scripts/build/package.ts'
import { JOINED, joinModules } from './joined.ts'
import { dropSchemas, RUN_NAME } from './postgres-schemas.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KEPT = join(ROOT, '.tmp')
const SOURCES = [
  'core',
  'adapters',
  'src',
  'verify',
  'scripts/build',
  'test/support/fill-child.ts',
  'test/support/joined.ts',
  'tsconfig.json',
  'package-lock.json',
]
/** What tests start, or import in a process of their own. */
const ENTRIES = ['src/cli.ts', 'core/store/open.ts', 'test/support/fill-child.ts'] as const
/** A build that nobody can be using any more: no run of the suite takes that long. */
const OLD_MS = 3_600_000

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap(entry => filesOf(join(path, entry.name)))
}

/** Another one as soon as a file of the sources is another one. */
function versionOfSources(): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap(name => filesOf(join(ROOT, name))).sort()) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

function removeOld(): void {
  for (const name of readdirSync(KEPT).filter(each => each.startsWith('program-'))) {
    const folder = join(KEPT, name)
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    if (age > OLD_MS) rmSync(folder, { recursive: true, force: true })
  }
}

/** Made beside and moved into place, so that files which start at the same time do not meet half of it. */
async function build(folder: string): Promise<void> {
  const made = mkdtempSync(join(KEPT, 'program-new-'))
  await buildProgram(made, 'test/tsconfig.program.json')
  await joinModules(made, ENTRIES.map(builtName))
  try {
    renameSync(made, folder)
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

let built: Promise<string> | undefined

const builtName = (source: string) => source.replace(/\.ts$/, '.js')

async function findOrBuild(): Promise<string> {
  const folder = join(KEPT, `program-${versionOfSources()}`)
  if (existsSync(folder)) return folder
  mkdirSync(KEPT, { recursive: true })
  removeOld()
  await build(folder)
  return folder
}

/** The folder of the build, with a file for each of the sources; made where it is not yet. */
export function programFolder(): Promise<string> {
  built ??= findOrBuild()
  return built
}

/** The file that node runs in place of this one of the sources. */
export async function programFile(source: (typeof ENTRIES)[number]): Promise<string> {
  return join(await programFolder(), JOINED, basename(builtName(source)))
}

/** Before any test, so that the compiler's time counts to none of them. */
export async function setup(): Promise<void> {
  process.env[RUN_NAME] = randomBytes(6).toString('hex')
  await programFile('src/cli.ts')
}

export async function teardown(): Promise<void> {
  await dropSchemas(process.env[RUN_NAME] ?? '')
}
