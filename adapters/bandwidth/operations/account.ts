import { type Operation, operation } from '../../kit/dialect.ts'
import { statusFaults } from '../faults.ts'
import { accountIdOf } from '../ids.ts'
import { TIER } from '../views/orders.ts'
import { doc, each, el } from '../wire/nodes.ts'
import { ACCOUNT, common, errors } from './common.ts'

const ROOT = 'AccountResponse'

const account = operation({
  ...common,
  on: `GET ${ACCOUNT}`,
  scope: 'account:read',
  answers: { 200: ROOT, ...errors(ROOT) },
  faults: statusFaults(ROOT),
  async handle({ caller }) {
    const { email } = caller.account.profile
    return {
      body: doc(
        ROOT,
        doc(
          'Account',
          el('AccountId', accountIdOf(caller.account)),
          el('CompanyName', caller.account.name),
          el('AccountType', 'Business'),
          doc('Tiers', ...each('Tier', [TIER])),
          typeof email === 'string' && email !== '' ? doc('Contact', el('Email', email)) : undefined,
        ),
      ),
    }
  },
})

export const accountOperations: readonly Operation[] = [account]
