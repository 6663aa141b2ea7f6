import type { NewCall } from '../../../core/verbs.ts'
import { callerOf } from '../../support/caller.ts'
import type { Exchanges } from '../../support/exchanges.ts'
import type { TestWorld } from '../../support/world.ts'

const N = '+919876543210'
const TRUNK = '00000000-0000-4000-8000-000000000301'
const guid = (id: number) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`

const account = (id: number, handle: string, secret: string) => ({
  ...{ id, guid: guid(id), handle, name: `Account ${id}`, currency: 'INR' },
  credentials: [{ realm: 'vobiz', kind: 'key_pair' as const, public_id: handle, secret }],
})
const rich = { balances: { INR: '2000' }, release_fees: { INR: '700' } }

const buy = async (w: TestWorld, id: number) =>
  w.core.numbers.purchase(await callerOf(w, id), [N], { documents: 'allow' })
const leaseId = async (w: TestWorld) => (await w.core.numbers.leaseOf(N))?.lease.id as number

/** Guids of a part of trunks of each kind. */
const PARTS = {
  'vobiz.credential': { guid: guid(401), name: 'office', data: {} },
  'vobiz.ip-acl': { guid: guid(402), name: 'Office', data: { ip_address: '198.18.0.0/24' } },
  'vobiz.origination-uri': { guid: guid(403), name: 'Office', data: { sip_uri: 'sip:pbx.example:5060', priority: 1 } },
}

/** What is drawn: random ids, tokens, handles of new sub-accounts. */
function masked(text: string): string {
  return text
    .replace(/(?!00000000-)[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g, '{{guid}}')
    .replace(/(_token": ")[A-Za-z0-9]{40}"/g, '$1{{token}}"')
    .replace(/SA_(?!TEST0001)[A-Z0-9]{8}/g, '{{auth_id}}')
}

export const exchanges: Exchanges = {
  headers: ['content-type'],
  masked,
  world: {
    quarantine_days: { '*': 45 },
    accounts: [
      { ...account(1, 'MA_TEST0001', 'test-token'), ...rich, trunks: [{ guid: TRUNK, name: 'Main office' }] },
      { ...account(2, 'SA_TEST0001', 'sub-token'), parent: 1 },
      { ...account(3, 'MA_OTHR0001', 'other-token'), ...rich },
      { ...account(4, 'MA_IDLE0001', 'idle-token'), is_active: false },
      { ...account(5, 'MA_ADMN0001', 'admin-token'), role: 'operator' },
    ],
    numbers: [N, '+919876543211', '+918012345678', '+919200000001'].map(e164 => ({
      ...{ e164, country: 'IN', type: 'local', region: 'Karnataka', capabilities: 'voice;sms', currency: 'INR' },
      setup_price: '100',
      monthly_price: e164 === '+919200000001' ? '5000' : '300',
    })),
  },
  given: {
    owned: w => buy(w, 1),
    'owned-by-other': w => buy(w, 3),
    async 'handed-over'(w) {
      await buy(w, 1)
      await w.core.numbers.move(await callerOf(w, 1), await leaseId(w), 2)
    },
    async pending(w) {
      const mode = { kind: 'window', ms: 86_400_000, chargeFee: true } as const
      await w.core.numbers.release(await callerOf(w, 1), [await leaseId(w)], mode)
    },
    async 'on-trunk'(w) {
      const trunk = await w.core.trunks.byGuid(TRUNK)
      await w.core.numbers.configure(await callerOf(w, 1), await leaseId(w), { trunkId: trunk?.id as number })
    },
    async application(w) {
      const data = { answer_url: 'https://app.example/answer', answer_method: 'POST' }
      const made = { kind: 'vobiz.application', name: 'Reception', data, accountId: 1 }
      return (await w.core.resources.create(await callerOf(w, 1), made)).id
    },
    async attached(w) {
      const { items } = await w.core.resources.list(
        { accountIds: [1], kind: 'vobiz.application' },
        { limit: 1, offset: 0 },
      )
      await w.core.numbers.configure(await callerOf(w, 1), await leaseId(w), { handlerId: items[0]?.id as number })
    },
    async parts(w) {
      const caller = await callerOf(w, 1)
      for (const [kind, part] of Object.entries(PARTS)) await w.core.resources.create(caller, { kind, ...part })
    },
    called: ({ core }) =>
      core.calls.record({
        ...{ e164: N, direction: 'inbound', answered: true, durationSeconds: 90 },
        endedAt: Date.parse('2026-06-01T00:00:00Z'),
      }),
    calls: async ({ core }) => {
      const call = (id: number, minute: number, more: Partial<NewCall>): NewCall => ({
        ...{ e164: N, direction: 'inbound', answered: true, durationSeconds: 47, ringSeconds: 5, key: guid(id) },
        ...{ endedAt: Date.parse('2026-06-01T00:00:00Z') + minute * 60_000, other: '+442079460001', price: 450_000 },
        ...more,
      })
      await core.calls.recordAll([
        call(901, 0, {}),
        call(902, 1, { answered: false, disposition: 'busy', durationSeconds: 12, price: 0 }),
        call(903, 2, { direction: 'outbound', other: 'sip:desk, "one"@pbx.example' }),
      ])
    },
    customer: ({ core }) =>
      core.accounts.update(null, 2, {
        profile: { kyc_mode: 'customer_use', business_type: 'private_limited', email: 'c@customer.example' },
        identityNeeds: [['pan', 'gst']],
      }),
    async 'pending-test'(w) {
      const filing = { kind: 'pan', status: 'pending' as const, isTest: true, needs: [['pan', 'gst']] }
      await w.core.verifications.file(await callerOf(w, 2), filing)
    },
    // the fee costs more than is left
    poor: ({ core }) => core.accounts.update(null, 1, { releaseFee: { currency: 'INR', amount: 9_000_000_000 } }),
  },
}
