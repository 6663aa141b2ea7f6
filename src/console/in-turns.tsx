import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'

/** As many rows of a table as take some tenths of a millisecond, which is what a request takes. */
const AT_ONCE = 3

interface InTurnsOf<T> {
  of: readonly T[]
  each: (item: T) => Child
  atOnce?: number
}

/** A long list, some at a time: clients are answered between them. */
export const InTurns = <T,>({ of, each, atOnce = AT_ONCE }: InTurnsOf<T>): JSX.Element => (
  <>
    {of.slice(0, atOnce).map(each)}
    {of.length > atOnce && <Later of={of.slice(atOnce)} each={each} atOnce={atOnce} />}
  </>
)

async function Later<T>(rest: InTurnsOf<T>) {
  await nextTurn()
  return <InTurns {...rest} />
}
