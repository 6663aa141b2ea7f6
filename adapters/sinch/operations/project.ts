import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { PROJECT } from './available.ts'

const common = { caller: 'required', evidence: 'E2' } as const
const CALLBACKS = `${PROJECT}/callbackConfiguration`
const MAX_SECRET = 36

const callbackGet = operation({
  ...common,
  on: `GET ${CALLBACKS}`,
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: shape.callbackConfiguration, ...shape.errors },
  handle: async ({ core, caller }) => ({
    body: { projectId: caller.account.guid, hmacSecret: await core.callbackSecrets.get(caller.account.id, DIALECT) },
  }),
})

const secret = v.pipe(
  v.string('must be a string'),
  v.nonEmpty('must not be empty'),
  v.maxLength(MAX_SECRET, `must have ${MAX_SECRET} characters at most`),
)

const callbackUpdate = operation({
  ...common,
  on: `PATCH ${CALLBACKS}`,
  scope: 'account:write',
  input: v.object({ hmacSecret: v.optional(secret) }),
  answers: { 200: shape.callbackConfiguration, ...shape.errors },
  async handle({ core, caller }, { hmacSecret }) {
    const { id, guid } = caller.account
    if (hmacSecret !== undefined) await core.callbackSecrets.set(id, DIALECT, hmacSecret)
    return { body: { projectId: guid, hmacSecret: await core.callbackSecrets.get(id, DIALECT) } }
  },
})

export const projectOperations: readonly Operation[] = [callbackGet, callbackUpdate]
