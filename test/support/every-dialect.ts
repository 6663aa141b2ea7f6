/** One account's number as the clients of every dialect see it. */
import { dialectModules } from '../../src/dialects.ts'
import { credentialsOf } from '../contract/world.ts'
import type { TestWorld } from './world.ts'

export interface Sight {
  /** By dialect: the numbers that the account owns. */
  owned: Record<string, string[]>
  /** Dialects in whose answers about the number the text stands. */
  showing(text: string): string[]
}

/** Lists the account's numbers in every dialect, and reads what each tells of this one. */
export async function sightOf(w: TestWorld, accountId: number, e164: string): Promise<Sight> {
  const owned: Record<string, string[]> = {}
  const texts: Record<string, string> = {}
  for (const { name, driver } of dialectModules) {
    const seen: string[] = []
    const send = async (request: Request) => {
      const response = await w.send(request)
      seen.push(await response.clone().text())
      return response
    }
    const client = driver.create({ send, base: w.base(name), credentials: credentialsOf(accountId)[name] ?? {} })
    if (!driver.cannot?.owned) owned[name] = await client.owned()
    if (!driver.cannot?.configure) await client.configured(e164)
    texts[name] = seen.join('\n')
  }
  const names = Object.keys(texts)
  return { owned, showing: text => names.filter(name => texts[name]?.includes(text)) }
}
