/** Number requests: what is refused, filled and cancelled. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { NUMBERS, REQUESTS, refusal, UNKNOWN } from './paths.ts'
import { theProfile } from './profile.ts'

const NULLS = ['id', 'start', 'validFrom', 'validTo']

/** A request that must be refused: the profile's own criteria with a mistake in them. */
function refusing(name: string, source: string, mistake: Record<string, unknown>, ...fields: string[]): Rule {
  return {
    name: `refused: ${name}`,
    source,
    changes: true,
    async check(bench) {
      const { criteria, create } = await theProfile(bench)
      expectAnswer(await create({ ...criteria, quantity: 1, ...mistake }), refusal(...fields))
    },
  }
}

async function owned({ get }: RuleBench): Promise<unknown[]> {
  return list((await get(`${NUMBERS}?take=1000`)).body, '').map(each => member(each, 'phoneNumber'))
}

async function quantityOf(bench: RuleBench): Promise<number> {
  const { available, criteria } = await theProfile(bench)
  return Number(member((await available({ ...criteria, quantity: 1 })).body, 'availableQuantity'))
}

export const orderRules: readonly Rule[] = [
  refusing('quantity 0', 'section 3, vector 7', { quantity: 0 }, 'Quantity'),
  refusing('quantity 1001', 'section 3, vector 7', { quantity: 1001 }, 'Quantity'),
  refusing('no quantity', 'section 3, vector 7', { quantity: undefined }, 'Quantity'),
  refusing('a quantity in quotes', 'section 3, vector 8', { quantity: '2' }),
  refusing('neither area code nor city', 'section 3, vector 9', { areaCode: undefined }, 'AreaCode', 'City'),
  refusing('a size of ranges that is not offered', 'section 3, vector 6', { quantity: 7, rangeSize: 7 }, 'RangeSize'),
  refusing('an unknown profile', 'section 3, vector 15', { companyProfileGuid: UNKNOWN }, 'CompanyProfileGuid'),
  refusing('a callback that is no web address', 'section 3, vector 20', { callbackUrl: 'ftp://x' }, 'CallbackUrl'),
  {
    name: 'an order shows nulls when it is created and its numbers when it is read',
    source: 'section 4, vectors 1 and 2',
    changes: true,
    async check(bench) {
      const { criteria, create } = await theProfile(bench)
      const nulls = NULLS.flatMap(name => [name, `phoneNumberRanges.0.${name}`, `phoneNumberRanges.1.${name}`])
      const members = { quantity: 2, ...Object.fromEntries(nulls.map(name => [name, null])) }
      const { body } = expectAnswer(await create({ ...criteria, quantity: 2 }), { status: 200, members })
      const filled = { start: /^\+\d+$/, validFrom: /./, 'phoneNumberRanges.1.start': /^\+\d+$/, validTo: null }
      const path = `${REQUESTS}/${member(body, 'guid')}`
      expectAnswer(await bench.get(path), { status: 200, members: { status: 'COMPLETED', ...filled } })
    },
  },
  {
    name: 'orders at the same time never get the same number, and take them off the shelf',
    source: 'section 6',
    changes: true,
    async check(bench) {
      const { criteria, create } = await theProfile(bench)
      const [before, shelf] = [await owned(bench), await quantityOf(bench)]
      const orders = await Promise.all([1, 2, 3].map(() => create({ ...criteria, quantity: 1 })))
      const reads = await Promise.all(orders.map(({ body }) => bench.get(`${REQUESTS}/${member(body, 'guid')}`)))
      const starts = reads.map(({ body }) => member(body, 'start'))
      expectEqual(new Set(starts).size, 3, 'different numbers of three orders')
      const after = await owned(bench)
      for (const start of starts) {
        expectTrue(!before.includes(start), `${start} was not owned before`)
        expectEqual(after.filter(each => each === start).length, 1, `times that ${start} is owned`)
      }
      expectEqual(await quantityOf(bench), shelf - 3, 'what is left')
    },
  },
  {
    name: 'an order that cannot be filled whole waits, assigns nothing and can be cancelled once',
    source: 'sections 5 and 6, vectors 3 and 21',
    changes: true,
    async check(bench) {
      const { criteria, create } = await theProfile(bench)
      const before = await owned(bench)
      const { body } = expectAnswer(await create({ ...criteria, quantity: 1000 }), { status: 200 })
      const path = `${REQUESTS}/${member(body, 'guid')}`
      const members = { status: 'PENDING', start: null, 'phoneNumberRanges.0.start': null }
      expectAnswer(await bench.get(path), { status: 200, members })
      expectEqual(await owned(bench), before, 'owned numbers')
      const cancel = () => bench.ask({ method: 'PUT', path: `${path}/cancel` })
      expectAnswer(await cancel(), { status: 200, members: { status: 'CANCELLED', statusReason: /./ } })
      expectAnswer(await cancel(), { status: 409, members: { status: 409 } })
    },
  },
  {
    name: "another account's order is not found",
    source: 'section 12, vector 25',
    changes: true,
    async check(bench) {
      const { criteria, create } = await theProfile(bench)
      const { body } = await create({ ...criteria, quantity: 1 })
      const answer = await bench.get(`${REQUESTS}/${member(body, 'guid')}`, 'other')
      expectAnswer(answer, { status: 404, members: { status: 404 } })
    },
  },
]
