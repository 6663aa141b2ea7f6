import { type Operation, operation } from '../../kit/dialect.ts'
import { branch, leaf } from '../../kit/xml.ts'
import { id, parameters, protocol, quantities } from '../fields.ts'
import { DIALECT } from '../ids.ts'
import { changedSettings } from '../settings.ts'
import { user as userView } from '../views/people.ts'
import { administeredUser } from '../ways/access.ts'
import { dids } from '../ways/owners.ts'
import { answers, completed } from './result.ts'

/**
 * Numbers by quantity per exchange, the lowest free ones. A partial fill is a success and only what was filled is
 * charged. Two names in the provider's documents, one action.
 */
const request = operation({
  on: ['DidRequest', 'UserRequestDid'],
  scope: 'numbers:write',
  caller: 'required',
  ...answers('DidRequest'),
  input: parameters({ UserId: id, Protocol: protocol, NpaNxx: quantities }),
  async handle(call, input) {
    const { caller, user } = await administeredUser(call, input.UserId)
    const { currency } = caller.account
    const lines = input.NpaNxx.map(({ npaNxx, quantity }) => ({
      filter: { npaNxx, currency, documents: 'none' as const },
      quantity,
    }))
    const settings = { dialect: DIALECT, value: changedSettings(undefined, { protocol: input.Protocol }) }
    const terms = { partial: true, userId: user.id, currency, documents: 'refuse' as const, settings }
    const { owned } = await call.core.numbers.claim(caller, lines, terms)
    return completed(
      call,
      leaf(
        'Requested',
        lines.reduce((sum, line) => sum + line.quantity, 0),
      ),
      leaf('Filled', owned.length),
      branch('Dids', await dids(call, caller.account, owned)),
      await userView(call, user),
    )
  },
})

export const requestOperations: readonly Operation[] = [request]
