import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Owned } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { objectOnly } from '../../kit/schema.ts'
import { refuse } from '../fields/numbers.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { settingsOf, stored } from '../settings.ts'
import { ownNumber } from './active.ts'
import { PROJECT } from './available.ts'

const common = { caller: 'required', evidence: 'E2' } as const
const PATH = `${PROJECT}/activeNumbers/:number/emergencyAddress`

const part = v.pipe(
  v.string('must not be empty'),
  v.trim(),
  v.nonEmpty('must not be empty'),
  v.maxLength(255, 'is too long'),
)
const orNull = v.nullable(v.pipe(v.string('must be a string'), v.maxLength(255, 'is too long')))
const optionalPart = v.optional(
  v.pipe(
    orNull,
    v.transform(text => text ?? ''),
  ),
  '',
)

const addressBody = v.object({
  number: v.string(),
  displayName: optionalPart,
  address: objectOnly(
    {
      streetNumber: part,
      streetInfo: part,
      location: optionalPart,
      city: part,
      state: part,
      postalCode: part,
      postalCodePlusFour: optionalPart,
    },
    'must be an object',
  ),
})

/** Emergency calls exist on numbers of the US and Canada. */
async function emergencyNumber(core: Core, caller: Caller, text: string): Promise<Owned> {
  const owned = await ownNumber(core, caller, text)
  const { country } = owned.number
  if (country !== 'US' && country !== 'CA') refuse('phoneNumber', 'has no emergency service')
  return owned
}

function missing(e164: string): Fault<'not_found'> {
  return new Fault('not_found', { what: 'emergency_address', id: e164 })
}

const get = operation({
  ...common,
  on: `GET ${PATH}`,
  scope: 'numbers:read',
  input: v.object({ number: v.string() }),
  answers: { 200: shape.emergencyAddress, ...shape.errors },
  async handle({ core, caller }, { number }) {
    const owned = await emergencyNumber(core, caller, number)
    const { emergencyAddress } = settingsOf(owned)
    if (!emergencyAddress) throw missing(owned.number.e164)
    return { body: emergencyAddress.address }
  },
})

const provision = operation({
  ...common,
  on: `POST ${PATH}:provision`,
  scope: 'numbers:write',
  input: addressBody,
  answers: { 200: shape.emergencyAddress, ...shape.errors },
  async handle({ core, caller }, { number, displayName, address }) {
    const { lease } = await emergencyNumber(core, caller, number)
    const emergencyAddress = { displayName, address }
    await core.numbers.reconfigure(caller, lease.id, DIALECT, found => ({
      settings: { dialect: DIALECT, value: stored(found, { emergencyAddress }) },
    }))
    return { body: address }
  },
})

/** Nobody here knows the streets of a country: a well-formed address is taken as it is. */
const validate = operation({
  ...common,
  on: `POST ${PATH}:validate`,
  scope: 'numbers:read',
  input: addressBody,
  answers: { 200: shape.validatedAddress, ...shape.errors },
  async handle({ core, caller }, { number, displayName, address }) {
    const { number: found } = await emergencyNumber(core, caller, number)
    const result = { validationResult: 'EXACT_MATCH', validationMessage: 'Address validated' }
    return {
      body: {
        phoneNumber: found.e164,
        displayName,
        validatedAddress: address,
        ...result,
        correctedAddress: address,
        candidateAddresses: [],
      },
    }
  },
})

const deprovision = operation({
  ...common,
  on: `POST ${PATH}:deprovision`,
  scope: 'numbers:write',
  input: v.object({ number: v.string() }),
  answers: { 200: v.strictObject({}), ...shape.errors },
  async handle({ core, caller }, { number }) {
    const { lease } = await emergencyNumber(core, caller, number)
    await core.numbers.reconfigure(caller, lease.id, DIALECT, found => ({
      settings: { dialect: DIALECT, value: stored(found, { emergencyAddress: null }) },
    }))
    return { body: {} }
  },
})

export const emergencyOperations: readonly Operation[] = [get, provision, validate, deprovision]
