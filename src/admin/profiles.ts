import * as v from 'valibot'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { listOf, PROFILE } from './examples.ts'
import { missing } from './faults.ts'
import { country, idOf, jsonObject, reason } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const newProfile = v.strictObject({
  country,
  types: v.array(v.picklist(['local', 'national', 'mobile', 'toll_free'])),
  status: v.optional(v.picklist(['incomplete', 'in_review', 'approved', 'rejected']), 'in_review'),
  data: v.optional(jsonObject, {}),
})

const PATH = '/accounts/:id/company-profiles'

const VERBS = [
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const

/** Who operates an account's numbers, and whether that was looked at and approved. */
export const profiles: AdminModule = [
  route(
    `GET ${PATH}`,
    { summary: 'The company profiles of an account', paged: true, answer: listOf('company_profiles', PROFILE) },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const page = given.page()
      return c.json(presentPage('company_profiles', await core.companyProfiles.list(id, page), page, present))
    },
  ),
  route(
    `POST ${PATH}`,
    { summary: 'Make a company profile', body: newProfile, status: 201, answer: PROFILE },
    async ({ core }, c, given) => {
      const { id: accountId } = await accountOf(core, idOf(c, 'account'))
      const body = await given.body()
      return c.json(present(await core.companyProfiles.create(actorOf(c), { accountId, ...body })), 201)
    },
  ),
  ...VERBS.map(([verb, status]) =>
    route(
      `POST ${PATH}/:guid/${verb}`,
      { summary: `A company profile is ${status}`, body: reason, answer: { ...PROFILE, status } },
      async ({ core }, c, given) => {
        const { reason: why } = await given.body()
        const guid = c.req.param('guid') ?? ''
        const profile = await core.companyProfiles.byGuid(guid)
        if (profile?.accountId !== idOf(c, 'account')) throw missing('company_profile', guid)
        return c.json(present(await core.companyProfiles.review(actorOf(c), profile.id, status, why)))
      },
    ),
  ),
]
