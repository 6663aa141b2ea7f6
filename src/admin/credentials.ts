import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import type { Core } from '../../core/verbs.ts'
import { isDemoSecret } from '../config-rules.ts'
import { accountOf } from './accounts.ts'
import type { AdminContext, AdminModule } from './context.ts'
import { missing } from './faults.ts'
import { idOf, readBody, text } from './input.ts'
import { present } from './present.ts'

const newCredential = (realms: readonly string[]) =>
  v.strictObject({
    realm: v.picklist(realms, `must be one of ${realms.join(', ')}`),
    kind: v.optional(v.picklist(['key', 'key_pair', 'password']), 'key'),
    public_id: v.optional(text(200)),
    secret: v.optional(v.pipe(v.string(), v.minLength(8, 'must have 8 characters or more'), v.maxLength(200))),
    user_id: v.optional(v.pipe(v.number(), v.integer())),
    role: v.optional(v.picklist(['operator', 'account_admin', 'organization_admin', 'user'])),
    scopes: v.optional(v.array(v.pipe(v.string(), v.regex(/^\S{1,60}$/, 'must be a scope without spaces'))), []),
    name: v.optional(text(200)),
  })

type NewCredential = v.InferOutput<ReturnType<typeof newCredential>>

export const credentials: AdminModule = (app, context) => {
  const { core } = context
  const schema = newCredential(context.dialects)
  app.get('/accounts/:id/credentials', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    return c.json({ credentials: (await core.credentials.list(id)).map(present) })
  })
  app.post('/accounts/:id/credentials', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const body = await readBody(c, schema)
    refuseDemoSecret(context, body.secret)
    const { credential, secret } = await core.credentials.create(null, await inputOf(core, id, body))
    return c.json({ ...present(credential), secret }, 201)
  })
  app.delete('/accounts/:id/credentials/:credential', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const credentialId = idOf(c, 'credential', 'credential')
    // of this account, or it is not there
    const credential = (await core.credentials.list(id)).find(item => item.id === credentialId)
    if (!credential) throw missing('credential', credentialId)
    await core.credentials.revoke(null, credentialId)
    return c.json({ ...present(credential), is_active: false })
  })
}

export function refuseDemoSecret({ mode }: Pick<AdminContext, 'mode'>, secret: string | undefined): void {
  if (mode !== 'production' || secret === undefined || !isDemoSecret(secret)) return
  throw new Fault('invalid_input', {
    issues: [
      { field: 'secret', problem: 'not_allowed', message: 'demo secrets are public and not taken in production' },
    ],
  })
}

async function inputOf(core: Core, accountId: number, body: NewCredential) {
  const { public_id: publicId, user_id: userId, secret, role, name } = body
  if (userId !== undefined && (await core.directory.user(userId))?.accountId !== accountId)
    throw missing('user', userId)
  return {
    accountId,
    realm: body.realm,
    kind: body.kind,
    scopes: body.scopes,
    ...(publicId === undefined ? {} : { publicId }),
    ...(userId === undefined ? {} : { userId }),
    ...(secret === undefined ? {} : { secret }),
    ...(role === undefined ? {} : { role }),
    ...(name === undefined ? {} : { name }),
  }
}
