/** One name asked for by several at the same instant: one has it, and the others are told so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, market } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'

const AT_ONCE = 6

const wishes: Record<string, (core: Core) => Promise<unknown>> = {
  account: core => core.accounts.create(null, { name: 'Same', handle: 'MA_SAME0001' }),
  organization: core => core.directory.createOrganization(null, { accountId: ACME, domain: 'same.example' }),
  user: core => {
    const same = { organizationId: ACME * 10, username: 'same', authUsername: 'same_1', role: 'user' } as const
    return core.directory.createUser(null, same)
  },
  credential: core =>
    core.credentials.create(null, { accountId: ACME, realm: 'wavix', kind: 'key', secret: 'the-same-secret' }),
}

describe.each(engines())('one name for several on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  it.each(Object.entries(wishes))('%s', async (what, wish) => {
    const { core } = await worlds.open(market([]))
    const answers = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => wish(core)))
    const refused = answers.flatMap(answer => (answer.status === 'rejected' ? [answer.reason] : []))
    expect(refused).toHaveLength(AT_ONCE - 1)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'name_taken', details: { what } })
  })
})
