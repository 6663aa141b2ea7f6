import { Fault } from '../../core/ground/fault.ts'
import { ruleSchema } from '../double/rule-schema.ts'
import type { Rule } from '../double/rules.ts'
import { MOST_RULES } from '../double/rules.ts'
import type { AdminContext } from './context.ts'
import { faultsOf } from './double.ts'
import { missing } from './faults.ts'
import { idOf } from './input.ts'
import { type AdminModule, route } from './route.ts'

const RULE = {
  id: 1,
  when: { dialect: 'wavix', operation: 'POST /v1/buy/cart/checkout', times: 1 },
  then: { fault: 'insufficient_funds' },
  matched: 0,
  applied: 0,
}

/** Faults on demand: what a client is to meet is told here, and met as the provider would put it. */
export const faultsOnDemand: AdminModule = [
  route(
    'POST /faults',
    {
      summary: 'Let requests or callbacks fail',
      description:
        'The first rule that applies decides, in order of making. `when` says which (all of it must fit; nothing: every ' +
        'request), `then` what happens: one of `fault`, `status`, `drop`, `body` and `callback`, and `delay_ms` beside ' +
        'it or alone. All of it is told in docs/testing.md.',
      only: 'double',
      aside: true,
      body: ruleSchema,
      status: 201,
      answer: RULE,
    },
    async (world, c, given) => {
      const { rules } = faultsOf(world)
      const rule = await given.body()
      if (rules.list().length >= MOST_RULES)
        throw new Fault('limit_reached', { what: 'faults on demand', limit: MOST_RULES })
      return c.json(present(rules.add(rule)), 201)
    },
  ),
  route(
    'GET /faults',
    {
      summary: 'Faults on demand, and how often each was met',
      description: '`matched`: requests or callbacks that fitted; `applied`: those it was brought upon.',
      only: 'double',
      aside: true,
      answer: { faults: [RULE] },
    },
    (world, c) => c.json({ faults: faultsOf(world).rules.list().map(present) }),
  ),
  route(
    'GET /faults/:id',
    { summary: 'One fault on demand', only: 'double', aside: true, answer: RULE },
    (world, c) => {
      const id = idOf(c, 'fault')
      const rule = faultsOf(world).rules.get(id)
      if (!rule) throw missing('fault', id)
      return c.json(present(rule))
    },
  ),
  route(
    'DELETE /faults/:id',
    { summary: 'End a fault on demand', only: 'double', aside: true, status: 204 },
    (world, c) => {
      const id = idOf(c, 'fault')
      if (!faultsOf(world).rules.remove(id)) throw missing('fault', id)
      return c.body(null, 204)
    },
  ),
  route(
    'DELETE /faults',
    { summary: 'End all faults on demand', only: 'double', aside: true, status: 204 },
    (world: AdminContext, c) => {
      faultsOf(world).rules.clear()
      return c.body(null, 204)
    },
  ),
]

const present = (rule: Rule) => ({ ...rule })
