/** The cart, and paying it. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const CART = '/v1/buy/cart'
const UNKNOWN = '10000000000'
const digits = (e164: string) => e164.slice(1)

const put = ({ ask }: RuleBench, ids: unknown) => ask({ method: 'PUT', path: CART, body: { ids } })
const take = ({ ask }: RuleBench, ids: unknown) => ask({ method: 'DELETE', path: CART, body: { ids } })

async function inCart({ get }: RuleBench): Promise<unknown[]> {
  return list((await get(CART)).body, 'dids').map(did => member(did, 'number'))
}

async function balance({ get }: RuleBench): Promise<number> {
  return Number(member((await get('/v1/profile/config')).body, 'balance'))
}

export const cartRules: readonly Rule[] = [
  answering(
    'the cart lists the three kinds of papers even when it is empty',
    'section 5.3, vector 11',
    { method: 'GET', path: CART },
    { status: 200, members: { doc_types: (types: unknown) => Array.isArray(types) && types.length === 3 } },
  ),
  answering(
    'a cart change without ids names the parameter',
    'section 3, vector 14',
    { method: 'PUT', path: CART, body: {} },
    { status: 400, members: { success: false, message: /ids/ } },
  ),
  {
    name: 'a checkout with anything but ids for a body names them and buys nothing',
    source: 'section 5.4',
    changes: true,
    async check(bench) {
      const number = digits(await bench.number())
      await put(bench, [number])
      const before = await balance(bench)
      for (const body of [[number], '"x"', 'false', 'null', { ids: null }, { dids: [number] }]) {
        const answer = await bench.ask({ method: 'POST', path: `${CART}/checkout`, body })
        expectAnswer(answer, { status: 400, members: { success: false, message: /ids/ } })
      }
      expectEqual(await balance(bench), before, 'balance')
      expectTrue((await inCart(bench)).includes(number), 'the cart still has it')
      await take(bench, [number])
    },
  },
  {
    name: 'one unknown number keeps all others out of the cart',
    source: 'section 5.4, vector 13',
    changes: true,
    async check(bench) {
      const before = await inCart(bench)
      const answer = await put(bench, [digits(await bench.number()), UNKNOWN])
      expectAnswer(answer, { status: 404, members: { success: false, message: /^At least one DID/ } })
      expectEqual(await inCart(bench), before, 'cart')
    },
  },
  {
    name: 'a number is in the cart once, and taken out once',
    source: 'section 5.3, vectors 11 and 15',
    changes: true,
    async check(bench) {
      const number = digits(await bench.number())
      for (const _ of [1, 2]) {
        const { body } = expectAnswer(await put(bench, [number]), { status: 200 })
        expectEqual(list(body, '').length, 1, 'numbers in the answer')
      }
      expectEqual((await inCart(bench)).filter(each => each === number).length, 1, 'times in the cart')
      expectAnswer(await take(bench, [number]), { status: 200, members: { success: true } })
      expectAnswer(await take(bench, [number]), { status: 404, members: { success: false } })
    },
  },
  {
    name: 'a checkout answers 201, books both fees and empties the cart',
    source: 'sections 5.3 and 7.2, vector 16',
    changes: true,
    async check(bench) {
      const number = digits(await bench.number())
      const [did] = list((await put(bench, [number])).body, '')
      const fees = Number(member(did, 'activation_fee')) + Number(member(did, 'monthly_fee'))
      const before = await balance(bench)
      const paid = await bench.ask({ method: 'POST', path: `${CART}/checkout`, body: { ids: [number] } })
      expectAnswer(paid, { status: 201, members: { success: true } })
      expectEqual((await balance(bench)).toFixed(4), (before - fees).toFixed(4), 'balance')
      expectTrue(!(await inCart(bench)).includes(number), 'the cart is empty of it')
      await booked(bench, number, fees)
      const owned = list((await bench.get(`/v1/mydids?search=${number}`)).body, 'items')
      expectEqual(
        owned.map(item => member(item, 'number')),
        [number],
        'owned numbers',
      )
      expectTrue(member(owned[0], 'id') !== Number(number), 'the id of an owned number is one of its own')
    },
  },
  {
    name: 'a repeated checkout buys and charges nothing',
    source: 'section 5.4, vector 17',
    changes: true,
    async check(bench) {
      const number = digits(await bench.number())
      await put(bench, [number])
      const checkout = () => bench.ask({ method: 'POST', path: `${CART}/checkout`, body: { ids: [number] } })
      expectAnswer(await checkout(), { status: 201 })
      const before = await balance(bench)
      expectAnswer(await checkout(), { status: 404, members: { success: false, message: /./ } })
      expectEqual(await balance(bench), before, 'balance')
    },
  },
]

/** Set-up and first month are transactions of types 2 and 3. */
async function booked({ get }: RuleBench, number: string, fees: number): Promise<void> {
  const query = `from_date=2000-01-01&to_date=2999-12-31&details_contains=${number}`
  const { body } = expectAnswer(await get(`/v1/billing/transactions?${query}`), { status: 200 })
  const rows = list(body, 'transactions')
    .slice(0, 2)
    .map(row => [member(row, 'type'), member(row, 'amount')] as [number, number])
  const types = rows.map(([type]) => type).sort()
  expectEqual(types, [2, 3], 'types of the newest transactions of the number')
  expectEqual(
    rows.reduce((sum, [, amount]) => sum + amount, 0),
    -fees,
    'sum of both',
  )
}
