/** Rented numbers. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { PROJECT, refusal } from './refusal.ts'

const ACTIVE = `${PROJECT}/activeNumbers`
const AVAILABLE = `${PROJECT}/availableNumbers`

const rent = ({ ask }: RuleBench, e164: string, body: unknown = {}) =>
  ask({ method: 'POST', path: `${AVAILABLE}/${e164}:rent`, body })

async function rented(bench: RuleBench, body: unknown = {}): Promise<string> {
  const e164 = await bench.number()
  expectAnswer(await rent(bench, e164, body), { status: 200 })
  return e164
}

const patch = ({ ask }: RuleBench, e164: string, body: unknown) =>
  ask({ method: 'PATCH', path: `${ACTIVE}/${e164}`, body })

/** Every page, with the number of all that each tells. */
async function pages({ get }: RuleBench, size: number): Promise<string[]> {
  const seen: string[] = []
  for (let token = ''; ; ) {
    const query = `?pageSize=${size}${token && `&pageToken=${token}`}`
    const { body } = expectAnswer(await get(ACTIVE + query), { status: 200, members: { nextPageToken: /^[\w-]*$/ } })
    const items = list(body, 'activeNumbers')
    expectTrue(items.length <= size, `a page of ${items.length} for pageSize=${size}`)
    seen.push(...items.map(each => String(member(each, 'phoneNumber'))))
    token = String(member(body, 'nextPageToken'))
    if (token !== '') continue
    expectEqual(member(body, 'totalSize'), seen.length, 'totalSize')
    return seen
  }
}

export const activeRules: readonly Rule[] = [
  {
    name: 'pages of rented numbers end with an empty token and add up to the total',
    source: 'section 4, vector 19',
    async check(bench) {
      const seen = await pages(bench, 10)
      expectEqual(new Set(seen).size, seen.length, 'different numbers on all pages')
    },
  },
  answering(
    'a page token that nobody gave is refused',
    'section 4, vector 20',
    { method: 'GET', path: `${ACTIVE}?pageToken=garbage` },
    refusal(400, 'INVALID_ARGUMENT'),
  ),
  answering(
    'a number that is not rented is not found',
    'section 7',
    { method: 'GET', path: `${ACTIVE}/+12025550199` },
    refusal(404, 'NOT_FOUND'),
  ),
  {
    name: 'the callback configuration is that of the project',
    source: 'section 8, vector 25',
    async check({ get, credentials }) {
      const members = { projectId: credentials('account').projectId, hmacSecret: /^.{1,36}$/ }
      expectAnswer(await get(`${PROJECT}/callbackConfiguration`), { status: 200, members })
    },
  },
  answering(
    'a secret for callbacks of more than 36 characters is refused',
    'section 8, vector 25',
    { method: 'PATCH', path: `${PROJECT}/callbackConfiguration`, body: { hmacSecret: 'x'.repeat(37) } },
    refusal(400, 'INVALID_ARGUMENT'),
  ),
  {
    name: 'an empty configuration is refused, and the number stays to rent',
    source: 'section 6, vector 15',
    changes: true,
    async check(bench) {
      const e164 = await bench.number()
      expectAnswer(await rent(bench, e164, { smsConfiguration: {} }), refusal(400, 'INVALID_ARGUMENT'))
      expectAnswer(await bench.get(`${AVAILABLE}/${e164}`), { status: 200, members: { phoneNumber: e164 } })
    },
  },
  {
    name: 'a rented number waits for its configuration, and cannot be rented again',
    source: 'sections 5 and 6, vectors 13 and 14',
    changes: true,
    async check(bench) {
      const e164 = await bench.number()
      const body = { smsConfiguration: { servicePlanId: 'plan1' } }
      const members = {
        phoneNumber: e164,
        projectId: bench.credentials('account').projectId,
        displayName: '',
        callbackUrl: '',
        expireAt: null,
        'smsConfiguration.servicePlanId': '',
        'smsConfiguration.scheduledProvisioning.servicePlanId': 'plan1',
        'smsConfiguration.scheduledProvisioning.status': 'WAITING',
      }
      expectAnswer(await rent(bench, e164, body), { status: 200, members })
      expectAnswer(await rent(bench, e164), refusal(404, 'NOT_FOUND'))
      expectAnswer(await bench.get(`${AVAILABLE}/${e164}`), refusal(404, 'NOT_FOUND'))
    },
  },
  {
    name: 'any number that fits is rented once',
    source: 'section 6, vector 17',
    changes: true,
    async check(bench) {
      const before = await pages(bench, 100)
      const body = { regionCode: 'US', type: 'LOCAL', capabilities: ['VOICE'] }
      const members = { regionCode: 'US', type: 'LOCAL', expireAt: null }
      const answer = expectAnswer(await bench.ask({ method: 'POST', path: `${AVAILABLE}:rentAny`, body }), {
        status: 200,
        members,
      })
      const e164 = String(member(answer.body, 'phoneNumber'))
      expectTrue(!before.includes(e164), `${e164} was not rented before`)
      expectEqual((await pages(bench, 100)).filter(each => each === e164).length, 1, 'times in the list')
      await bench.driver('account').release(e164)
    },
  },
  {
    name: 'a change keeps what it does not name',
    source: 'section 6, vector 21',
    changes: true,
    async check(bench) {
      const e164 = await rented(bench, { voiceConfiguration: { appId: 'app1' } })
      const before = await bench.get(`${ACTIVE}/${e164}`)
      const members = { displayName: 'Desk', money: member(before.body, 'money') }
      expectAnswer(await patch(bench, e164, { displayName: 'Desk' }), { status: 200, members })
      expectAnswer(await patch(bench, e164, {}), { status: 200, members })
    },
  },
  {
    name: 'a released number stays until its paid period ends',
    source: 'section 6, vector 24',
    changes: true,
    async check(bench) {
      const e164 = await rented(bench)
      const answer = await bench.ask({ method: 'POST', path: `${ACTIVE}/${e164}:release` })
      const { body } = expectAnswer(answer, { status: 200, members: { expireAt: /^\d{4}-/ } })
      expectEqual(member(body, 'expireAt'), member(body, 'nextChargeDate'), 'expireAt')
      expectAnswer(await bench.get(`${ACTIVE}/${e164}`), {
        status: 200,
        members: { expireAt: member(body, 'expireAt') },
      })
    },
  },
  {
    name: "another project's number is not found",
    source: 'section 7',
    changes: true,
    async check(bench) {
      const e164 = await rented(bench)
      expectAnswer(await bench.get(`${ACTIVE}/${e164}`, 'other'), refusal(404, 'NOT_FOUND'))
    },
  },
]
