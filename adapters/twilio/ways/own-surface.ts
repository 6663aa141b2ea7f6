import { formatMoney } from '../../../core/ground/money.ts'
import { refuse } from '../faults.ts'
import { searchFilter } from '../fields.ts'
import { accountIdOf, accountSid, DIALECT, guidOf, numberOf, numberSid, TEST_REALM } from '../ids.ts'
import * as shape from '../schemas.ts'
import { availableView, ownedView } from '../views.ts'
import type { Surface } from './surface.ts'

const PREFIX = '/2010-04-01'

export const twilioSurface: Surface = {
  name: DIALECT,
  realm: DIALECT,
  testRealm: TEST_REALM,
  prefix: PREFIX,
  origin: 'twilio',
  types: ['local', 'toll_free', 'mobile', 'national'],
  sellsByArea: true,
  refuseWithoutNumber: () => refuse(21421, 'PhoneNumber', 'PhoneNumber or AreaCode is required'),
  numberOf,
  accountSid,
  async findAccount(core, sid) {
    const id = accountIdOf(sid)
    return id === undefined ? undefined : core.accounts.get(id)
  },
  credentialName(sent) {
    const id = accountIdOf(sent)
    return id === undefined ? { publicId: sent, isAccount: false } : { publicId: accountSid({ id }), isAccount: true }
  },
  accountPath: account => `${PREFIX}/Accounts/${accountSid(account)}`,
  numberSid,
  leaseGuidOf: sid => guidOf('PN', sid),
  money: amount => formatMoney(amount, 2),
  listExtension: extension => extension,
  searchFilter,
  available: availableView,
  owned(owned, account, extension, isMain) {
    const { type, ...rest } = ownedView(twilioSurface, owned, account, extension)
    return isMain ? { ...rest, type } : rest
  },
  shapes: { available: shape.available, owned: shape.owned, ownedOfType: shape.ownedOfType },
}
