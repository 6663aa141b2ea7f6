/** Requesting, changing and deleting numbers. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { act, actionError, all, completed, REQUEST, RESULT, requestError } from './act.ts'

const NOT_YOURS = actionError('AccountAuthorization.Required')

export async function me(bench: RuleBench): Promise<Record<string, string>> {
  return member((await act(bench, 'UserRead')).body, `${RESULT}.UserRead.User`) as Record<string, string>
}

const block = (e164: string) => e164.slice(2, 8)

/** Quantities by block. */
async function request(bench: RuleBench, quantities: Record<string, string>, more: Record<string, string> = {}) {
  const { UserId = '' } = await me(bench)
  const wanted = Object.entries(quantities).map(([key, quantity]) => [`NpaNxx[${key}]`, quantity])
  return act(bench, 'DidRequest', { UserId, Protocol: 'sip', ...Object.fromEntries(wanted), ...more })
}

export async function bought(bench: RuleBench, named?: string): Promise<{ e164: string; did: Record<string, string> }> {
  const e164 = named ?? (await bench.number())
  const { body } = completed(await request(bench, { [block(e164)]: '1' }), 'DidRequest')
  const result = member(body, `${RESULT}.DidRequest`)
  expectEqual([member(result, 'Requested'), member(result, 'Filled')], ['1', '1'], 'Requested and Filled')
  return { e164, did: all(result, 'Dids.Did')[0] as Record<string, string> }
}

async function found(bench: RuleBench): Promise<number> {
  const { body } = await act(bench, 'DidBrowse', { Limit: '1' })
  return Number(member(body, `${RESULT}.DidBrowse.Dids.@attributes.Found`))
}

async function balance(bench: RuleBench): Promise<string> {
  const { AccountId = '' } = await me(bench)
  const { body } = await act(bench, 'AccountRead', { AccountId })
  return String(member(body, `${RESULT}.AccountRead.Account.Balance`))
}

/** After a key with six digits the next one that is only counted looks like a block, too. */
const counted: Rule = {
  name: 'a key that was only counted is no block',
  source: 'section 5, vector 16',
  changes: true,
  async check(bench) {
    const number = await bench.number()
    const before = String(Number(block(number)) - 1)
    const answer = await request(bench, { [before]: '1', '': '1' })
    expectAnswer(answer, requestError('NpaNxx', 'Value.Invalid'))
  },
}

/** The block has numbers, so that a server that took the order would fill it. */
function refused(quantity: string, code: string): Rule {
  return {
    name: `a quantity of ${quantity} is refused: ${code}`,
    source: 'section 5, vector 15',
    changes: true,
    async check(bench) {
      expectAnswer(await request(bench, { [block(await bench.number())]: quantity }), requestError('NpaNxx', code))
    },
  }
}

export const orderRules: readonly Rule[] = [
  counted,
  refused('0', 'Integer.TooSmall'),
  refused('-1', 'Integer.TooSmall'),
  refused('x', 'Integer.Invalid'),
  refused('1000000', 'Integer.TooBig'),
  {
    name: 'a block is six digits, and has a key',
    source: 'section 5, vector 16',
    changes: true,
    async check(bench) {
      for (const key of ['21278', '']) {
        expectAnswer(await request(bench, { [key]: '1' }), requestError('NpaNxx', 'Value.Invalid'))
      }
    },
  },
  {
    name: 'only the two protocols exist',
    source: 'section 5, vector 17',
    changes: true,
    async check(bench) {
      const order = { [block(await bench.number())]: '1' }
      expectAnswer(await request(bench, order, { Protocol: 'h323' }), requestError('Protocol', 'Value.Invalid'))
    },
  },
  {
    name: 'a block without numbers is filled with none, and costs nothing',
    source: 'section 5, vector 14',
    changes: true,
    async check(bench) {
      const before = await balance(bench)
      const { body } = completed(await request(bench, { '999999': '1' }), 'DidRequest')
      const result = member(body, `${RESULT}.DidRequest`)
      expectEqual([member(result, 'Requested'), member(result, 'Filled')], ['1', '0'], 'Requested and Filled')
      expectEqual(all(result, 'Dids.Did'), [], 'numbers')
      expectEqual(await balance(bench), before, 'balance')
    },
  },
  {
    name: 'a request is filled with a number of its block, which the user then has once',
    source: 'section 5, vector 12',
    changes: true,
    async check(bench) {
      const e164 = await bench.number()
      const before = await found(bench)
      const { did } = await bought(bench, e164)
      expectEqual(did.Number, e164.slice(1), 'Number')
      expectEqual(did.UserId, (await me(bench)).UserId, 'UserId')
      expectEqual(await found(bench), before + 1, 'Found')
    },
  },
  {
    name: 'a request for more than there is, is filled in part, and one number stands alone',
    source: 'section 5, vector 13',
    changes: true,
    async check(bench) {
      const e164 = await bench.number()
      const answer = completed(await request(bench, { [block(e164)]: '5' }), 'DidRequest')
      const result = member(answer.body, `${RESULT}.DidRequest`)
      expectEqual([member(result, 'Requested'), member(result, 'Filled')], ['5', '1'], 'Requested and Filled')
      expectTrue(!Array.isArray(member(result, 'Dids.Did')), 'one Did is no list')
      const echo = all(answer.body, `${REQUEST}.Parameters.Parameter`)
      const quantity = echo.find(each => member(each, 'Name') === 'NpaNxx')
      const element = { Key: block(e164), Value: '5' }
      expectEqual(member(quantity, 'Array.Elements.Element'), element, 'echo of the quantity')
    },
  },
  {
    name: 'an edit sets owner, caller id and destination',
    source: 'section 5, vectors 18 and 20',
    changes: true,
    async check(bench) {
      const { did } = await bought(bench)
      const { UserId = '', Username, Domain } = await me(bench)
      const edit = { DidId: did.DidId ?? '', UserId, Destination: `${Username}@${Domain}` }
      const flag = (CallerIdNumberRequired: string) => act(bench, 'DidEdit', { ...edit, CallerIdNumberRequired })
      const { body } = completed(await flag('true'), 'DidEdit')
      expectEqual(member(body, `${RESULT}.DidEdit.Did.CallerIdNumberRequired`), 'true', 'CallerIdNumberRequired')
      expectEqual(member(body, `${RESULT}.DidEdit.Did.Destination`), edit.Destination, 'Destination')
      expectAnswer(await flag('maybe'), requestError('CallerIdNumberRequired', 'Boolean.Invalid'))
      const { Destination: _, ...without } = { ...edit, CallerIdNumberRequired: 'true' }
      expectAnswer(await act(bench, 'DidEdit', without), requestError('Destination', 'Value.Required'))
    },
  },
  {
    name: "another account's number is refused like one that is not there",
    source: 'section 3, vector 19',
    changes: true,
    async check(bench) {
      const { did } = await bought(bench)
      for (const action of ['DidRead', 'DidDelete']) {
        expectAnswer(await act(bench, action, { DidId: did.DidId ?? '' }, 'other'), NOT_YOURS)
      }
    },
  },
  {
    name: 'a deleted number is gone',
    source: 'section 5, vector 23',
    changes: true,
    async check(bench) {
      const { did } = await bought(bench)
      const before = await found(bench)
      completed(await act(bench, 'DidDelete', { DidId: did.DidId ?? '' }), 'DidDelete')
      expectAnswer(await act(bench, 'DidRead', { DidId: did.DidId ?? '' }), NOT_YOURS)
      expectEqual(await found(bench), before - 1, 'Found')
    },
  },
]
