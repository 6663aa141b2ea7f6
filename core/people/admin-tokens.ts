/** Named tokens of the admin plane: found by a digest of what is sent, as bare keys of dialects are. */
import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Row } from '../ground/rows.ts'
import { keyDigest } from '../ground/secrets.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { AdminToken, AdminTokens } from '../verbs.ts'
import { drawSecret } from './credentials.ts'

/** That open at once: as many as there are people and programs who run a gateway, many times over. */
const MOST = 200

function toToken(row: Row<'admin_tokens'>): AdminToken {
  return { id: row.id, name: row.name, createdAt: row.created_at, revokedAt: row.revoked_at }
}

function audit(unit: Unit, done: string, { id, name }: AdminToken, reason: string): Promise<void> {
  return recordAudit(unit, {
    accountId: null,
    action: `admin_token.${done}`,
    subject: name,
    data: { tokenId: id, reason },
  })
}

/** Faults: name_taken, limit_reached. */
async function insert(unit: Unit, name: string, secret: string, reason: string): Promise<AdminToken> {
  const good = unit.db.selectFrom('admin_tokens').where('revoked_at', 'is', null)
  const { total } = await good.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  if (total >= MOST) throw new Fault('limit_reached', { what: 'admin tokens', limit: MOST })
  const row = await unit.db
    .insertInto('admin_tokens')
    .values({ name, token_hash: keyDigest(secret), created_at: unit.now, revoked_at: null })
    .onConflict(c => c.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Fault('name_taken', { what: 'admin_token', name })
  await audit(unit, 'created', toToken(row), reason)
  return toToken(row)
}

async function whyNot(unit: Unit, id: number): Promise<Fault> {
  const row = await unit.db.selectFrom('admin_tokens').select('id').where('id', '=', id).executeTakeFirst()
  if (!row) return missing('admin_token', id)
  return new Fault('wrong_state', { what: 'admin_token', id: String(id), state: 'revoked already' })
}

async function revoke(unit: Unit, id: number, reason: string): Promise<AdminToken> {
  const row = await unit.db
    .updateTable('admin_tokens')
    .set({ revoked_at: unit.now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw await whyNot(unit, id)
  await audit(unit, 'revoked', toToken(row), reason)
  return toToken(row)
}

export function createAdminTokens({ store, random }: Context, run: RunUnit): AdminTokens {
  const good = (column: 'id' | 'token_hash', value: number | string) =>
    store.read(async db => {
      const query = db.selectFrom('admin_tokens').selectAll().where(column, '=', value)
      const row = await query.where('revoked_at', 'is', null).executeTakeFirst()
      return row && toToken(row)
    })
  return {
    async create(actor, name, reason) {
      const secret = drawSecret(random)
      return { token: await run(actor, unit => insert(unit, name, secret, reason)), secret }
    },
    revoke: (actor, id, reason) => run(actor, unit => revoke(unit, id, reason)),
    list: page =>
      store.read(async db => {
        const query = db.selectFrom('admin_tokens')
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
        return { items: rows.map(toToken), total }
      }),
    resolve: secret => good('token_hash', keyDigest(secret)),
    isGood: async id => (await good('id', id)) !== undefined,
  }
}
