import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/** The one place that sets limits: generous ones, so that a busy or slow machine fails nothing. */
// biome-ignore lint/style/noDefaultExport: this is how the runner reads its settings
export default defineConfig({
  test: {
    // they wait for a database, a timer or a browser for a third of their time
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 180_000,
    hookTimeout: 240_000,
    globalSetup: ['test/support/program.ts'],
    setupFiles: ['test/support/known-digests.ts'],
    // no module keeps a state: files of one worker share what they import, which else is most of a small file's time
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
})
