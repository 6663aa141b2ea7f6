/** Public clients, method by method. */
import { type ClientMethod, type PublicClient, sends, unwritten } from '../kit/clients.ts'

const action = (query: string) => `GET /api?Action=${query}`

const TODAY = 'StartDateTime=2026-06-01T00:00:00%2B00:00&EndDateTime=2026-06-02T00:00:00%2B00:00'

const icehook: readonly ClientMethod[] = [
  ...sends({
    'Session.create': action('SessionCreate&Username=example_ann&Password=pw'),
    'Session.destroy!': action('SessionDestroy&SessionId=s'),
    'Session#user': action('UserRead&UserId=501'),
    'Session#account': action('AccountRead&AccountId=12'),
    'Account.read': action('AccountRead&AccountId=12'),
    'Account#organizations': action('OrganizationBrowse&AccountId=12'),
    'Account#users': action('UserBrowse&AccountId=12'),
    'Account#external_addresses': action('ExternalAddressBrowse&AccountId=12'),
    'Account#user_addresses': action('UserAddressBrowse&AccountId=12'),
    'Organization.browse': action('OrganizationBrowse&AccountId=12'),
    'Organization.read': action('OrganizationRead&OrganizationId=31'),
    'Organization#add_user': action('UserAdd&OrganizationId=31'),
    'User.browse': action('UserBrowse&AccountId=12&OrderBy=UserId&Limit=100&Offset=0&CalcFound=true'),
    'User.read': action('UserRead&UserId=501'),
    'User.add': action('UserAdd&OrganizationId=31'),
    'User.delete!': action('UserDelete&UserId=502'),
    'User.edit_status': action('UserEditStatus&UserId=502&Status=disabled'),
    'User#disable!': action('UserEditStatus&UserId=502&Status=disabled'),
    'User.change_role': action('UserEditRoleSubmit&UserId=502&RoleNames%5B%5D=User'),
    'User#account': action('AccountRead&AccountId=12'),
    'User#organization': action('OrganizationRead&OrganizationId=31'),
    'User#user_addresses': action('UserAddressBrowse&UserId=501'),
    'UserAddress.browse': action('UserAddressBrowse&AccountId=12'),
    'UserAddress.read': action('UserAddressRead&Address=ann@example.onsip.com'),
    'UserAddress.add': action('UserAddressAdd&OrganizationId=31&UserId=501&Timeout=60'),
    'ExternalAddress.browse': action('ExternalAddressBrowse&AccountId=12'),
    'CDR.browse': action('CdrBrowse&AccountId=12'),
  }),
  {
    method: 'Organization.migrate_domain',
    request: action('OrganizationMigrateDomain&OrganizationId=31'),
    missing: 'a domain stays as it is',
  },
  ...unwritten('Account.edit_contact', 'Account.edit_add_credit', 'Account.edit_recharge'),
  ...unwritten('Account.invoice_read', 'Account.invoice_browse'),
  ...unwritten('Organization.add', 'Organization.edit_contact', 'Organization.edit_authenticated'),
  ...unwritten('UserAddress.edit', 'UserAddress.delete!'),
  ...unwritten('ExternalAddress.add', 'ExternalAddress.read', 'ExternalAddress.edit', 'ExternalAddress.delete!'),
]

const onsipRuby: readonly ClientMethod[] = [
  ...sends({
    'Session#authenticate': action('SessionCreate&Username=example_ann&Password=pw'),
    'Session#destroy': action('SessionDestroy&SessionId=s'),
    'Session#echo': action('Echo'),
    'User.all': action('UserBrowse&Limit=2500'),
    'User.where': action('UserBrowse&Limit=2500&AccountId=12'),
    'CallDetailRecord.today': action(`CdrBrowse&Limit=2500&${TODAY}`),
    'CallDetailRecord.last_hour': action(`CdrBrowse&Limit=2500&${TODAY}`),
    'CallDetailRecord.current_month': action('CdrBrowse&Limit=2500&Offset=0'),
    'CallDetailRecord.where': action('CdrBrowse&Limit=2500&AccountId=12'),
  }),
  {
    method: 'CallDetailRecord.last_month',
    request: action('CdrBrowse&Limit=2500&Offset=-1'),
    refused: "an `Offset` below zero is `Integer.TooSmall`; the provider's word for it is `MonthOffset`",
  },
]

export const clients: readonly PublicClient[] = [
  { name: 'onsip 0.1.6 (Ruby)', source: 'github.com/icehook/onsip', methods: icehook },
  { name: 'onsip 0.0.1 (Ruby)', source: 'github.com/brettallred/onsip_ruby', methods: onsipRuby },
]
