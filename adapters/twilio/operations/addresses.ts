import type { Owned } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { acting } from '../auth.ts'
import { nameOf, textOf } from '../fields.ts'
import { ADDRESS_KIND } from '../ids.ts'
import * as shape from '../schemas.ts'
import { settingsOf } from '../settings.ts'
import { addressView, findAddress, readAddress } from '../ways/addresses.ts'
import type { Surface } from '../ways/surface.ts'
import { common, extensionOf, FORM, notFound, on, one, shortList } from './common.ts'

const ALL = { limit: 1_000, offset: 0 }
const ITEM = '/Accounts/:account/Addresses/:sid'

function collection(surface: Surface): readonly Operation[] {
  return [
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts/:account/Addresses'),
      scope: 'account:read',
      answers: { 200: shape.list('addresses', shape.address), ...shape.errors },
      async handle(call, { account }) {
        const { core, inbound } = call
        const caller = await acting(call, surface, account)
        const { items } = await core.resources.list({ accountIds: [caller.account.id], kind: ADDRESS_KIND }, ALL)
        const [name, customer, country] = ['FriendlyName', 'CustomerName', 'IsoCountry'].map(each =>
          textOf(inbound.fields, each),
        )
        const wanted = items.filter(
          each =>
            (!name || each.name === name) &&
            (!customer || each.data.customer_name === customer) &&
            (!country || each.data.iso_country === country.toUpperCase()),
        )
        const view = (each: (typeof items)[number]) => addressView(surface, each, caller, extensionOf(inbound))
        return { body: shortList(surface, inbound, 'addresses', 'address', wanted, view) }
      },
    }),
    operation({
      ...common,
      on: on(surface, 'POST', '/Accounts/:account/Addresses'),
      body: FORM,
      scope: 'account:write',
      answers: { 201: shape.address, ...shape.errors },
      async handle(call, { account }) {
        const { core, inbound } = call
        const caller = await acting(call, surface, account)
        const data = readAddress(inbound.fields, true)
        const name = nameOf(textOf(inbound.fields, 'FriendlyName') ?? '', 'FriendlyName')
        const made = await core.resources.create(caller, { kind: ADDRESS_KIND, name, data })
        return one('address', addressView(surface, made, caller, extensionOf(inbound)), 201)
      },
    }),
  ]
}

function items(surface: Surface): readonly Operation[] {
  return [
    operation({
      ...common,
      on: on(surface, 'GET', ITEM),
      scope: 'account:read',
      answers: { 200: shape.address, ...shape.errors },
      async handle(call, { account, sid }) {
        const caller = await acting(call, surface, account)
        const found = await findAddress(call.core, caller, sid)
        if (!found) throw notFound('address', sid)
        return one('address', addressView(surface, found, caller, extensionOf(call.inbound)))
      },
    }),
    operation({
      ...common,
      on: on(surface, 'POST', ITEM),
      body: FORM,
      scope: 'account:write',
      answers: { 200: shape.address, ...shape.errors },
      async handle(call, { account, sid }) {
        const { core, inbound } = call
        const caller = await acting(call, surface, account)
        const found = await findAddress(core, caller, sid)
        if (!found) throw notFound('address', sid)
        const data = readAddress(inbound.fields, false)
        const sent = textOf(inbound.fields, 'FriendlyName')
        const name = sent === undefined ? undefined : nameOf(sent, 'FriendlyName')
        const changed = await core.resources.update(caller, found.id, before => ({
          data: { ...before.data, ...data },
          ...(name !== undefined && { name }),
        }))
        return one('address', addressView(surface, changed, caller, extensionOf(inbound)))
      },
    }),
    operation({
      ...common,
      on: on(surface, 'DELETE', ITEM),
      scope: 'account:write',
      answers: { 204: 'empty', ...shape.errors },
      async handle(call, { account, sid }) {
        const caller = await acting(call, surface, account)
        const found = await findAddress(call.core, caller, sid)
        if (!found) throw notFound('address', sid)
        await call.core.resources.remove(caller, found.id)
        return { status: 204 }
      },
    }),
  ]
}

/** The numbers that were bought with it. */
function dependent(surface: Surface): Operation {
  return operation({
    ...common,
    on: on(surface, 'GET', `${ITEM}/DependentPhoneNumbers`),
    scope: 'account:read',
    answers: { 200: shape.list('dependent_phone_numbers', shape.dependent), ...shape.errors },
    async handle(call, { account, sid }) {
      const { core, inbound } = call
      const caller = await acting(call, surface, account)
      if (!(await findAddress(core, caller, sid))) throw notFound('address', sid)
      const filter = { accountIds: [caller.account.id], setting: { key: 'address_sid', value: sid } }
      const found = await core.numbers.owned(filter, ALL, { dialect: surface.name })
      const numbers = found.items.filter(owned => settingsOf(owned).address_sid === sid)
      const view = (owned: Owned) => {
        const {
          type: _,
          status: __,
          ...rest
        } = surface.owned(owned, caller.account, extensionOf(inbound), false) as Record<string, unknown>
        return rest
      }
      return { body: shortList(surface, inbound, 'dependent_phone_numbers', 'dependent_phone_number', numbers, view) }
    },
  })
}

export function addressOperations(surface: Surface): readonly Operation[] {
  return [...collection(surface), ...items(surface), dependent(surface)]
}
