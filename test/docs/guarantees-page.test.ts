/** docs/guarantees.md tells what the tests protect: `npm run docs` writes it anew. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/coverage-data.ts'
import { guaranteesPage, sentence, titlesOf } from '../../scripts/guarantees-data.ts'

/** Where a title tells what differs from case to case. */
const HOLE = '$' + '{n}'

describe('docs/guarantees.md', () => {
  it('is of these titles', () => {
    const page = readFileSync(join(ROOT, 'docs', 'guarantees.md'), 'utf8')
    expect(page === guaranteesPage(), 'stale: run `npm run docs`, and review what it changed').toBe(true)
  })

  it.each([
    ["it('a is b', async () => {})", ['a is b']],
    ["  test.each(rows.map(({ x }) => [x, ')']))('C12: %s is b', run)", ['C12: %s is b']],
    ["it.skipIf(no)(\n  'a “b” isn\\'t c',\n  run)", ["a “b” isn't c"]],
    [`it(\`after ${HOLE} steps\`, run)`, [`after ${HOLE} steps`]],
    ["describe('what is a', () => {\n  it('A1: is b', run)\n})\nit('is c', run)", ['what is a: is b', 'is c']],
    ["submit('no'); unit('no'); x.it('no'); it(name, run)", []],
    ["  {\n    name: 'sold once',\n    run: x,\n  }", ['sold once']],
  ])('finds the titles of %s', (text, titles) => {
    expect(titlesOf(text)).toEqual(titles)
  })

  it.each([
    ['A5: a month is charged once', 'a month is charged once'],
    ['C S4: a token is refused', 'a token is refused'],
    ['A2, A4: a user is let in', 'a user is let in'],
    [`every one of ${HOLE} holds for %s`, 'every one of … holds for …'],
    ['$name', undefined],
  ])('shows %s to strangers', (title, shown) => {
    expect(sentence(title)).toBe(shown)
  })
})
