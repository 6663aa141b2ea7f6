import { guidOf } from '../../../adapters/sinch/wire/crockford.ts'
import { callerOf } from '../../support/caller.ts'
import { type Exchanges, withKeyOfSecond } from '../../support/exchanges.ts'
import type { TestWorld } from '../../support/world.ts'
import { sinchClient, sinchWorld } from './client.ts'

const SINCH_NUMBER = '+12025550134'
const rent = (w: TestWorld, number: string, body: unknown = {}) =>
  sinchClient(w).ask('POST', `/availableNumbers/${number}:rent`, body)
const street = { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' }

const PERSON = { firstName: 'Ann', lastName: 'Example', phoneNumber: '+541139860000' }

async function ordered(w: TestWorld): Promise<string> {
  const option = { numberOrderOption: { phoneNumbers: ['+541139862174'] } }
  const body = { regionCode: 'AR', numberType: 'LOCAL', smsConfiguration: { servicePlanId: 'plan1' }, ...option }
  return (await sinchClient(w).ask('POST', '/numberOrders:createNumberOrder', body)).body.idNumberOrder
}

/** Registered, with its paper. */
async function completed(w: TestWorld): Promise<string> {
  const id = await ordered(w)
  await sinchClient(w).ask('PUT', `/numberOrders/${id}/registration`, { requestDetails: { data: [[], PERSON] } })
  const order = await w.core.orders.byGuid(guidOf(id) as string)
  const file = { type: 'id', fileName: 'passport.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }
  await w.core.documents.attach(await callerOf(w, 1), order?.id as number, file as never)
  return id
}

export const exchanges: Exchanges = {
  world: withKeyOfSecond(sinchWorld, 'sinch', 'k2', 's2'),
  headers: ['content-type', 'www-authenticate'],
  masked: text =>
    text
      .replace(/("access_token": ")[^"]+/, '$1{{accessToken}}')
      .replace(/("hmacSecret": ")(?!x1")[^"]+/, '$1{{hmacSecret}}'),
  unreachable: [
    [/^(?!POST .*:rent)/, 402, 'only renting takes money'],
    [/availableRegions|availableNumbers$|activeNumbers$|callbackConfiguration/, 404, 'a project without any is empty'],
    [
      /availableRegions|^GET .*(callbackConfiguration|\/:number|\/:order(\/registration)?)$/,
      400,
      'takes nothing that could be wrong',
    ],
    [/createNumberOrder$/, 404, 'what cannot be ordered is invalid'],
    [
      /\/attachments\/|^PUT .*\/registration$/,
      413,
      'bodies as large as that are sent by test/adapters/sinch/orders.test.ts',
    ],
    [/^GET /, 415, 'has no body'],
    [
      /^(?!.*(:release|\/submit|\/attachments\/:attachment)$)(?!PUT .*\/registration$)/,
      409,
      'only changes of one number in the same instant collide',
    ],
  ],
  given: {
    async rented(w) {
      const own = { smsConfiguration: { servicePlanId: 'plan1' }, voiceConfiguration: { appId: 'app1' } }
      await rent(w, SINCH_NUMBER, own)
      await w.setClock(w.core.clock.now() + 1000)
    },
    second: w => rent(w, '+12025550135'),
    swedish: w => rent(w, '+46701234567'),
    address: w =>
      sinchClient(w).ask('POST', `/activeNumbers/${SINCH_NUMBER}/emergencyAddress:provision`, {
        displayName: 'Office',
        address: street,
      }),
    blocked: w => w.core.numbers.block(null, SINCH_NUMBER, 'fraud'),
    order: w => ordered(w),
    async registered(w) {
      const id = await ordered(w)
      await sinchClient(w).ask('PUT', `/numberOrders/${id}/registration`, { requestDetails: { data: [[], PERSON] } })
      return id
    },
    complete: completed,
    async submitted(w) {
      const id = await completed(w)
      await sinchClient(w).ask('POST', `/numberOrders/${id}/submit`)
      return id
    },
  },
}
