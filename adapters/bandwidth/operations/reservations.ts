import type { Hold } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { textOf } from '../../kit/xml-read.ts'
import { notFound, refuse, statusFaults } from '../faults.ts'
import { rootOf } from '../fields/documents.ts'
import { accountIdOf, DIALECT, e164Of, isGuid, tnOf } from '../ids.ts'
import { doc, el } from '../wire/nodes.ts'
import { ACCOUNT, type Acting, common, created, errors, paramOf } from './common.ts'

const HOLD_MS = 4 * 3_600_000
const ROOT = 'ReservationResponse'
const faults = statusFaults(ROOT)
const answers = { 200: ROOT, ...errors(ROOT, 404) }

async function own(call: Acting): Promise<Hold> {
  const id = paramOf(call, 'reservation')
  const hold = isGuid(id) ? await call.core.holds.find(call.caller.account.id, id.toLowerCase()) : undefined
  if (!hold) throw notFound('hold', id)
  return hold
}

/** Whole seconds that are left, as the clock has it. */
function view({ core, caller }: Acting, { guid, number, until }: Hold): XmlNode {
  return doc(
    ROOT,
    doc(
      'Reservation',
      el('ReservationId', guid),
      el('AccountId', accountIdOf(caller.account)),
      el('ReservationExpires', Math.max(0, Math.floor((until - core.clock.now()) / 1000))),
      el('ReservedTn', tnOf(number.e164)),
    ),
  )
}

const reserve = operation({
  ...common,
  on: `POST ${ACCOUNT}/tnreservation`,
  scope: 'numbers:write',
  answers: { 201: 'empty', ...errors(ROOT, 400) },
  faults,
  async handle(call) {
    const { core, caller, inbound } = call
    const tn = inbound.body === undefined ? undefined : textOf(rootOf(inbound, 'Reservation'), 'reservedtn')
    if (tn === undefined) return refuse(5044, 'The reservation object is invalid: ReservedTn is required')
    const e164 = e164Of(tn)
    if (e164 === undefined)
      return refuse(5045, 'The reservation parameter is invalid: ReservedTn is no telephone number')
    const terms = { until: core.clock.now() + HOLD_MS, currency: caller.account.currency, documents: 'refuse' } as const
    const [hold] = await core.holds.take(caller, { e164s: [e164] }, { ...terms, dialect: DIALECT })
    return created(call, (hold as Hold).guid)
  },
})

const read = operation({
  ...common,
  on: `GET ${ACCOUNT}/tnreservation/:reservation`,
  scope: 'numbers:read',
  answers,
  faults,
  handle: async call => ({ body: view(call, await own(call)) }),
})

const giveUp = operation({
  ...common,
  on: `DELETE ${ACCOUNT}/tnreservation/:reservation`,
  scope: 'numbers:write',
  answers,
  faults,
  async handle(call) {
    const hold = await own(call)
    await call.core.holds.giveUp(call.caller, [hold.id])
    return { body: view(call, hold) }
  },
})

export const reservationOperations: readonly Operation[] = [reserve, read, giveUp]
