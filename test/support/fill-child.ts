/**
 * A process of its own that imports numbers over a database and kills itself (SIGKILL) after so many write units, so
 * that a test can die at every step between the arrival of stock and the callback.
 */
import type { Store } from '../../core/store/store.ts'
import { fill } from './fill.ts'

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

await fill(url, JSON.parse(numbers), store => mortal(store, Number(dieAfter)))
process.stdout.write(`done after ${units} units\n`)
