/** What is written is kept and shown. */
import { expectTrue } from '../../kit/expect.ts'
import { expectAnswer, list, member, type Rule } from '../../kit/rules.ts'

const TRUNKS = '/Account/:me/trunks'
const APPLICATIONS = '/Account/:me/Application/'

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
    name: 'an application is made with its URLs, changed by POST in part, and gone once it is deleted',
    source: "the provider's page on creating an application, 2026",
    changes: true,
    async check({ ask, get }) {
      const body = { app_name: 'Checked', answer_url: 'https://app.example/answer', answer_method: 'GET' }
      const made = await ask({ method: 'POST', path: APPLICATIONS, body })
      expectTrue(made.status < 300, `an application is made, status ${made.status}`)
      const path = `${APPLICATIONS}${member(made.body, 'app_id')}/`
      await ask({ method: 'POST', path, body: { app_name: 'Changed' } })
      const members = { app_name: 'Changed', answer_url: body.answer_url, hangup_url: body.answer_url }
      expectAnswer(await get(path), { status: 200, members })
      await ask({ method: 'DELETE', path })
      expectAnswer(await get(path), { status: 404 })
    },
  },
  {
    name: 'the password of a credential is never shown',
    source: "the provider's skill file on trunks, 2026",
    changes: true,
    async check({ ask, get }) {
      const body = { username: 'checked', password: 'S3cure-Pass' }
      const made = await ask({ method: 'POST', path: '/Account/:me/credentials', body })
      expectTrue(made.status < 300, `a credential is made, status ${made.status}`)
      const listed = await get(`${TRUNKS}/credentials`)
      const text = JSON.stringify(listed.body)
      expectTrue(text.includes(body.username), 'the list has the credential')
      expectTrue(!text.includes(body.password), 'the list does not have the password')
      await ask({ method: 'DELETE', path: `/Account/:me/credentials/${member(made.body, 'id')}` })
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
