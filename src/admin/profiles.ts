import * as v from 'valibot'
import type { AdminModule } from './context.ts'
import { missing } from './faults.ts'
import { country, idOf, jsonObject, pageOf, readBody, reason } from './input.ts'
import { present, presentPage } from './present.ts'

const newProfile = v.strictObject({
  country,
  types: v.array(v.picklist(['local', 'national', 'mobile', 'toll_free'])),
  status: v.optional(v.picklist(['incomplete', 'in_review', 'approved', 'rejected']), 'in_review'),
  data: v.optional(jsonObject, {}),
})

const PATH = '/accounts/:id/company-profiles'

/** Who operates an account's numbers, and whether that was looked at and approved. */
export const profiles: AdminModule = (app, { core }) => {
  const accountOf = async (id: number) => {
    const account = await core.accounts.get(id)
    if (!account) throw missing('account', id)
    return account
  }
  app.get(PATH, async c => {
    const { id } = await accountOf(idOf(c, 'account'))
    const page = pageOf(c)
    return c.json(presentPage('company_profiles', await core.companyProfiles.list(id, page), page, present))
  })
  app.post(PATH, async c => {
    const { id: accountId } = await accountOf(idOf(c, 'account'))
    const body = await readBody(c, newProfile)
    return c.json(present(await core.companyProfiles.create(null, { accountId, ...body })), 201)
  })
  for (const [verb, status] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    app.post(`${PATH}/:guid/${verb}`, async c => {
      const { reason: why } = await readBody(c, reason)
      const guid = c.req.param('guid')
      const profile = await core.companyProfiles.byGuid(guid)
      if (profile?.accountId !== idOf(c, 'account')) throw missing('company_profile', guid)
      return c.json(present(await core.companyProfiles.review(null, profile.id, status, why)))
    })
  }
}
