/** Until it is stopped: so many people, each of whom reads one page of the console after the other, with pauses. */
import { setTimeout as sleep } from 'node:timers/promises'

const [console = '', readers, pauseMs, ...pages] = process.argv.slice(2)

async function read(begin: number): Promise<never> {
  for (let n = begin; ; n++) {
    await (await fetch(`${console}${pages[n % pages.length]}`)).text()
    await sleep(Number(pauseMs))
  }
}

await Promise.all(Array.from({ length: Number(readers) }, (_, n) => read(n * 7)))
