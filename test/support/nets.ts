/** What the tests that go over all dialects must know of each: `nets` in `test/adapters/<dialect>/nets.ts`. */
import { dialectModules } from '../../src/dialects.ts'
import type { Exchanges } from './exchanges.ts'
import type { Fault } from './mutate.ts'
import type { Samples } from './proxy-samples.ts'

export interface Nets {
  /** Its kept exchanges, or why there are none. */
  exchanges: Exchanges | string
  /** What a validating proxy passes on to it, or why the proxy cannot judge it. */
  samples: Samples | string
  /** Servers that get one thing wrong each: its rules are known to fail. */
  wrongServers: readonly Fault[]
  /** An order of it may wait: one does in the world that bad requests are sent to. */
  ordersWait?: true
  /** Where operations have paths: one that takes a body, below the account of these credentials. */
  write?(credentials: Readonly<Record<string, string>>): readonly [method: string, path: string]
  /** What the README's walk through it has shown by its end. */
  walk: readonly RegExp[]
  /** What a list of owned numbers cannot meet here, because its status belongs to another refusal. */
  unmet?: readonly string[]
  /** Where its provider tables something else than 4xx for what a client sent: operation → statuses. */
  refusals?: Readonly<Record<string, readonly number[]>>
}

const all = new Map<string, Nets>()
for (const { name } of dialectModules) {
  const file = `../adapters/${name}/nets.ts`
  const { nets } = (await import(/* @vite-ignore */ file)) as { nets: Nets }
  all.set(name, nets)
}

export function netsOf(dialect: string): Nets {
  const found = all.get(dialect)
  if (!found) throw new Error(`test/adapters/${dialect}/nets.ts says nothing`)
  return found
}
