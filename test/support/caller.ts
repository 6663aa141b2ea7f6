import type { TestWorld } from './world.ts'

/** Whoever speaks for an account of this world. */
export async function callerOf({ core }: Pick<TestWorld, 'core'>, id: number) {
  return core.accounts.callerFor((await core.accounts.get(id)) as never)
}
