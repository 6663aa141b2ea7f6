/** What the replay of a dialect's kept exchanges must know: the world that they run in, and what differs from run to run. */
import { fileURLToPath } from 'node:url'
import type { World } from '../../src/worlds/world-file.ts'
import type { Exchange } from './exchange.ts'
import type { TestWorld } from './world.ts'

/** Makes it so; the text stands for its placeholder. */
export type Given = (world: TestWorld) => Promise<unknown>

export interface Exchanges {
  /** Where they are kept; default: `fixtures/<dialect>`. */
  folder?: string
  world: World
  /** What must be there first, by the name that a file gives it or that a placeholder of it has. */
  given: Readonly<Record<string, Given>>
  /** Headers of an answer that are kept. */
  headers: readonly string[]
  /** What differs from run to run; `values`: by the names that were given. */
  masked?(text: string, values: ReadonlyMap<string, string>): string
  /** Throws where an answer is not what it should be, beside its schema. */
  check?(text: string): unknown
  /** GET asks for changes too: `# changes` stands in the files that do, if nothing is given in them. */
  getsAct?: true
  /** `operations`: one exchange of each is enough; default: one of each documented status. */
  kept?: 'operations'
  /** What no exchange shows: operation (or `*`), status, and why. */
  unreachable?: readonly (readonly [operation: string | RegExp, status: number | 'any', why: string])[]
}

export const folderOf = (dialect: string, { folder }: Pick<Exchanges, 'folder'> = {}) =>
  folder ?? fileURLToPath(new URL(`../../fixtures/${dialect}`, import.meta.url))

/** What an exchange needs: the placeholders that are known, and then what it says itself. */
export function needsOf({ given }: Exchanges, exchange: Exchange): string[] {
  const placeholders = [...exchange.request.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name)
  return [
    ...new Set([...placeholders.filter(name => name in given && !exchange.given.includes(name)), ...exchange.given]),
  ]
}

/** Brings about what an exchange asks for. Undefined: it asks for something that is not known here. */
export async function valuesFor(
  exchanges: Exchanges,
  exchange: Exchange,
  world: TestWorld,
): Promise<Map<string, string> | undefined> {
  const { given } = exchanges
  if (exchange.given.some(name => !(name in given))) return undefined
  const values = new Map<string, string>()
  for (const name of needsOf(exchanges, exchange)) values.set(name, String((await given[name]?.(world)) ?? ''))
  return values
}

/** The second account has a key, and no money. */
export function withKeyOfSecond(world: World, realm: string, publicId: string, secret: string): World {
  const credential = { realm, kind: 'key_pair' as const, public_id: publicId, secret }
  const accounts = (world.accounts ?? []).map(each => (each.id === 2 ? { ...each, credentials: [credential] } : each))
  return { ...world, accounts }
}
