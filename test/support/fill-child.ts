/**
 * A process of its own that imports numbers over a database and kills itself (SIGKILL) after so many write units, so
 * that a test can die at every step between the arrival of stock and the callback.
 */
import { createCore } from '../../core/core.ts'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/gateway.ts'
import { createSender } from '../../src/outbound.ts'

const [, , url = '', dieAfter = '0', numbers = '[]'] = process.argv

let units = 0
/** Dies before the commit of unit n (n.0) or right after it (n.5). */
function mortal(store: Store, at: number): Store {
  const die = () => process.kill(process.pid, 'SIGKILL')
  return {
    ...store,
    write: async fn => {
      const mine = ++units
      const value = await store.write(async db => {
        const result = await fn(db)
        if (mine === at) die()
        return result
      })
      if (mine + 0.5 === at) die()
      return value
    },
  }
}

const store = mortal(await openStore(url), Number(dieAfter))
const core = createCore({ store, clock: { now: Date.now }, key: 'test' })
const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
const { dialects, callbackTargets: targets } = createGateway({ config, core, modules: dialectModules })
const sender = createSender({ core, dialects, targets })
const rows = JSON.parse(numbers) as Record<string, string>[]
const file = (async function* () {
  for (const [index, row] of rows.entries()) yield { line: index + 2, row }
})()
await core.imports.resume()
await core.imports.run(file, { owned: false, keepGood: false })
await sender.tick()
await store.close()
process.stdout.write(`done after ${units} units\n`)
