/** docs/coverage.md tells what is: `npm run docs` writes it anew. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describedDialects, digestOf, keptVectors, ROOT, vectorNumbers } from '../scripts/coverage-data.ts'
import { coverage, ranges } from '../scripts/coverage-table.ts'
import { dialectModules } from '../src/dialects.ts'

const all = describedDialects(dialectModules)
const STALE = 'stale: run `npm run docs`, and review what it changed'
const page = readFileSync(join(ROOT, 'docs', 'coverage.md'), 'utf8')

describe('docs/coverage.md', () => {
  it('is of these operations and exchanges', async () => {
    expect(page === (await coverage(all, keptVectors())), STALE).toBe(true)
  })

  it.each(dialectModules.map(({ name }) => name))('is of the vectors of %s', name => {
    expect(keptVectors()[name]?.digest, STALE).toBe(digestOf(name))
  })

  it('would be another one with another operation, exchange or vector', async () => {
    const [first, ...others] = all
    if (!first) throw new Error('no dialect')
    const shorter = { ...first, dialect: { ...first.dialect, operations: first.dialect.operations.slice(1) } }
    expect(await coverage([shorter, ...others] as typeof all, keptVectors())).not.toBe(page)
    expect(await coverage(all, {})).not.toBe(page)
    const renamed = all.map(each => ({ ...each, dialect: { ...each.dialect, name: `${each.dialect.name}-2` } }))
    expect(await coverage(renamed as typeof all, keptVectors())).not.toBe(page.replace(/^(## .*)$/gm, '$1-2'))
  })

  it('shows every operation once, and a success of each', () => {
    const rows = page.split('\n').filter(line => /^\| (?!Operation|---)/.test(line))
    expect(rows).toHaveLength(all.reduce((sum, { dialect }) => sum + dialect.operations.length, 0))
    const unshown = rows.filter(row => / 20[0-4](, |; | )/.test(`${row.split(' | ').at(-1)} `))
    expect(unshown).toEqual([])
  })
})

describe('the numbers of the vectors', () => {
  it.each([
    ['cm vectors on sqlite > 1, 2: two numbers, at once', [1, 2]],
    ['vobiz vectors on sqlite > vector 23: force without the role, in cool-off: true', [23]],
    ['onsip vectors on sqlite > 12 DidRequest', [12]],
    ['sinch vectors on sqlite > regions, documents, emergency addresses', []],
  ])('of %s', (test, numbers) => {
    expect(vectorNumbers(test)).toEqual(numbers)
  })

  it('are told as ranges', () => {
    expect([ranges([]), ranges([1]), ranges([1, 2, 5, 6, 7, 9])]).toEqual(['', '1', '1, 2, 5–7, 9'])
  })
})
