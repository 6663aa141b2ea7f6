import type { NumberState } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'

/** Short enough for who waits behind it; a small inventory is one. */
const STRETCH = 20_000
/** Each call goes on for about so long: a hundredth of the time between scrapes. */
const BUDGET_MS = 150

export type States = ReadonlyMap<NumberState, number>

/**
 * How many numbers are in each state. A counter for each state would be one row that all purchases wait for, so the
 * inventory is gone round instead, a little with every call: ten million take some fifty calls.
 */
export function createRounds(budgetMs = BUDGET_MS, stretch = STRETCH) {
  let over: Core | undefined
  let after: number | undefined = 0
  let counting = new Map<NumberState, number>()
  let last: States | undefined
  const begin = () => {
    after = 0
    counting = new Map()
  }
  return {
    /** What the last whole round has found; undefined before there was one. */
    async goOn(core: Core): Promise<States | undefined> {
      if (core !== over) {
        over = core
        last = undefined
        begin()
      }
      const endAt = performance.now() + budgetMs
      do {
        const { counts, next } = await core.oversight.states(after ?? 0, stretch)
        for (const { state, count } of counts) counting.set(state, (counting.get(state) ?? 0) + count)
        after = next
      } while (after !== undefined && performance.now() < endAt)
      if (after !== undefined) return last
      last = counting
      begin()
      return last
    },
  }
}
