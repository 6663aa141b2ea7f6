import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../../scripts/coverage-data.ts'
import { rulesPage } from '../../scripts/rules-page.ts'
import { testingPage } from '../../scripts/testing-page.ts'

const kept = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8')

it('docs/testing.md is of this code (npm run docs)', () => {
  expect(kept('testing.md')).toBe(testingPage())
})

it('docs/rules.md, which failures of verify cite, is of this code (npm run docs)', () => {
  expect(kept('rules.md')).toBe(rulesPage())
  expect(kept('rules.md')).not.toMatch(/\bsections? \d|\bvectors? \d/)
})
