import { Fault, isFault } from '../../../core/ground/fault.ts'
import type { Caller, NumberType, Owned, Page } from '../../../core/ground/model.ts'
import type { Core, LeaseTerms, OwnedFilter } from '../../../core/verbs.ts'
import { type Call, type Inbound, type Operation, operation, type Reply } from '../../kit/dialect.ts'
import { acting } from '../auth.ts'
import { refuse } from '../faults.ts'
import { type Fields, flagOf, readSettings, textOf } from '../fields.ts'
import { numberOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { formattedNumber, friendlyName, merged, type Settings, settingsOf } from '../settings.ts'
import { KINDS, statusOf } from '../views.ts'
import { checkChange, checkNamed, checkPapers } from '../ways/addresses.ts'
import type { Surface } from '../ways/surface.ts'
import { badToken, listDocument, type Paged, pagedBy } from '../wire/paging.ts'
import { common, extensionOf, FORM, notFound, on, one } from './common.ts'
import { moveTarget } from './move.ts'
import { testPurchase } from './test-purchase.ts'

type Acting = Call<'required'>

/** Faults: not_found, for numbers of others as for none. */
async function ownNumber(core: Core, surface: Surface, { account }: Caller, sid: string): Promise<Owned> {
  const guid = surface.leaseGuidOf(sid)
  const filter = { accountIds: [account.id], leaseGuids: guid === undefined ? [] : [guid] }
  const { items } = await core.numbers.owned(filter, { limit: 1, offset: 0 }, { dialect: surface.name })
  const [owned] = items
  if (!owned) throw notFound('number', sid)
  return owned
}

/** `*` is one digit; a leading `+` starts at the country code, else it may stand anywhere. */
function numberFilter(text: string | undefined): Partial<OwnedFilter> {
  if (text === undefined || text === '') return {}
  const digits = text.replace(/^[+ ]/, '').replaceAll('*', '.')
  if (!/^[\d.]{1,15}$/.test(digits)) return { types: [] }
  return { pattern: { kind: /^[+ ]/.test(text) ? 'starts' : 'contains', digits } }
}

/** A name that was never set is the number as people write it: such a one is looked for by its number. */
function nameFilter(name: string | undefined): Partial<OwnedFilter> {
  if (name === undefined || name === '') return {}
  const e164 = numberOf(name)
  const isDefault = e164 !== undefined && formattedNumber(e164) === name
  return isDefault ? { e164 } : { setting: { key: 'friendly_name', value: name } }
}

/** No number is a beta or hosted one. */
function filterOf(fields: Fields, caller: Caller, types: readonly NumberType[] | undefined): OwnedFilter {
  const isHosted = textOf(fields, 'Origin')?.toLowerCase() === 'hosted'
  flagOf(fields, 'Beta')
  return {
    accountIds: [caller.account.id],
    ...(types && { types }),
    ...numberFilter(textOf(fields, 'PhoneNumber')),
    ...nameFilter(textOf(fields, 'FriendlyName')),
    ...(isHosted && { types: [] }),
  }
}

/** Beside the number that a token names, whether or not it is still held. Faults: invalid_input (21481). */
async function pageOf(core: Core, surface: Surface, { account }: Caller, { page, size, token }: Paged): Promise<Page> {
  if (!token) return { limit: size, offset: page * size, from: 'start' }
  const guid = surface.leaseGuidOf(token.sid)
  const key = guid === undefined ? undefined : await core.numbers.placeOf(account.id, guid)
  if (!key) return badToken()
  return { limit: size, offset: 0, from: { side: token.towards === 'next' ? 'after' : 'before', key } }
}

const shapeOf = ({ shapes }: Surface, isMain: boolean) => (isMain ? shapes.owned : shapes.ownedOfType)

function list(surface: Surface, word: string, types: readonly NumberType[] | undefined): Operation {
  const isMain = types === undefined
  return operation({
    ...common,
    on: on(surface, 'GET', `/Accounts/:account/IncomingPhoneNumbers${word}`),
    scope: 'numbers:read',
    answers: { 200: shape.list('incoming_phone_numbers', shapeOf(surface, isMain)), ...shape.errors },
    async handle(call, { account }) {
      const { core, inbound } = call
      const caller = await acting(call, surface, account)
      surface.checkPage?.(inbound.fields)
      const paged = pagedBy(inbound.fields)
      const page = await pageOf(core, surface, caller, paged)
      const options = { dialect: surface.name, orderBy: 'started', descending: true } as const
      const filter = filterOf(inbound.fields, caller, types)
      const { items, before, after } = await core.numbers.owned(filter, page, options)
      const name = textOf(inbound.fields, 'FriendlyName')
      const document = listDocument(surface, inbound, 'incoming_phone_numbers', 'incoming_phone_number', paged, {
        items: name ? items.filter(owned => friendlyName(owned) === name) : items,
        hasBefore: before !== undefined,
        hasMore: after !== undefined,
        sidOf: owned => surface.numberSid(owned.lease),
        view: owned => surface.owned(owned, caller.account, extensionOf(inbound), isMain),
      })
      return { body: document }
    },
  })
}

function termsOf(surface: Surface, caller: Caller, sent: Settings): LeaseTerms {
  const settings = { dialect: surface.name, value: merged({}, sent) }
  // what a number needs is looked at before; see addresses.ts
  return { documents: 'allow', currency: caller.account.currency, settings }
}

/** One that the account has already is no second purchase: what was sent is set. */
async function updateOwn(core: Core, surface: Surface, caller: Caller, owned: Owned, sent: Settings): Promise<Owned> {
  return core.numbers.reconfigure(caller, owned.lease.id, surface.name, found => ({
    settings: { dialect: surface.name, value: merged(settingsOf(found), sent) },
  }))
}

async function ownLease(core: Core, surface: Surface, caller: Caller, e164: string): Promise<Owned | undefined> {
  const owned = await core.numbers.leaseOf(e164, surface.name)
  return owned?.lease.accountId === caller.account.id ? owned : undefined
}

async function buyNamed(call: Acting, surface: Surface, caller: Caller, text: string, types?: readonly NumberType[]) {
  const { core, inbound } = call
  const e164 = surface.numberOf(text)
  if (e164 === undefined) refuse(21421, 'PhoneNumber', `${text.slice(0, 40)} is not a valid number`)
  const sent = readSettings(inbound.fields)
  const own = await ownLease(core, surface, caller, e164)
  if (own) {
    await checkChange(core, surface, caller, own.number, sent, settingsOf(own))
    return updateOwn(core, surface, caller, own, sent)
  }
  const number = await core.numbers.find(e164)
  if (number && types && !types.includes(number.type)) refuse(21458, 'PhoneNumber', `${e164} is of another type`)
  if (number) await checkPapers(core, surface, caller, number, sent)
  await checkNamed(core, caller, sent)
  try {
    const { owned } = await core.numbers.purchase(caller, [e164], termsOf(surface, caller, sent))
    return owned[0] as Owned
  } catch (error) {
    // the same account may have been faster than itself
    const meanwhile = isFault(error, 'number_unavailable') ? await ownLease(core, surface, caller, e164) : undefined
    if (!meanwhile) throw error
    return updateOwn(core, surface, caller, meanwhile, sent)
  }
}

/** Area codes are those of the North American plan. */
async function buyInArea({ core, inbound }: Acting, surface: Surface, caller: Caller, areaCode: string) {
  if (!/^[2-9]\d{2}$/.test(areaCode)) refuse(21451, 'AreaCode', 'Invalid area code')
  const filter = { areaCode, types: ['local'] } as const
  const sent = readSettings(inbound.fields)
  await checkNamed(core, caller, sent)
  const terms = {
    ...termsOf(surface, caller, sent),
    documents: 'refuse',
    partial: false,
  } as const
  const { owned } = await core.numbers.claim(caller, [{ filter, quantity: 1 }], terms)
  return owned[0] as Owned
}

function buy(surface: Surface, word: string, types: readonly NumberType[] | undefined): Operation {
  const isMain = types === undefined
  return operation({
    ...common,
    on: on(surface, 'POST', `/Accounts/:account/IncomingPhoneNumbers${word}`),
    body: FORM,
    scope: 'numbers:write',
    answers: { 201: shapeOf(surface, isMain), ...shape.errors },
    async handle(call, { account }) {
      const { inbound } = call
      if (inbound.notes.isTest) return testPurchase(call, surface)
      const caller = await acting(call, surface, account)
      if (statusOf(caller.account) !== 'active') throw new Fault('forbidden', { reason: 'inactive' })
      const [number, area] = [textOf(inbound.fields, 'PhoneNumber'), textOf(inbound.fields, 'AreaCode')]
      const owned = number
        ? await buyNamed(call, surface, caller, number, types)
        : area && isMain && surface.sellsByArea
          ? await buyInArea(call, surface, caller, area)
          : surface.refuseWithoutNumber(area)
      return shown(surface, inbound, caller, owned, isMain, 201)
    },
  })
}

function shown(surface: Surface, inbound: Inbound, caller: Caller, owned: Owned, isMain = true, status = 200): Reply {
  const value = surface.owned(owned, caller.account, extensionOf(inbound), isMain)
  return one('incoming_phone_number', value, status)
}

function instance(surface: Surface): readonly Operation[] {
  const path = '/Accounts/:account/IncomingPhoneNumbers/:number'
  const answers = { 200: surface.shapes.owned, ...shape.errors }
  return [
    operation({
      ...common,
      on: on(surface, 'GET', path),
      scope: 'numbers:read',
      answers,
      async handle(call, { account, number }) {
        const caller = await acting(call, surface, account)
        return shown(surface, call.inbound, caller, await ownNumber(call.core, surface, caller, number))
      },
    }),
    operation({
      ...common,
      on: on(surface, 'POST', path),
      body: FORM,
      scope: 'numbers:write',
      answers,
      async handle(call, { account, number }) {
        const { core, inbound } = call
        const caller = await acting(call, surface, account)
        const owned = await ownNumber(core, surface, caller, number)
        const sent = readSettings(inbound.fields)
        const target = textOf(inbound.fields, 'AccountSid')
        const to = target === undefined ? caller : await moveTarget(call, surface, caller, target)
        const isMoving = to.account.id !== caller.account.id
        // what its former holder set does not go along
        await checkChange(core, surface, to, owned.number, sent, isMoving ? undefined : settingsOf(owned))
        if (isMoving) await core.numbers.move(caller, owned.lease.id, to.account.id)
        const changed = await updateOwn(core, surface, to, owned, sent)
        return shown(surface, inbound, to, changed)
      },
    }),
    operation({
      ...common,
      on: on(surface, 'DELETE', path),
      scope: 'numbers:write',
      answers: { 204: 'empty', ...shape.errors },
      async handle(call, { account, number }) {
        const caller = await acting(call, surface, account)
        const { lease } = await ownNumber(call.core, surface, caller, number)
        await call.core.numbers.release(caller, [lease.id], { kind: 'now' }, surface.name)
        return { status: 204 }
      },
    }),
  ]
}

export function numberOperations(surface: Surface): readonly Operation[] {
  const byType = (['local', 'toll_free', 'mobile'] as const).filter(type => surface.types.includes(type))
  return [
    list(surface, '', undefined),
    buy(surface, '', undefined),
    ...byType.flatMap(type => [
      list(surface, `/${KINDS[type].path}`, [type]),
      buy(surface, `/${KINDS[type].path}`, [type]),
    ]),
    ...instance(surface),
  ]
}
