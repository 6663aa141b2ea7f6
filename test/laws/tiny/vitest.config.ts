/**
 * The tests that go over dialects, as they stand, with one dialect more: its word is put into the register, and its data
 * for the tests is taken from here instead of `test/adapters/tiny`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vitest/config'

const ROOT = join(import.meta.dirname, '../../..')
const REGISTER = join(ROOT, 'src/dialects.ts')
const FILES = join(ROOT, 'src/config/package-files.ts')

function registered(): string {
  const register = readFileSync(REGISTER, 'utf8').replace('] as const', ', tiny] as const')
  return `import { tiny } from '../test/laws/tiny/index.ts'\n${register}`
}

/** The demo world as the generator writes it when there is one dialect more; `setup.ts` has it written. */
const otherWorld = () =>
  readFileSync(FILES, 'utf8').replace("join(packageRoot(), 'fixtures', 'demo')", 'process.env.TINY_WORLD as string')

const oneMore: Plugin = {
  name: 'one dialect more',
  enforce: 'pre',
  resolveId: id => (id.endsWith('/adapters/tiny/nets.ts') ? join(import.meta.dirname, 'nets.ts') : undefined),
  load(id) {
    if (id === REGISTER) return registered()
    return id === FILES ? otherWorld() : undefined
  },
}

const TESTS = [
  ...['contract/contract', 'contract/exchanges'],
  ...['laws/law', 'laws/hostile', 'laws/guarantees-dialects', 'laws/asking'],
  ...['host/openapi', 'host/double-dialects', 'host/testing/credentials', 'verify/wrong-servers'],
]

// biome-ignore lint/style/noDefaultExport: this is how the runner reads its settings
export default defineConfig({
  root: ROOT,
  plugins: [oneMore],
  test: {
    include: TESTS.map(name => `test/${name}.test.ts`),
    env: { TEST_DIALECTS: 'tiny', TEST_ENGINES: 'sqlite' },
    globalSetup: [join(import.meta.dirname, 'setup.ts')],
    setupFiles: ['test/support/known-digests.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
  },
})
