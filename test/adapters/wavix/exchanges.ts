import type { NewCall } from '../../../core/verbs.ts'
import { callerOf } from '../../support/caller.ts'
import type { Exchanges } from '../../support/exchanges.ts'
import { vectorWorld } from './world.ts'

const LOS_ANGELES = '+18022551119'

const told = (n: number, minute: number) => ({
  e164: LOS_ANGELES,
  key: `00000000-0000-4000-9000-00000000000${n}`,
  endedAt: Date.parse('2026-06-02T10:00:00Z') + minute * 60_000,
})
const OUT = { direction: 'outbound' } as const
const IN = { direction: 'inbound' } as const
const CALLS: NewCall[] = [
  {
    ...{ ...told(1, 0), ...OUT, answered: true, durationSeconds: 40, ringSeconds: 10 },
    ...{ other: '+33170363950', via: '32882', price: 27_000 },
  },
  { ...told(2, 1), ...OUT, answered: false, durationSeconds: 20, disposition: 'busy', other: '+4420' },
  {
    ...{ ...told(3, 2), ...IN, answered: true, durationSeconds: 66, ringSeconds: 5 },
    ...{ other: '+13524815863', via: 'Main office', price: 11_800 },
  },
  { ...told(4, 3), ...IN, answered: true, durationSeconds: 9, other: 'anonymous' },
  { ...told(5, 4), ...IN, answered: false, durationSeconds: 30, other: '+13524815863' },
]

export const exchanges: Exchanges = {
  world: vectorWorld(),
  headers: ['content-type'],
  // the login of a new trunk, the key of a new sub-account
  masked: text => text.replace(/("name": ")1\d{6}"/g, '$1{{login}}"').replace(/("api_key": ")\w{20,}"/g, '$1{{key}}"'),
  kept: 'operations',
  unreachable: [
    [/\/papers(\/:x)?$/, 'any', 'multipart and files are bytes: the vectors 20 and 21 send and fetch them'],
  ],
  given: {
    cart: async w => void (await w.core.carts.add(await callerOf(w, 12), [LOS_ANGELES], 'USD')),
    async owned(w) {
      const terms = { documents: 'allow' } as const
      const { owned } = await w.core.numbers.purchase(await callerOf(w, 12), [LOS_ANGELES], terms)
      return owned[0]?.lease.id
    },
    abroad: async w => w.core.numbers.purchase(await callerOf(w, 12), ['+541139862174'], { documents: 'allow' }),
    async emergency(w) {
      const address = {
        ...{ location: '', street_number: '550', street: 'W Adams St', city: 'Chicago' },
        ...{ state: 'IL', zip_code: '60661', zip_plus_four: '' },
      }
      const { lease } = (await w.core.numbers.leaseOf(LOS_ANGELES)) ?? {}
      const settings = { dialect: 'wavix', value: { emergency: { name: 'Office', address } } }
      await w.core.numbers.configure(await callerOf(w, 12), lease?.id as number, { settings })
    },
    async called(w) {
      await w.core.numbers.purchase(await callerOf(w, 12), [LOS_ANGELES], { documents: 'allow' })
      await w.core.calls.recordAll(CALLS)
    },
    sub: async w => (await w.core.accounts.create(await callerOf(w, 12), { name: 'Branch', parentId: 12 })).id,
  },
}
