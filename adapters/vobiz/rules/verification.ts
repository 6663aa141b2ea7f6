/** Who stands behind a sub-account. */
import { expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const SOURCE = "the provider's pages on KYC of sub-accounts and its skill file, 2026"

/** A customer of its own for the length of a rule. */
async function withCustomer(bench: RuleBench, work: (sub: string) => Promise<void>): Promise<void> {
  const body = {
    ...{ name: 'Checked', email: 'checked@customer.example' },
    ...{ kyc_mode: 'customer_use', business_type: 'private_limited' },
  }
  const path = `/accounts/${bench.credentials('account').authId}/sub-accounts/`
  const made = await bench.ask({ method: 'POST', path, body })
  expectTrue(made.status < 300, `a sub-account is made, status ${made.status}`)
  const sub = String(member(made.body, 'auth_credentials.auth_id'))
  try {
    await work(sub)
  } finally {
    await bench.ask({ method: 'DELETE', path: path + sub })
  }
}

export const verificationRules: readonly Rule[] = [
  {
    name: 'a new customer has verified nothing and may not call',
    source: SOURCE,
    changes: true,
    check: bench =>
      withCustomer(bench, async sub => {
        const none = { pan: 'not_started', gst: 'not_started', aadhaar: 'not_started', cin: 'not_started' }
        expectAnswer(await bench.get(`/sub-accounts/${sub}/kyc/status`), {
          status: 200,
          members: {
            ...{ sub_account_id: sub, kyc_mode: 'customer_use', business_type: 'private_limited' },
            ...{ overall_status: 'not_started', kyc_calls_blocked: true },
            ...Object.fromEntries(Object.entries(none).map(([kind, state]) => [`verifications.${kind}`, state])),
          },
        })
      }),
  },
  {
    name: 'a PAN of another length is refused with 400',
    source: SOURCE,
    changes: true,
    check: bench =>
      withCustomer(bench, async sub => {
        const path = `/sub-accounts/${sub}/kyc/verify-pan`
        const answer = await bench.ask({ method: 'POST', path, body: { pan: 'ABCDE' } })
        expectAnswer(answer, { status: 400, members: { error: /\w/ } })
      }),
  },
  {
    name: 'the words of the test mode verify a company by its PAN and GSTIN, and one that fails blocks it',
    source: SOURCE,
    changes: true,
    check: bench =>
      withCustomer(bench, async sub => {
        const send = (path: string, body: object) =>
          bench.ask({ method: 'POST', path: `/sub-accounts/test/${sub}/kyc/${path}`, body })
        const step = (verification_type: string, status: string) => ({
          status: 200,
          members: { verification_type, status, mock: true },
        })
        expectAnswer(await send('verify-pan', { pan: 'TESTSUCCESS0001' }), step('pan', 'verified'))
        expectAnswer(await send('verify-gst', { gstin: 'TESTPENDING001GST' }), step('gst', 'pending'))
        const end = { verification_type: 'gst', outcome: 'verified' }
        expectAnswer(await send('finalize-pending', end), step('gst', 'verified'))
        const status = `/sub-accounts/${sub}/kyc/status`
        const known = { overall_status: 'verified', kyc_calls_blocked: false }
        expectAnswer(await bench.get(status), { status: 200, members: known })
        expectAnswer(await send('verify-gst', { gstin: 'TESTFAIL0001GST' }), step('gst', 'failed'))
        const unknown = { overall_status: 'failed', kyc_calls_blocked: true }
        expectAnswer(await bench.get(status), { status: 200, members: unknown })
      }),
  },
]
