/** Calls read back, whatever calls there are. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule } from '../../kit/rules.ts'

const CDR = '/Account/:me/cdr'
const SOURCE = "the provider's pages and skill file on CDR, 2026"
/** A number that nobody calls from. */
const NOBODY = 'from_number=%2B10000000000'

const sum = (rows: readonly unknown[], name: string) =>
  rows.reduce((total: number, each) => total + Number(member(each, name)), 0)

export const callRules: readonly Rule[] = [
  {
    name: 'the sums of a list of calls are those of the calls that match',
    source: SOURCE,
    async check({ get }) {
      const { body } = expectAnswer(await get(`${CDR}?per_page=100`), { status: 200, members: { success: true } })
      const rows = list(body, 'data')
      const total = Number(member(body, 'pagination.total'))
      expectEqual(member(body, 'count'), rows.length, 'count')
      expectEqual(member(body, 'summary.totalCalls'), total, 'summary.totalCalls')
      expectEqual(member(body, 'pagination.pages'), Math.ceil(total / 100), 'pagination.pages')
      expectTrue(/^\d+s$/.test(String(member(body, 'summary.avgCallDuration'))), 'avgCallDuration is text such as 28s')
      if (total > rows.length) return
      expectEqual(member(body, 'summary.total_duration_seconds'), sum(rows, 'duration'), 'total_duration_seconds')
      expectEqual(member(body, 'summary.total_billable_seconds'), sum(rows, 'billsec'), 'total_billable_seconds')
    },
  },
  answering(
    'where no call matches, the list is empty and its sums are zero',
    SOURCE,
    { as: 'account', method: 'GET', path: `${CDR}?${NOBODY}` },
    {
      status: 200,
      members: { count: 0, data: [], 'summary.totalCalls': 0, 'summary.total_cost': 0, 'pagination.total': 0 },
    },
  ),
  answering(
    'a search of calls echoes its filters, empty text where none was sent',
    SOURCE,
    { as: 'account', method: 'GET', path: `${CDR}/search?call_direction=inbound&${NOBODY}` },
    {
      status: 200,
      members: {
        filters: { call_direction: 'inbound', from_number: '+10000000000', hangup_cause: '', to_number: '' },
      },
    },
  ),
  {
    name: 'the latest calls come without pages and without sums',
    source: SOURCE,
    async check({ get }) {
      const { body } = expectAnswer(await get(`${CDR}/recent?limit=2`), { status: 200, members: { success: true } })
      expectTrue(list(body, 'data').length <= 2, 'not more than the limit')
      expectEqual(Object.keys(body as object).sort(), ['account_id', 'count', 'data', 'success'], 'members')
    },
  },
  {
    name: 'calls are exported as a table with the fields of a call at its head',
    source: SOURCE,
    async check({ get }) {
      const { text } = expectAnswer(await get(`${CDR}/export?${NOBODY}`), {
        status: 200,
        headers: { 'content-type': /^text\/csv/ },
      })
      const head = text.split(/\r?\n/, 1)[0]?.split(',') ?? []
      for (const name of ['uuid', 'caller_id_number', 'destination_number', 'start_time', 'billsec', 'total_cost'])
        expectTrue(head.includes(name), `the head has ${name}`)
    },
  },
  {
    name: 'a call is found by its uuid and by nothing else',
    source: SOURCE,
    async check({ get }) {
      const { body } = expectAnswer(await get(`${CDR}/recent?limit=1`), { status: 200 })
      for (const each of list(body, 'data')) {
        const uuid = member(each, 'uuid')
        expectAnswer(await get(`${CDR}/${uuid}`), { status: 200, members: { success: true, 'data.uuid': uuid } })
      }
      expectAnswer(await get(`${CDR}/1`), { status: 404, members: { error: /\w/ } })
    },
  },
]
