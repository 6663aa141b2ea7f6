/** What is written is kept and shown. */
import { expectTrue } from '../../kit/expect.ts'
import { expectAnswer, list, member, type Rule } from '../../kit/rules.ts'

const TRUNKS = '/Account/:me/trunks'

export const settingsRules: readonly Rule[] = [
  {
    name: 'a trunk keeps its direction, its limit of calls and whether it is enabled',
    source: 'section 8',
    changes: true,
    async check({ ask, get }) {
      const body = { name: 'Checked', trunk_type: 'OUTBOUND', max_concurrent_calls: 7, enabled: false }
      const made = await ask({ method: 'POST', path: TRUNKS, body })
      expectTrue(made.status < 300, `a trunk is made, status ${made.status}`)
      const path = `${TRUNKS}/${member(made.body, 'trunk_id')}`
      const members = { trunk_direction: 'outbound', concurrent_calls_limit: 7, trunk_status: 'disabled' }
      expectAnswer(await get(path), { status: 200, members })
      await ask({ method: 'DELETE', path })
    },
  },
  {
    name: 'permissions of sub-accounts are objects',
    source: 'section 6',
    async check({ credentials, get }) {
      const { body } = await get(`/accounts/${credentials('account').authId}/sub-accounts/`)
      for (const each of list(body, 'sub_accounts')) {
        const permissions = member(each, 'permissions')
        expectTrue(typeof permissions === 'object' && permissions !== null, 'permissions is an object')
      }
    },
  },
]
