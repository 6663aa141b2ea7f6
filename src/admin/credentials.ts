import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import type { Credential } from '../../core/model.ts'
import type { Core } from '../../core/verbs.ts'
import { isDemoSecret } from '../config-rules.ts'
import { dialectModules } from '../dialects.ts'
import { type AskedCredential, makeCredential } from '../make-credential.ts'
import { accountOf } from './accounts.ts'
import type { AdminContext, AdminModule } from './context.ts'
import { missing } from './faults.ts'
import { idOf, readBody, text } from './input.ts'
import { present } from './present.ts'

/** Sent in headers: what cannot stand there would open nothing. */
const inHeader = (most: number) =>
  v.pipe(v.string(), v.maxLength(most), v.regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces'))

const givenSecret = v.optional(v.pipe(inHeader(200), v.minLength(8, 'must have 8 characters or more')))

const newCredential = v.strictObject({
  realm: text(60),
  kind: v.optional(v.picklist(['key', 'key_pair', 'password'])),
  public_id: v.optional(v.pipe(inHeader(200), v.regex(/^[^:]+$/, 'must not be empty and have no ":"'))),
  secret: givenSecret,
  user_id: v.optional(v.pipe(v.number(), v.integer())),
  role: v.optional(v.picklist(['operator', 'account_admin', 'organization_admin', 'user'])),
  scopes: v.optional(v.array(v.pipe(v.string(), v.regex(/^\S{1,60}$/, 'must be a scope without spaces')))),
  name: v.optional(text(200)),
})

type NewCredential = v.InferOutput<typeof newCredential>

export const credentials: AdminModule = (app, context) => {
  const { core } = context
  app.get('/accounts/:id/credentials', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    return c.json({ credentials: (await core.credentials.list(id)).map(viewCredential) })
  })
  app.post('/accounts/:id/credentials', async c => {
    const account = await accountOf(core, idOf(c, 'account'))
    const body = await readBody(c, newCredential)
    refuseDemoSecret(context, body.secret)
    const asked = await askedOf(core, account.id, body)
    const { credential, secret, client } = await makeCredential(core, dialectModules, account, asked)
    const base_url = `${context.dataPlane ?? ''}/${body.realm}`
    return c.json({ ...viewCredential(credential), secret, base_url, client }, 201)
  })
  app.post('/accounts/:id/credentials/:credential/rotate', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const found = await credentialOf(core, id, idOf(c, 'credential', 'credential'))
    const { secret: given } = await readBody(c, v.strictObject({ secret: givenSecret }))
    refuseDemoSecret(context, given)
    const { credential, secret } = await core.credentials.rotate(null, found.id, given)
    return c.json({ ...viewCredential(credential), secret })
  })
  app.delete('/accounts/:id/credentials/:credential', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const credential = await credentialOf(core, id, idOf(c, 'credential', 'credential'))
    await core.credentials.revoke(null, credential.id)
    return c.json({ ...viewCredential(credential), is_active: false })
  })
}

/** Of this account, or it is not there. */
async function credentialOf(core: Core, accountId: number, id: number): Promise<Credential> {
  const credential = (await core.credentials.list(accountId)).find(item => item.id === id)
  if (!credential) throw missing('credential', id)
  return credential
}

function viewCredential({ generation: _, ...credential }: Credential): Record<string, unknown> {
  return present(credential)
}

export function refuseDemoSecret({ mode }: Pick<AdminContext, 'mode'>, secret: string | undefined): void {
  if (mode !== 'production' || secret === undefined || !isDemoSecret(secret)) return
  throw new Fault('invalid_input', {
    issues: [
      { field: 'secret', problem: 'not_allowed', message: 'demo secrets are public and not taken in production' },
    ],
  })
}

/** Nothing stands where nothing was asked for. */
async function askedOf(core: Core, accountId: number, body: NewCredential): Promise<AskedCredential> {
  const { public_id: publicId, user_id: userId, ...rest } = body
  if (userId !== undefined && (await core.directory.user(userId))?.accountId !== accountId)
    throw missing('user', userId)
  const asked = { ...rest, publicId, userId }
  return Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  ) as unknown as AskedCredential
}
