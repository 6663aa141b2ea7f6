import * as v from 'valibot'
import { actorOf } from './actor.ts'
import { ADMIN_TOKEN, listOf } from './examples.ts'
import { idOf, text, why } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const newToken = v.strictObject({
  name: v.pipe(
    text(64),
    v.regex(/^[\w.@-]+$/, 'must be letters, digits, ".", "@", "_" and "-"'),
    v.regex(/^(?!didgate_admin_token$)/i, 'is the name of the token of the settings'),
  ),
  reason: why,
})

/** Named tokens of this plane: one for each person and program, so that events tell who did something. */
export const adminTokens: AdminModule = [
  route(
    'GET /admin-tokens',
    {
      summary: 'Named tokens, newest first',
      ofGateway: true,
      paged: true,
      answer: listOf('admin_tokens', ADMIN_TOKEN),
    },
    async ({ core }, c, given) => {
      const page = given.page()
      return c.json(presentPage('admin_tokens', await core.adminTokens.list(page), page))
    },
  ),
  route(
    'POST /admin-tokens',
    {
      summary: 'Make a named token',
      ofGateway: true,
      description:
        'It opens all of this plane. Its secret is told this once; its name stands in every event of its acts.',
      body: newToken,
      status: 201,
      answer: { ...ADMIN_TOKEN, token: 'a-secret' },
    },
    async ({ core }, c, given) => {
      const body = await given.body()
      const { token, secret } = await core.adminTokens.create(actorOf(c), body.name, body.reason)
      return c.json({ ...present(token), token: secret }, 201)
    },
  ),
  route(
    'POST /admin-tokens/:token/revoke',
    {
      summary: 'Revoke a named token',
      ofGateway: true,
      body: v.strictObject({ reason: why }),
      answer: { ...ADMIN_TOKEN, revoked_at: '2026-06-01T00:00:00.000Z' },
    },
    async ({ core }, c, given) => {
      const id = idOf(c, 'admin_token', 'token')
      return c.json(present(await core.adminTokens.revoke(actorOf(c), id, (await given.body()).reason)))
    },
  ),
]
