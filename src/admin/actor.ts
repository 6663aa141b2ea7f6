import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { Administrator } from '../../core/ground/model.ts'
import type { AdminContext, AdminEnv } from './context.ts'

/** Whoever shows the token of the settings, and whoever needs none. No named token has such a name. */
const OF_SETTINGS = 'DIDGATE_ADMIN_TOKEN'
const OF_THIS_MACHINE = 'this machine'

/** Nothing else is looked up in the database. */
const LOOKS_MADE = /^[A-Za-z0-9]{40}$/

/** Who has shown a token. */
export interface Shown {
  administrator: string
  /** Of a named one, which may be revoked. */
  tokenId?: number
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Digests have one length, so that the comparison tells nothing about the token's. */
function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token))
}

/** Undefined: nobody's token. */
export async function whoseToken({ token, core }: AdminContext, given: string): Promise<Shown | undefined> {
  if (token !== undefined && isToken(given, token)) return { administrator: OF_SETTINGS }
  const found = LOOKS_MADE.test(given) ? await core.adminTokens.resolve(given) : undefined
  return found && { administrator: found.name, tokenId: found.id }
}

/** Who asks, as every event of what is done tells it. */
export function actorOf(c: Context<AdminEnv>): Administrator {
  return { administrator: c.get('administrator') ?? c.env?.administrator ?? OF_THIS_MACHINE }
}
