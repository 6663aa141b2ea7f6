/** Access, the account, its balances and transactions. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule } from '../../kit/rules.ts'

const NUMBERS = '/Account/:me/numbers'
const invalid = { status: 401, members: { 'error.code': 401, 'error.message': 'Invalid token' } }

export const accountRules: readonly Rule[] = [
  {
    name: 'no credentials are refused with the nested code 401',
    source: 'section 1, vector 1',
    async check({ ask, credentials }) {
      const path = NUMBERS.replace(':me', credentials('account').authId ?? '')
      expectAnswer(await ask({ as: 'nobody', method: 'GET', path }), invalid)
    },
  },
  {
    name: 'a wrong token is refused with the nested code 401',
    source: 'section 1, vector 2',
    async check({ ask, credentials }) {
      const headers = { 'x-auth-id': credentials('account').authId ?? '', 'x-auth-token': 'wrong' }
      const path = NUMBERS.replace(':me', headers['x-auth-id'])
      expectAnswer(await ask({ as: 'nobody', method: 'GET', path, headers }), invalid)
    },
  },
  answering(
    'a bearer token beside the pair is ignored',
    'section 1, vector 3',
    { method: 'GET', path: NUMBERS, headers: { authorization: 'Bearer junk' } },
    { status: 200, members: { items: Array.isArray } },
  ),
  {
    name: "another account's path is refused as a mismatch",
    source: 'section 1, vector 4',
    async check({ get, credentials }) {
      const path = NUMBERS.replace(':me', credentials('other').authId ?? '')
      const members = { 'error.code': 403, 'error.message': /account ID mismatch/ }
      expectAnswer(await get(path), { status: 403, members })
    },
  },
  {
    name: 'the account segment is read in any case',
    source: 'section 0, vector 5',
    async check({ get }) {
      const upper = expectAnswer(await get(NUMBERS), { status: 200, members: { items: Array.isArray } })
      const lower = await get(NUMBERS.replace('Account', 'account'))
      expectEqual(expectAnswer(lower, { status: 200 }).body, upper.body, 'numbers')
    },
  },
  answering(
    'an unknown path is a flat error',
    'section 1',
    { method: 'GET', path: '/Account/:me/no-such-thing' },
    { status: 404, members: { error: /./, message: /./ } },
  ),
  {
    name: 'the account shows itself and no secret',
    source: 'section 7',
    async check({ get, credentials }) {
      const { authId, authToken } = credentials('account')
      const { text } = expectAnswer(await get('/auth/me'), { status: 200, members: { auth_id: authId } })
      expectTrue(!text.includes(authToken ?? ''), 'the token is not repeated')
    },
  },
  {
    name: 'a balance is asked for in any case, and available is what is not reserved',
    source: 'section 7',
    async check({ get, credentials }) {
      const members = { currency: 'USD', account_id: credentials('account').authId, status: 'active' }
      const { body } = expectAnswer(await get('/Account/:me/balance/usd'), { status: 200, members })
      const { balance, reserved_funds, credit_limit, available_balance } = body as Record<string, number>
      const available = Number(balance) - Number(reserved_funds) + Number(credit_limit)
      expectEqual(available_balance, available, 'available_balance')
    },
  },
  answering(
    'a currency without a balance is not found',
    'section 7',
    { method: 'GET', path: '/Account/:me/balance/XTS' },
    { status: 404, members: { error: /./ } },
  ),
  answering(
    'too large a page of transactions falls back to the default of 50',
    'section 7, vector 36',
    { method: 'GET', path: '/Account/:me/transactions?per_page=5000' },
    { status: 200, members: { per_page: 50, page: 1 } },
  ),
  {
    name: 'limit and offset do not page transactions',
    source: 'section 7, vector 36',
    async check({ get }) {
      const members = { transactions: Array.isArray, page: 1 }
      const plain = expectAnswer(await get('/Account/:me/transactions'), { status: 200, members })
      expectEqual((await get('/Account/:me/transactions?limit=1&offset=5')).body, plain.body, 'transactions')
    },
  },
  {
    name: 'the summary of transactions adds up',
    source: 'section 7',
    async check({ get }) {
      const { body } = expectAnswer(await get('/Account/:me/transactions?per_page=1000'), { status: 200 })
      const { total_credit, total_debit, net_amount, total_transactions } = member(body, 'summary') as Record<
        string,
        number
      >
      expectEqual(net_amount, Number(total_credit) - Number(total_debit), 'net_amount')
      expectEqual(member(body, 'total'), total_transactions, 'total')
      expectEqual(list(body, 'transactions').length, Math.min(Number(total_transactions), 1000), 'rows')
    },
  },
  answering(
    'sub-accounts are listed with page and size',
    'section 6',
    { method: 'GET', path: '/accounts/:me/sub-accounts/' },
    { status: 200, members: { page: 1, size: 25, sub_accounts: Array.isArray } },
  ),
]
