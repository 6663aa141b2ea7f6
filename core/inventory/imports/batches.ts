import type { RunUnit, Unit } from '../../ground/unit.ts'

/** What becomes of a batch of lines: units that may run again, and what is noted of each once it is committed. */
interface Steps<B, P, K> {
  /** In a unit of its own, where another connection can write meanwhile what was prepared before. */
  isTwo: boolean
  prepare(unit: Unit, batch: B): Promise<P>
  prepared(batch: P): void
  keep(unit: Unit, batch: P): Promise<K>
  kept(batch: P, result: K): void
}

export interface Batches<B> {
  /** Resolves when it is under way, and throws what went wrong with one before it. */
  add(batch: B): Promise<void>
  /** All are kept, or nothing is under way any more. */
  end(): Promise<void>
}

const AS_STEP = { isStep: true }

/** Batches in their order: at most one is prepared and one is kept at the same time. */
export function createBatches<B, P, K>(run: RunUnit, steps: Steps<B, P, K>): Batches<B> {
  let preparing: Promise<unknown> = Promise.resolve()
  let keeping: Promise<unknown> = preparing
  /** What was kept when `keeping` began. */
  let earlier: Promise<unknown> = preparing

  async function inOne(batch: B): Promise<void> {
    const unit = async (unit: Unit) => {
      const prepared = await steps.prepare(unit, batch)
      return { prepared, result: await steps.keep(unit, prepared) }
    }
    const { prepared, result } = await run(null, unit, AS_STEP)
    steps.prepared(prepared)
    steps.kept(prepared, result)
  }

  async function prepare(batch: B): Promise<P> {
    const prepared = await run(null, unit => steps.prepare(unit, batch), AS_STEP)
    steps.prepared(prepared)
    return prepared
  }

  async function keep(preparing: Promise<P>, before: Promise<unknown>): Promise<void> {
    const prepared = await preparing
    await before
    steps.kept(prepared, await run(null, unit => steps.keep(unit, prepared), AS_STEP))
  }

  return {
    async add(batch) {
      await preparing
      await (steps.isTwo ? earlier : keeping)
      earlier = keeping
      if (steps.isTwo) {
        const prepared = prepare(batch)
        preparing = prepared
        keeping = keep(prepared, earlier)
      } else keeping = inOne(batch)
      for (const each of [preparing, keeping]) each.catch(() => {}) // told to whoever waits for it next
    },
    async end() {
      await Promise.allSettled([preparing, earlier, keeping])
      await keeping
    },
  }
}
