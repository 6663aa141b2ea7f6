/** Where calls may go. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { act, completed, type Parameters, RESULT, requestError } from './act.ts'
import { bought, me } from './orders.ts'

/** A number that leads to an address made for it. */
async function led(bench: RuleBench) {
  const { UserId = '', OrganizationId = '', Domain = '' } = await me(bench)
  const { e164, did } = await bought(bench)
  const Username = e164.slice(1)
  completed(
    await act(bench, 'TelephoneNumberAddressAdd', { OrganizationId, Username, Domain, Name: '' }),
    'TelephoneNumberAddressAdd',
  )
  const Address = `${Username}@${Domain}`
  const edit = (Destination: string) =>
    act(bench, 'DidEdit', {
      DidId: String(did.DidId),
      UserId,
      Destination,
      CallerIdNumberRequired: 'false',
    } as Parameters)
  completed(await edit(Address), 'DidEdit')
  const shown = async () => {
    const { body } = completed(await act(bench, 'DidRead', { DidId: String(did.DidId) }), 'DidRead')
    return member(body, `${RESULT}.DidRead.Did.Destination`)
  }
  return { Address, Domain, edit, shown }
}

export const destinationRules: readonly Rule[] = [
  {
    name: 'an address that is deleted is no destination any more',
    source: 'section 5: a destination is an address hosted in the account',
    changes: true,
    async check(bench) {
      const { Address, edit, shown } = await led(bench)
      expectEqual(await shown(), Address, 'Destination')
      completed(await act(bench, 'TelephoneNumberAddressDelete', { Address }), 'TelephoneNumberAddressDelete')
      expectTrue((await shown()) !== Address, `${Address} is not shown as Destination`)
      expectAnswer(await edit(Address), requestError('Destination', 'Address.Unrecognized'))
    },
  },
  {
    name: 'the old name of a renamed address is no destination',
    source: 'section 5: a destination is an address hosted in the account',
    changes: true,
    async check(bench) {
      const { Address, Domain, shown } = await led(bench)
      const Username = `${Address.split('@', 1)[0]}9`
      const action = 'TelephoneNumberAddressEdit'
      completed(await act(bench, action, { Address, Username }), action)
      expectTrue((await shown()) !== Address, `${Address} is not shown as Destination`)
      await act(bench, 'TelephoneNumberAddressDelete', { Address: `${Username}@${Domain}` })
    },
  },
]
