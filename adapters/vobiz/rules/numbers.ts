/** Buying, releasing and handing over. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench, type Who } from '../../kit/rules.ts'

const PURCHASE = '/Account/:me/numbers/purchase-from-inventory'
const INVALID = { status: 400, members: { error: 'invalid request' } }

const buy = ({ ask }: RuleBench, e164: string) => ask({ method: 'POST', path: PURCHASE, body: { e164 } })
const path = (e164: string, rest = '') => `/Account/:me/numbers/${encodeURIComponent(e164)}${rest}`
const release = ({ ask }: RuleBench, e164: string, query = '', as: Who = 'account') =>
  ask({ as, method: 'DELETE', path: path(e164, query) })
const cancel = ({ ask }: RuleBench, e164: string, as: Who = 'account') =>
  ask({ as, method: 'POST', path: path(e164, '/cancel-release') })

async function bought(bench: RuleBench): Promise<{ e164: string; price: number; currency: string }> {
  const e164 = await bench.number()
  const { body } = expectAnswer(await buy(bench, e164), { status: 200 })
  const { setup_fee, monthly_fee, currency } = member(body, 'number') as Record<string, number | string>
  return { e164, price: Number(setup_fee) + Number(monthly_fee), currency: String(currency) }
}

async function balance({ get }: RuleBench, currency: string): Promise<number> {
  return Number(member((await get(`/Account/:me/balance/${currency}`)).body, 'balance'))
}

async function listed({ get }: RuleBench, e164: string): Promise<unknown[]> {
  return list((await get(`/Account/:me/numbers?search=${e164.slice(1)}`)).body, 'items')
}

async function onSale({ get }: RuleBench, e164: string): Promise<boolean> {
  return list((await get(`/Account/:me/inventory/numbers?search=${e164.slice(1)}`)).body, 'items').length > 0
}

export const numberRules: readonly Rule[] = [
  {
    name: 'the list of numbers honours status',
    source: 'section 5.1',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const query = `?search=${e164.slice(1)}&status=`
      const found = async (status: string) =>
        list((await bench.get(`/Account/:me/numbers${query}${status}`)).body, 'items').map(item => member(item, 'e164'))
      expectEqual(await found('active'), [e164], 'active numbers')
      expectEqual(await found('pending_release'), [], 'numbers that are being released')
    },
  },
  answering('a purchase without a number is refused', 'section 5.3, vector 13', post({}), INVALID),
  answering('a purchase of no number at all is refused', 'section 5.3, vector 13', post({ e164: 'abc' }), INVALID),
  answering('an unreadable body is refused', 'section 5.3, vector 13', post('{'), INVALID),
  answering('a number that is not on sale is not found', 'section 5.3, vector 11', post({ e164: '+19995550199' }), {
    status: 404,
    members: { error: 'not_found', message: 'number not found in inventory' },
  }),
  {
    name: 'a purchase is one debit of both fees, and takes the number off the inventory',
    source: 'sections 5.3 and 7, vectors 10 and 11',
    changes: true,
    async check(bench) {
      const e164 = await bench.number()
      const [item] = list((await bench.get(`/Account/:me/inventory/numbers?search=${e164.slice(1)}`)).body, 'items')
      const { currency, setup_fee, monthly_fee } = item as Record<string, string>
      const before = await balance(bench, currency ?? '')
      const members = {
        'number.e164': e164,
        'number.status': 'active',
        'number.account_id': bench.credentials('account').authId,
      }
      expectAnswer(await buy(bench, e164), { status: 200, members })
      const price = Number(setup_fee) + Number(monthly_fee)
      expectEqual(await balance(bench, currency ?? ''), before - price, 'balance')
      expectTrue(!(await onSale(bench, e164)), 'it has left the inventory')
      expectAnswer(await buy(bench, e164), { status: 404, members: { error: 'not_found' } })
      expectEqual(await balance(bench, currency ?? ''), before - price, 'balance after the second attempt')
      const { body } = await bench.get(`/Account/:me/transactions?reference=${e164.slice(1)}&reference_type=did_rental`)
      const [row] = list(body, 'transactions')
      expectEqual([member(row, 'type'), member(row, 'amount')], ['debit', price], 'newest transaction of the number')
    },
  },
  {
    name: 'a number is found in every spelling of its path',
    source: 'section 2, vector 26',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const digits = e164.slice(1)
      for (const spelled of [`%2B${digits}`, `+${digits}`, `%252B${digits}`, digits]) {
        const answer = await bench.get(`/account/:me/numbers/${spelled}/health`)
        expectAnswer(answer, { status: 200, members: { e164 } })
      }
    },
  },
  {
    name: 'a release waits a day, costs its fee, and gives it back when it is cancelled',
    source: 'sections 5.4 and 5.5, vectors 27 and 28',
    changes: true,
    async check(bench) {
      const { e164, currency } = await bought(bench)
      const before = await balance(bench, currency)
      const { body } = expectAnswer(await release(bench, e164), { status: 200, members: { status: 'pending_release' } })
      const { release_fee, cooldown_ends_at } = body as { release_fee: number; cooldown_ends_at: string }
      expectTrue(Number.isFinite(Date.parse(cooldown_ends_at)), 'cooldown_ends_at is a time')
      expectEqual(await balance(bench, currency), before - release_fee, 'balance after the release')
      expectEqual(
        (await listed(bench, e164)).map(each => member(each, 'status')),
        ['pending_release'],
        'listed as',
      )
      const restored = { status: 'active', refund_amount: release_fee }
      expectAnswer(await cancel(bench, e164), { status: 200, members: restored })
      expectEqual(await balance(bench, currency), before, 'balance after the cancellation')
      expectAnswer(await cancel(bench, e164), { status: 400, members: { error: /not pending release/ } })
    },
  },
  {
    name: 'an immediate release cannot be cancelled and takes the number off the list',
    source: 'section 5.4, vector 30',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const members = { status: 'released', cancel_url: '', cooldown_ends_at: /^\d{4}-/ }
      expectAnswer(await release(bench, e164, '?immediate=true'), { status: 200, members })
      expectEqual(await listed(bench, e164), [], 'listed numbers')
      expectAnswer(await cancel(bench, e164), { status: 400, members: { error: /not pending release/ } })
    },
  },
  {
    name: "another account's number is neither released nor restored",
    source: 'sections 5.4 and 5.5, vector 31',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const foreign = await release(bench, e164, '', 'other')
      expectAnswer(foreign, { status: 403, members: { error: 'forbidden' } })
      expectAnswer(await release(bench, e164), { status: 200 })
      expectAnswer(await cancel(bench, e164, 'other'), { status: 403, members: { error: 'access denied' } })
    },
  },
  {
    name: 'a number without a trunk cannot be taken off one',
    source: 'section 5.6, vector 32',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const answer = await bench.ask({ method: 'DELETE', path: path(e164, '/assign') })
      expectAnswer(answer, { status: 400, members: { error: 'invalid request' } })
    },
  },
]

function post(body: unknown) {
  return { method: 'POST', path: PURCHASE, body }
}
