/** Filters and tokens of lists. */
import { expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule } from '../../kit/rules.ts'
import { PROJECT, refusal } from './refusal.ts'

const ACTIVE = `${PROJECT}/activeNumbers`
const AVAILABLE = `${PROJECT}/availableNumbers`
const named = (field: string) => refusal(400, 'INVALID_ARGUMENT', { 'error.details.0.fieldViolations.0.field': field })

/** Both are sent by SDKs of the provider, and a filter is honoured or refused. */
const capabilityRules = ['capability', 'capabilities'].flatMap(name =>
  [`${name}=SMS&${name}=FAX`, `${name}=SMS,FAX`].map(query =>
    answering(
      `rented numbers filtered by ?${query} are refused, naming ${name}`,
      'sections 4 and 11',
      { method: 'GET', path: `${ACTIVE}?${query}` },
      named(name),
    ),
  ),
)

export const filterRules: readonly Rule[] = [
  ...capabilityRules,
  {
    name: 'a page token that was changed, or is of another list, is refused',
    source: 'section 4, vector 20',
    changes: true,
    async check(bench) {
      for (const e164 of [await bench.number(), await bench.number()]) {
        const answer = await bench.ask({ method: 'POST', path: `${AVAILABLE}/${e164}:rent`, body: {} })
        expectAnswer(answer, { status: 200 })
      }
      const { body } = expectAnswer(await bench.get(`${ACTIVE}?pageSize=1`), { status: 200 })
      const token = String(member(body, 'nextPageToken'))
      expectTrue(list(body, 'activeNumbers').length === 1 && token !== '', 'a page of one leads on')
      const last = token.at(-1) === 'A' ? 'B' : 'A'
      for (const query of [`pageToken=${token.slice(0, -1)}${last}`, `type=MOBILE&pageToken=${token}`]) {
        expectAnswer(await bench.get(`${ACTIVE}?pageSize=1&${query}`), named('pageToken'))
      }
    },
  },
]
