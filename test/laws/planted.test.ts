/** Faults that once went unseen stay plantable: a source that has changed takes its fault along. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PLANTED } from '../mutants/planted.ts'

const ROOT = join(import.meta.dirname, '../..')

it.each(PLANTED.map(each => [each.fault, each] as const))('%s: stands once in its source', (_, { source, was, is }) => {
  expect(readFileSync(join(ROOT, source), 'utf8').split(was)).toHaveLength(2)
  expect(is).not.toBe(was)
})
