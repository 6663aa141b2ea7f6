/**
 * Runs inside of Vitest's worker. After the ordinary run of a file it runs that file's tests again for each mutant that
 * they reach, in the same process, where everything is loaded already: a mutant costs what its tests cost.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as later } from 'node:timers/promises'
import { startTests } from '@vitest/runner'
import { getTasks } from '@vitest/runner/utils'
import { type RunnerTestFile as File, type RunnerTask as Task, TestRunner, vi } from 'vitest'
import type { Outcome, Work } from './work.ts'

type Hits = Record<string, number>
interface Switch {
  activeMutant?: string
  currentTestId?: string
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> }
}

const HOOKS = 'hooks'
/** A loop that never ends is stopped by the number of its turns, one that waits for ever by the clock. */
const TURNS = 10_000
/** What is told of the ordinary run is sent this late at most. */
const FLUSH_MS = 200
const PATIENCE = { least: 2000, times: 8 }

const world = globalThis as unknown as { __stryker__?: Switch }
world.__stryker__ ??= {}
const alive: Switch = world.__stryker__

const fullName = (task: Task): string =>
  task.suite ? `${fullName(task.suite as unknown as Task)} ${task.name}`.trim() : task.name

const testsOf = (files: readonly File[]) => getTasks([...files]).filter(task => task.type === 'test')

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

interface Inner {
  /** The first test that failed, or the hook. */
  killer: string | undefined
  ran: number
}

function rerun(
  runner: TestRunner,
  path: string,
  names: readonly string[] | undefined,
  timeout: number,
): Promise<Inner> {
  const modules = (runner as unknown as { workerState: { evaluatedModules: Modules } }).workerState.evaluatedModules
  const node = modules.getModuleById(path)
  if (node) modules.invalidateModule(node)
  const pattern = names ? new RegExp(`^(${names.map(escaped).join('|')})$`) : runner.config.testNamePattern
  const inner = Object.create(runner) as TestRunner & Record<string, unknown>
  inner.config = {
    ...runner.config,
    testNamePattern: pattern,
    testTimeout: timeout,
    hookTimeout: timeout * 2,
  }
  let hasFailed = false
  const silent = {
    onTaskUpdate: async () => {},
    onCollected: async () => {},
    onAfterRunFiles: async () => {},
    onCollectStart: TestRunner.prototype.onCollectStart,
    onAfterRunTask(task: Task) {
      hasFailed ||= task.result?.state === 'fail'
      TestRunner.prototype.onAfterRunTask.call(inner, task)
    },
    async onBeforeRunTask(task: Task) {
      if (hasFailed) task.mode = 'skip'
      await TestRunner.prototype.onBeforeRunTask.call(inner, task as never)
    },
  }
  Object.assign(inner, silent)
  return startTests([path], inner as never).then(files => {
    const failed = getTasks(files).filter(task => task.result?.state === 'fail')
    const killer = failed.find(task => task.type === 'test') ?? failed[0]
    return { killer: killer && fullName(killer as Task), ran: testsOf(files as File[]).filter(t => t.result).length }
  })
}

interface Modules {
  getModuleById(id: string): object | undefined
  invalidateModule(module: object): void
}

// biome-ignore lint/style/noDefaultExport: this is how the runner is found
export default function runner(config: ConstructorParameters<typeof TestRunner>[0]): TestRunner {
  const own = new TestRunner(config)
  const { onBeforeTryTask, onAfterRunTask, onBeforeRunSuite, onAfterRunFiles } = TestRunner.prototype
  return Object.assign(own, {
    async onBeforeRunSuite(suite: Parameters<typeof onBeforeRunSuite>[0]) {
      alive.currentTestId = HOOKS
      await onBeforeRunSuite.call(this, suite)
    },
    onBeforeTryTask(test: Parameters<typeof onBeforeTryTask>[0]) {
      alive.currentTestId = test.id
      onBeforeTryTask.call(this, test)
    },
    onAfterRunTask(test: Task) {
      alive.currentTestId = HOOKS
      onAfterRunTask.call(this, test)
    },
    async onAfterRunFiles(files: File[]) {
      await later(FLUSH_MS)
      for (const file of files) await measure(own, file)
      alive.currentTestId = undefined
      onAfterRunFiles.call(this)
    },
  })
}

/** Every mutant that is not dead yet and that this file's tests reach. */
async function measure(runner: TestRunner, file: File): Promise<void> {
  const work = JSON.parse(readFileSync(process.env.MUTANTS as string, 'utf8')) as Work
  const all = testsOf([file])
  if (all.every(test => test.mode === 'skip')) return // of the other engine
  const tests = all.filter(test => test.result?.state === 'pass')
  if (file.result?.state !== 'pass') throw new Error(`${file.name} fails without any mutant`)
  const slowest = Math.max(...tests.map(test => test.result?.duration ?? 0))
  const timeout = Math.max(PATIENCE.least, PATIENCE.times * slowest)
  const { static: atLoad, perTest } = structuredClone(alive.mutantCoverage ?? { static: {}, perTest: {} })
  const alone = new Map<string, boolean>()
  const standsAlone = async (name: string) => {
    if (!alone.has(name)) alone.set(name, (await rerun(runner, file.filepath, [name], timeout)).killer === undefined)
    return alone.get(name)
  }
  // emptied where it is: the sources hold on to it
  for (const test of Object.keys(alive.mutantCoverage?.perTest ?? {})) delete alive.mutantCoverage?.perTest[test]
  for (const { id } of work.mutants) {
    const before = work.outcomes[id]
    if (before?.killer !== undefined) continue
    const isStatic = atLoad[id] !== undefined
    const isInHooks = perTest[HOOKS]?.[id] !== undefined
    const covering = tests.filter(test => perTest[test.id]?.[id] !== undefined)
    if (!isStatic && !isInHooks && covering.length === 0) continue
    const names = isStatic || isInHooks ? undefined : covering.map(test => fullName(test as Task))
    const hits = Object.values(perTest).reduce((sum, each) => sum + (each[id] ?? 0), 0)
    const attempt = async (which: readonly string[] | undefined) => {
      Object.assign(alive, { activeMutant: id, hitCount: 0, hitLimit: hits * 100 + TURNS })
      if (isStatic) vi.resetModules()
      const inner = await rerun(runner, file.filepath, which, timeout).catch(error => ({
        killer: String(error),
        ran: 0,
      }))
      alive.activeMutant = ''
      if (isStatic) vi.resetModules()
      return inner
    }
    let inner = await attempt(names)
    // a test that needs its neighbours failed for want of them
    if (names && inner.killer !== undefined && !(await standsAlone(inner.killer))) inner = await attempt(undefined)
    const outcome: Outcome = { killer: inner.killer, ran: (before?.ran ?? 0) + inner.ran }
    work.outcomes[id] = outcome
    writeFileSync(process.env.MUTANTS as string, JSON.stringify(work))
  }
}
