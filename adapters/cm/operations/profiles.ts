import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, CompanyProfile } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import {
  mergedData,
  NewProfileBody,
  ProfileChangeBody,
  type ProfileInput,
  stateOf,
  typesOf,
} from '../fields/profiles.ts'
import { issue, pageHeaders, pageOf, parse, refuse } from '../fields/requests.ts'
import { isGuid } from '../ids.ts'
import * as shape from '../schemas.ts'
import { profileView } from '../views.ts'

const PROFILES = '/voice-companyprofilesapi/v1/:account/companyProfiles'
const common = { caller: 'required', evidence: 'E0' } as const

async function ownProfile(core: Core, caller: Caller, guid: string): Promise<CompanyProfile> {
  const profile = isGuid(guid) ? await core.companyProfiles.byGuid(guid.toLowerCase()) : undefined
  if (profile?.accountId !== caller.account.id) throw new Fault('not_found', { what: 'company_profile', id: guid })
  return profile
}

/** Faults: invalid_input with every mistake. */
function profileOf(schema: typeof NewProfileBody | typeof ProfileChangeBody, body: unknown): ProfileInput {
  const input: ProfileInput = parse<v.GenericSchema<unknown, ProfileInput>>(schema, body)
  if (!typesOf(input.phoneNumberTypes)) refuse([issue('phoneNumberTypes', 'The value is not a phone number type.')])
  return input
}

const create = operation({
  ...common,
  evidence: 'E1',
  on: `POST ${PROFILES}`,
  scope: 'account:write',
  input: v.unknown(),
  answers: { 200: shape.profile, ...shape.problems },
  async handle({ core, caller, inbound }) {
    const input = profileOf(NewProfileBody, inbound.body)
    const data = mergedData({}, input)
    const types = typesOf(input.phoneNumberTypes) ?? []
    const country = (input.phoneNumberCountryCode ?? String(data.countryCode)).toUpperCase()
    const status = stateOf(data, types)
    const profile = await core.companyProfiles.create(caller, {
      accountId: caller.account.id,
      status,
      country,
      types,
      data,
    })
    return { body: profileView(profile, caller.account.guid) }
  },
})

/** A change makes the profile be reviewed again. */
const update = operation({
  ...common,
  evidence: 'E1',
  on: `PUT ${PROFILES}/:guid`,
  scope: 'account:write',
  input: v.object({ guid: v.string() }),
  answers: { 200: shape.profile, ...shape.problems },
  async handle({ core, caller, inbound }, { guid }) {
    const before = await ownProfile(core, caller, guid)
    const input = profileOf(ProfileChangeBody, inbound.body ?? {})
    const data = mergedData(before.data, input)
    const types = input.phoneNumberTypes ? (typesOf(input.phoneNumberTypes) ?? []) : before.types
    const country = input.phoneNumberCountryCode?.toUpperCase() ?? before.country
    // types have no order
    const saying = (profile: Pick<CompanyProfile, 'data' | 'types' | 'country'>) =>
      JSON.stringify([profile.data, [...profile.types].sort(), profile.country])
    const isSame = saying({ data, types, country }) === saying(before)
    const status = isSame ? before.status : stateOf(data, types)
    const profile = await core.companyProfiles.update(caller, before.id, { status, country, types, data })
    return { body: profileView(profile, caller.account.guid) }
  },
})

const list = operation({
  ...common,
  on: `GET ${PROFILES}`,
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: v.array(shape.profile), ...shape.problems },
  async handle({ core, caller, inbound }) {
    const page = pageOf(inbound.query)
    const { items, total } = await core.companyProfiles.list(caller.account.id, page)
    const body = items.map(profile => profileView(profile, caller.account.guid))
    return { headers: pageHeaders(page, total), body }
  },
})

const read = operation({
  ...common,
  on: `GET ${PROFILES}/:guid`,
  scope: 'account:read',
  input: v.object({ guid: v.string() }),
  answers: { 200: shape.profile, ...shape.problems },
  handle: async ({ core, caller }, { guid }) => ({
    body: profileView(await ownProfile(core, caller, guid), caller.account.guid),
  }),
})

export const profileOperations: readonly Operation[] = [create, update, list, read]
