import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { DEAR } from './files.ts'
import type { Work } from './work.ts'

const { texts } = JSON.parse(readFileSync(process.env.MUTANTS as string, 'utf8')) as Work

/** A password is slow to check by design, and here the same ones are checked a thousand times. */
const cheapPasswords = (id: string) =>
  id.endsWith('/core/ground/secrets.ts') ? readFileSync(id, 'utf8').replace(/\bN: [\d_]+/, 'N: 2') : undefined

const listed = (process.env.MUTANT_TESTS as string).split(',')
const rank = ({ moduleId }: TestSpecification) => listed.findIndex(name => moduleId.endsWith(`/${name}`))

/** What a file sees the next need not look for: those that see most go first. */
class AsListed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => rank(a) - rank(b))
  }
}

/** One process for all files, so that they are loaded once; sources are read with their mutants. */
// biome-ignore lint/style/noDefaultExport: this is how the runner reads its settings
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [{ name: 'mutants', enforce: 'pre', load: id => texts[id] ?? cheapPasswords(id) }],
  test: {
    runner: join(import.meta.dirname, 'runner.ts'),
    include: listed,
    sequence: { sequencer: AsListed },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    testNamePattern: new RegExp(`^(?!.*(${DEAR}))`),
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: [['default', { summary: false }]],
    silent: true,
    dangerouslyIgnoreUnhandledErrors: true,
  },
})
