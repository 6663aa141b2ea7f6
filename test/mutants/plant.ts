/** One fault at a time in a source, as it is read: nothing on disk changes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVitest, type Vitest } from 'vitest/node'
import { PLANTED, type Planted } from './planted.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Catch {
  fault: string
  /** Titles of the tests that failed; none: nobody sees it. */
  by: string[]
}

async function tryOne(vitest: Vitest, texts: Map<string, string>, planted: Planted): Promise<Catch> {
  const { fault, source, was, is, tests } = planted
  const path = join(ROOT, source)
  const text = readFileSync(path, 'utf8')
  if (text.split(was).length !== 2) throw new Error(`${source} does not hold once: ${was}`)
  texts.set(
    path,
    text.replace(was, () => is),
  )
  vitest.invalidateFile(path)
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([...tests]))
  texts.clear()
  vitest.invalidateFile(path)
  // those of earlier faults are told once more
  const asked = testModules.filter(({ moduleId }) => tests.some(test => moduleId === join(ROOT, test)))
  const failed = asked.flatMap(module => [...module.children.allTests('failed')].map(({ name }) => name))
  return { fault, by: [...new Set(failed)] }
}

/** One after the other, by tests that stay loaded. `words`: only faults that are told with one of them. */
export async function plantAll(words: readonly string[], note: (result: Catch) => void): Promise<void> {
  process.env.TEST_ENGINES = 'sqlite'
  const texts = new Map<string, string>()
  const plugins = [{ name: 'planted', enforce: 'pre' as const, load: (id: string) => texts.get(id) }]
  // no test that is asked here runs the program
  const options = { root: ROOT, watch: false, reporters: [{}], silent: true, maxWorkers: 1, globalSetup: [] }
  const vitest = await createVitest('test', options, { plugins })
  const wanted = PLANTED.filter(({ fault }) => words.length === 0 || words.some(word => fault.includes(word)))
  try {
    for (const planted of wanted) note(await tryOne(vitest, texts, planted))
  } finally {
    await vitest.close()
  }
}
