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
  const failed = testModules.flatMap(module => [...module.children.allTests('failed')].map(({ name }) => name))
  return { fault, by: [...new Set(failed)] }
}

/** One after the other, by tests that stay loaded. */
export async function plantAll(note: (result: Catch) => void): Promise<Catch[]> {
  process.env.TEST_ENGINES = 'sqlite'
  const texts = new Map<string, string>()
  const plugins = [{ name: 'planted', enforce: 'pre' as const, load: (id: string) => texts.get(id) }]
  const options = { root: ROOT, watch: false, reporters: [{}], silent: true, maxWorkers: 1 }
  const vitest = await createVitest('test', options, { plugins })
  const results: Catch[] = []
  try {
    for (const planted of PLANTED) {
      const result = await tryOne(vitest, texts, planted)
      note(result)
      results.push(result)
    }
  } finally {
    await vitest.close()
  }
  return results
}
