import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { Account, Credential } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { isDemoSecret } from '../config/config-rules.ts'
import { dialectModules } from '../dialects.ts'
import { type AskedCredential, dialectOf, makeCredential } from '../make-credential.ts'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import type { AdminContext } from './context.ts'
import { CREDENTIAL, MADE_CREDENTIAL } from './examples.ts'
import { missing } from './faults.ts'
import { idOf, overlap, reasonInQuery, text, why } from './input.ts'
import { present } from './present.ts'
import { type AdminModule, route } from './route.ts'

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

const newSecret = v.strictObject({ secret: givenSecret, overlap_seconds: overlap, reason: v.optional(why) })

type NewCredential = v.InferOutput<typeof newCredential>

export const credentials: AdminModule = [
  route(
    'GET /accounts/:id/credentials',
    { summary: 'Who may act for an account', answer: { credentials: [CREDENTIAL] } },
    async ({ core }, c) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      return c.json({ credentials: (await core.credentials.list(id)).map(viewCredential) })
    },
  ),
  route(
    'POST /accounts/:id/credentials',
    {
      summary: 'Make a credential that the clients of a dialect can use',
      description:
        '`realm` names the dialect; what is left out is as its clients need it. `secret` is told this once; `client` is ' +
        "what a client is set up with, by the provider's own names.",
      body: newCredential,
      status: 201,
      answer: MADE_CREDENTIAL,
    },
    async (world, c, given) => {
      const { core } = world
      const account = await accountOf(core, idOf(c, 'account'))
      const body = await given.body()
      refuseDemoSecret(world, body.secret)
      const asked = await askedOf(core, account.id, body)
      const { credential, secret } = await makeCredential(core, dialectModules, account, asked)
      return c.json(viewMade(world, account, credential, secret), 201)
    },
  ),
  route(
    'POST /accounts/:id/credentials/:credential/rotate',
    {
      summary: 'Give a credential a new secret',
      description:
        'Tokens issued for the old one end. With `overlap_seconds`, 30 days at most, the old one holds beside a further ' +
        'credential for so long, with what was issued for it.',
      body: newSecret,
      answer: MADE_CREDENTIAL,
    },
    async (world, c, given) => {
      const { core } = world
      const account = await accountOf(core, idOf(c, 'account'))
      const found = await credentialOf(core, account.id, idOf(c, 'credential', 'credential'))
      const { secret: asked, overlap_seconds: seconds, reason } = await given.body()
      refuseDemoSecret(world, asked)
      const { credential, secret } = await core.credentials.rotate(actorOf(c), found.id, asked, {
        overlapMs: seconds * 1000,
        reason,
      })
      return c.json(viewMade(world, account, credential, secret))
    },
  ),
  route(
    'DELETE /accounts/:id/credentials/:credential',
    { summary: 'Revoke a credential', query: reasonInQuery, answer: { ...CREDENTIAL, is_active: false } },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const credential = await credentialOf(core, id, idOf(c, 'credential', 'credential'))
      await core.credentials.revoke(actorOf(c), credential.id, given.query().reason)
      return c.json({ ...viewCredential(credential), is_active: false })
    },
  ),
]

/** Of this account, or it is not there. */
async function credentialOf(core: Core, accountId: number, id: number): Promise<Credential> {
  const credential = (await core.credentials.list(accountId)).find(item => item.id === id)
  if (!credential) throw missing('credential', id)
  return credential
}

function viewCredential({ generation: _, ...credential }: Credential): Record<string, unknown> {
  return present(credential)
}

/** With its secret and, where a dialect has such ones, what a client of it is set up with. */
function viewMade({ dataPlane = '' }: AdminContext, account: Account, credential: Credential, secret: string) {
  const dialect = dialectOf(dialectModules, credential)
  const client = dialect?.credentials?.client({ account, publicId: credential.publicId, secret })
  const made = dialect && client && { base_url: `${dataPlane}/${dialect.name}`, client }
  return { ...viewCredential(credential), secret, ...made }
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
