import type { Context } from 'hono'
import type { Actor } from '../../core/ground/model.ts'
import type { AdminEnv } from './context.ts'

/** Who asks, as every event of what is done tells it: the name of the token. Null: whoever has the token of the settings. */
export function actorOf(c: Context<AdminEnv>): Actor {
  const administrator = c.get('administrator')
  return administrator === undefined ? null : { administrator }
}
