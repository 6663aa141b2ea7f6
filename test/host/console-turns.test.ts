/** People who look at long lists keep no client waiting: a list is made some rows at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { raw } from 'hono/html'
import { expect, it } from 'vitest'
import { InTurns } from '../../src/console/in-turns.tsx'

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

async function turnsWhile(work: Promise<unknown>): Promise<number> {
  let isOver = false
  let turns = 0
  const watch = (async () => {
    for (; !isOver; turns++) await nextTurn()
  })()
  await work
  isOver = true
  await watch
  return turns
}

it('a list of a thousand rows is made in hundreds of turns, in its order', async () => {
  const list = InTurns({ of: numbers(1_000), each: n => raw(`<i>${n}</i>`) })
  const text = Promise.resolve(list.toString())
  expect(await turnsWhile(text)).toBeGreaterThanOrEqual(333)
  expect(String(await text)).toBe(
    numbers(1_000)
      .map(n => `<i>${n}</i>`)
      .join(''),
  )
})

it('a short list is made at once', () => {
  expect(String(InTurns({ of: numbers(3), each: n => raw(`<i>${n}</i>`) }))).toContain('<i>2</i>')
})
