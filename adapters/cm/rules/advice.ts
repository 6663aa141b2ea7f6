/** What may be asked for, and whether it is there. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, list, member, type Rule } from '../../kit/rules.ts'
import { REQUESTS } from './paths.ts'
import { theProfile } from './profile.ts'

export const adviceRules: readonly Rule[] = [
  {
    name: 'restrictions tell how many numbers may be asked for, and in what ranges',
    source: 'section 9',
    async check(bench) {
      const { country, type } = await theProfile(bench)
      const path = `${REQUESTS}/restrictions?countryCode=${country}&phoneNumberType=${type}`
      const { body } = expectAnswer(await bench.get(path), { status: 200, members: { countryCode: country } })
      const { minQuantity, maxQuantity } = body as { minQuantity: number; maxQuantity: number }
      expectTrue(minQuantity >= 1 && maxQuantity >= minQuantity, `${minQuantity} to ${maxQuantity} is a range`)
      const sizes = list(body, 'allowedRangeSizes')
      expectEqual(member(body, 'rangesSupported'), sizes.length > 0, 'rangesSupported')
    },
  },
  {
    name: 'what is directly assignable is available in that quantity',
    source: 'section 9',
    async check(bench) {
      const { available, criteria } = await theProfile(bench)
      const { status, body } = await available({ ...criteria, quantity: 1 })
      expectEqual(status, 200, 'status')
      const { availableQuantity, directlyAssignable } = body as Record<string, unknown>
      expectEqual(directlyAssignable, Number(availableQuantity) >= 1, 'directlyAssignable')
      expectEqual(member(body, 'available'), Number(availableQuantity) > 0, 'available')
    },
  },
]
