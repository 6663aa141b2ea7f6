/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'
import { KINDS } from './views.ts'
import type { Surface } from './ways/surface.ts'

/** Of the operations that a surface has. */
export function sourcesOf(surface: Surface): readonly StatusSource[] {
  const bought = surface.types.filter(type => type !== 'national').map(type => KINDS[type].path)
  const each = (names: readonly string[], statuses: readonly number[]) =>
    Object.fromEntries(names.map(name => [name, statuses]))
  return [
    {
      title: "Twilio's OpenAPI document of the 2010-04-01 API, 2026",
      statuses: {
        ...each(['listIncomingPhoneNumbers', 'getIncomingPhoneNumber', 'updateIncomingPhoneNumber'], [200]),
        ...each(['listCountries', 'getCountry', 'listAccounts', 'getAccount', 'updateAccount', 'getBalance'], [200]),
        ...each(
          surface.types.map(type => `search${KINDS[type].path}`),
          [200],
        ),
        ...each(
          bought.map(path => `list${path}PhoneNumbers`),
          [200],
        ),
        ...each(['buyPhoneNumber', 'createSubAccount', ...bought.map(path => `buy${path}PhoneNumber`)], [201]),
        releaseIncomingPhoneNumber: [204],
      },
    },
    {
      title: "Twilio's error directory, https://www.twilio.com/docs/api/errors",
      statuses: {
        '*': [401, 404],
        ...each(['buyPhoneNumber', 'updateIncomingPhoneNumber', ...bought.map(path => `buy${path}PhoneNumber`)], [400]),
        ...each(['listIncomingPhoneNumbers', ...bought.map(path => `list${path}PhoneNumbers`)], [400]),
      },
    },
  ]
}
