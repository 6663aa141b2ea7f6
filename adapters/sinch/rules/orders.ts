/** Number orders. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule } from '../../kit/rules.ts'
import { PROJECT, refusal } from './refusal.ts'

const SOURCE = "the vendor's OpenAPI document of number orders, Numbers 1.0.3"
const ORDERS = `${PROJECT}/numberOrders`
const AMERICAN = { regionCode: 'US', numberType: 'LOCAL' }
const invalid = (body: object, path: string, name: string): Rule =>
  answering(name, SOURCE, { method: 'POST', path, body }, refusal(400, 'INVALID_ARGUMENT'))

const HALF_HOUR_MS = 1_800_000
const TWO_DAYS_MS = 172_800_000
/** What clocks may differ by. */
const SLACK_MS = 60_000

const keeping: Rule = {
  name: 'an order keeps its numbers, for at least half an hour and at most two days',
  source: SOURCE,
  changes: true,
  async check({ ask, get }) {
    const body = { ...AMERICAN, quantityOrderOption: { requestedQuantity: 1 } }
    const made = await ask({ method: 'POST', path: `${ORDERS}:createNumberOrder`, body })
    expectAnswer(made, { status: 200, members: { state: 'CREATED', ...AMERICAN } })
    const [number] = list(made.body, 'orderNumbers')
    const at = (name: string) => Date.parse(String(member(made.body, name)))
    const kept = at('expireTime') - at('createTime')
    expectTrue(kept >= HALF_HOUR_MS - SLACK_MS && kept <= TWO_DAYS_MS + SLACK_MS, `kept for ${kept} ms`)
    const again = await get(`${ORDERS}/${member(made.body, 'idNumberOrder')}`)
    expectEqual(expectAnswer(again, { status: 200 }).body, made.body, 'the order, read again')
    const path = `${PROJECT}/availableNumbers/${member(number, 'phoneNumber')}`
    expectAnswer(await get(path), refusal(404, 'NOT_FOUND'))
  },
}

export const orderRules: readonly Rule[] = [
  invalid(
    { ...AMERICAN, numberType: 'PINK' },
    `${ORDERS}:lookupNumberRequirements`,
    'requirements are of a known type',
  ),
  invalid({ numberType: 'LOCAL' }, `${ORDERS}:lookupNumberRequirements`, 'requirements are of a region'),
  invalid(AMERICAN, `${ORDERS}:createNumberOrder`, 'an order is for a number or for some that fit'),
  invalid(
    { ...AMERICAN, numberOrderOption: { phoneNumbers: ['+12025550199', '+12025550198'] } },
    `${ORDERS}:createNumberOrder`,
    'an order names one number',
  ),
  ...[0, 101].map(requestedQuantity =>
    invalid(
      { ...AMERICAN, quantityOrderOption: { requestedQuantity } },
      `${ORDERS}:createNumberOrder`,
      `an order for ${requestedQuantity} numbers is refused`,
    ),
  ),
  ...(
    [
      ['GET', ''],
      ['GET', '/registration'],
      ['POST', '/submit'],
    ] as const
  ).map(([method, path]) =>
    answering(
      `an unknown order is not found: ${method} ${path || 'itself'}`,
      SOURCE,
      { method, path: `${ORDERS}/00000000000000000000000000${path}` },
      refusal(404, 'NOT_FOUND'),
    ),
  ),
  keeping,
]
