import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import { createSender } from '../../src/callbacks/sender.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/http/gateway.ts'

/**
 * Imports numbers as a process that begins anew would: what lay half done first, callbacks last. `around` sees each of its
 * write units.
 */
export async function fill(
  url: string,
  numbers: readonly Record<string, string>[],
  around: (store: Store) => Store = store => store,
): Promise<void> {
  const store = around(await openStore(url))
  const core = createCore({ store, clock: { now: Date.now }, key: 'test' })
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
  const { dialects, callbackTargets: targets } = createGateway({ config, core, modules: dialectModules })
  const sender = createSender({ core, dialects, targets })
  const file = (async function* () {
    for (const [index, row] of numbers.entries()) yield { line: index + 2, row }
  })()
  await core.imports.resume()
  await core.imports.run(file, { owned: false, keepGood: false })
  await sender.tick()
  await store.close()
}
