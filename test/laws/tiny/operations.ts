import * as v from 'valibot'
import { type Operation, operation } from '../../../adapters/kit/dialect.ts'
import { majorUnits } from '../../../adapters/kit/money-text.ts'
import { Fault } from '../../../core/ground/fault.ts'
import { DIALECT } from './ids.ts'
import * as shape from './schemas.ts'

const input = v.object({ number: v.pipe(v.string(), v.regex(/^\+\d{5,15}$/)) })
const common = { caller: 'required', evidence: 'E0', input } as const
const missing = (id: string) => new Fault('not_found', { what: 'number', id })

const read = operation({
  ...common,
  on: 'GET /v1/numbers/:number',
  scope: 'numbers:read',
  answers: { 200: shape.number, 404: shape.error },
  async handle({ core, caller }, { number: e164 }) {
    const filter = { e164, currency: caller.account.currency, documents: 'none' } as const
    const { items } = await core.numbers.search(filter, { limit: 1, offset: 0 })
    const [found] = items
    if (!found) throw missing(e164)
    const price = majorUnits(found.setupPrice + found.monthlyPrice)
    return { body: { number: e164, price, currency: found.currency } }
  },
})

const buy = operation({
  ...common,
  on: 'POST /v1/orders',
  scope: 'numbers:write',
  answers: { 201: shape.order, 400: shape.error, 402: shape.error, 409: shape.error },
  async handle({ core, caller }, { number }) {
    const terms = { documents: 'refuse', currency: caller.account.currency } as const
    await core.numbers.purchase(caller, [number], terms)
    return { status: 201, body: { number } }
  },
})

const release = operation({
  ...common,
  on: 'DELETE /v1/numbers/:number',
  scope: 'numbers:write',
  answers: { 204: 'empty', 404: shape.error },
  async handle({ core, caller }, { number }) {
    const { lease } = (await core.numbers.leaseOf(number, DIALECT)) ?? {}
    if (lease?.accountId !== caller.account.id) throw missing(number)
    await core.numbers.release(caller, [lease.id], { kind: 'now' }, DIALECT)
    return { status: 204 }
  },
})

export const operations: readonly Operation[] = [read, buy, release]
