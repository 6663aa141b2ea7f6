import * as v from 'valibot'
import type { Account, Actor, Trunk, User } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { redact } from '../logs/redact.ts'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { refuseDemoSecret } from './credentials.ts'
import { listOf, ORGANIZATION, TRUNK, USER } from './examples.ts'
import { missing } from './faults.ts'
import { idOf, jsonObject, overlap, text, why } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/
const USERNAME = /^[A-Za-z0-9][\w.+-]{0,63}$/
const PASSWORD_LENGTH = 20
const PASSWORD_ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

const newOrganization = v.strictObject({
  domain: v.pipe(v.string(), v.toLowerCase(), v.regex(DOMAIN, 'must be a domain such as "example.com"')),
  contact: v.optional(jsonObject, {}),
})

const name = v.pipe(v.string(), v.regex(USERNAME, 'must be a name of letters, digits and . _ + -'))
const password = v.pipe(v.string(), v.minLength(8, 'must have 8 characters or more'), v.maxLength(200))

const newUser = v.strictObject({
  username: name,
  auth_username: v.optional(name),
  organization_id: v.optional(v.pipe(v.number(), v.integer())),
  role: v.optional(v.picklist(['operator', 'account_admin', 'organization_admin', 'user']), 'user'),
  password: v.optional(password),
  sip_password: v.optional(password),
  contact: v.optional(jsonObject, {}),
})

const newTrunk = v.strictObject({
  name: text(200),
  label: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  data: v.optional(jsonObject, {}),
})

const enabled = v.strictObject({ is_enabled: v.boolean(), reason: v.optional(why) })
const newPassword = v.strictObject({
  password: v.optional(password),
  overlap_seconds: overlap,
  reason: v.optional(why),
})

export const organizations: AdminModule = [
  route(
    'GET /accounts/:id/organizations',
    { summary: 'The organizations of an account', paged: true, answer: listOf('organizations', ORGANIZATION) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      return c.json(presentPage('organizations', await core.directory.organizations(id, page), page))
    },
  ),
  route(
    'POST /accounts/:id/organizations',
    { summary: 'Make an organization', body: newOrganization, status: 201, answer: ORGANIZATION },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const body = await given.body()
      return c.json(present(await core.directory.createOrganization(actorOf(c), { accountId: id, ...body })), 201)
    },
  ),
]

export const users: AdminModule = [
  route(
    'GET /accounts/:id/users',
    { summary: 'The users of an account', paged: true, answer: listOf('users', USER) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      return c.json(presentPage('users', await core.directory.users({ accountId: id }, page), page))
    },
  ),
  route(
    'POST /accounts/:id/users',
    {
      summary: 'Make a user',
      description: 'The passwords are told this once, given or drawn.',
      body: newUser,
      status: 201,
      answer: { ...USER, password: 'a-password', sip_password: 'another-password' },
    },
    async (world, c, given) => {
      const account = await accountOf(world.core, idOf(c, 'account'))
      const body = await given.body()
      refuseDemoSecret(world, body.password)
      return c.json(await createUser(world.core, actorOf(c), account, body), 201)
    },
  ),
  route('GET /accounts/:id/users/:user', { summary: 'One user', answer: USER }, async ({ core }, c) =>
    c.json(present(await userOf(core, c))),
  ),
  ...(['PATCH', 'POST'] as const).map(method =>
    route(
      `${method} /accounts/:id/users/:user`,
      {
        summary: 'Enable or disable a user',
        description: 'Disabling ends the sessions of the user.',
        body: enabled,
        answer: USER,
      },
      async ({ core }, c, given) => {
        const user = await userOf(core, c)
        const { is_enabled: isEnabled, reason } = await given.body()
        return c.json(present(await core.directory.setUserEnabled(actorOf(c), user.id, isEnabled, reason)))
      },
    ),
  ),
  route(
    'POST /accounts/:id/users/:user/password',
    {
      summary: 'Give a user a new password',
      description:
        'Told this once, given or drawn. It ends the sessions of the user; with `overlap_seconds`, 30 days at most, the ' +
        'former one holds beside it for so long, and they stay.',
      body: newPassword,
      answer: { ...USER, password: 'a-password' },
    },
    async (world, c, given) => {
      const { core } = world
      const user = await userOf(core, c)
      const body = await given.body()
      refuseDemoSecret(world, body.password)
      const drawn = body.password ?? core.random.text(PASSWORD_LENGTH, PASSWORD_ALPHABET)
      const changed = await core.directory.setPassword(actorOf(c), user.id, drawn, {
        overlapMs: body.overlap_seconds * 1000,
        reason: body.reason,
      })
      return c.json({ ...present(changed.user), password: changed.password })
    },
  ),
]

/** Of this account, or it is not there. */
export async function userOf(core: Core, c: Parameters<typeof idOf>[0]): Promise<User> {
  const { id } = await accountOf(core, idOf(c, 'account'))
  const userId = idOf(c, 'user', 'user')
  const user = await core.directory.user(userId)
  if (user?.accountId !== id) throw missing('user', userId)
  return user
}

/** The password is answered once, whether it was given or drawn. */
async function createUser(core: Core, actor: Actor, account: Account, body: v.InferOutput<typeof newUser>) {
  const secret = body.password ?? core.random.text(PASSWORD_LENGTH, PASSWORD_ALPHABET)
  const user = await core.directory.createUser(actor, {
    organizationId: await organizationFor(core, account, body.organization_id),
    username: body.username,
    authUsername: body.auth_username ?? body.username,
    role: body.role,
    password: secret,
    contact: body.contact,
    ...(body.sip_password === undefined ? {} : { sipPassword: body.sip_password }),
  })
  return { ...present(user), password: secret, sip_password: await core.directory.sipPassword(user.id) }
}

async function organizationFor(core: Core, account: Account, asked: number | undefined): Promise<number> {
  const id = asked ?? account.defaultOrganizationId
  const organization = id === null ? undefined : await core.directory.organization(id)
  if (organization?.accountId !== account.id) throw missing('organization', id ?? '(none yet)')
  return organization.id
}

export const trunks: AdminModule = [
  route(
    'GET /accounts/:id/trunks',
    { summary: 'The trunks of an account', paged: true, answer: listOf('trunks', TRUNK) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      return c.json(presentPage('trunks', await core.trunks.list(id, page), page, viewTrunk))
    },
  ),
  route(
    'POST /accounts/:id/trunks',
    { summary: 'Make a trunk', body: newTrunk, status: 201, answer: TRUNK },
    async ({ core }, c, given) => {
      const account = await accountOf(core, idOf(c, 'account'))
      const body = await given.body()
      const trunk = await core.trunks.create(core.accounts.callerFor(account), { accountId: account.id, ...body })
      await core.audit.record(actorOf(c), { accountId: account.id, action: 'trunk.created', subject: trunk.guid })
      return c.json(viewTrunk(trunk), 201)
    },
  ),
]

/** What dialects keep with a trunk may hold its secrets. */
function viewTrunk(trunk: Trunk): Record<string, unknown> {
  return { ...present(trunk), data: redact(trunk.data) }
}
