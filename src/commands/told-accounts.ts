/** What operators look up, put right and take away at an account. */
import { listOptions, numberOf, OVERLAP, PAGE, part, queryOf, type Told } from './told.ts'

const MONEY = ['currency', 'kind', 'direction', 'from', 'until', 'note', 'limit', 'offset']

/** `account` is asked for with each, so that a mistyped id of another account's is no accident. */
export const ofAccount: readonly Told[] = [
  {
    name: 'show',
    about: 'one account with its balances',
    arguments: ['<id>'],
    call: ([id]) => ['GET', `/accounts/${part(id)}`],
  },
  {
    name: 'ledger',
    about: 'what an account was charged and paid, newest first',
    arguments: ['<id>'],
    options: listOptions(MONEY),
    call: ([id], flags) => ['GET', `/accounts/${part(id)}/transactions${queryOf(flags, MONEY)}`],
  },
  {
    name: 'correct',
    about: 'set an account right by a signed amount, which the customer sees with the reason: a top-up is taken back',
    arguments: ['<id>', '<amount>'],
    options: [['--currency <code>', 'default: its primary currency']],
    reason: 'asked',
    call: ([id, amount], { currency, reason }) => [
      'POST',
      `/accounts/${part(id)}/corrections`,
      { currency, amount, note: reason },
    ],
  },
  {
    name: 'refund',
    about: 'give a charge back, once: a purchase, a renewal or a release fee, by its id in the ledger',
    arguments: ['<id>', '<transaction>'],
    options: [
      ['--amount <amount>', 'default: all of it'],
      ['--note <text>', 'for the customer'],
    ],
    reason: 'asked',
    call: ([id, transaction], { amount, note, reason }) => [
      'POST',
      `/accounts/${part(id)}/refunds`,
      { transaction_id: numberOf('transaction', transaction), amount, note, reason },
    ],
  },
  {
    name: 'credentials',
    about: 'who may act for an account',
    arguments: ['<id>'],
    call: ([id]) => ['GET', `/accounts/${part(id)}/credentials`],
  },
  {
    name: 'rotate',
    about: 'give a credential another secret, shown once; what was issued from the old one ends with it',
    arguments: ['<id>', '<credential>'],
    options: [OVERLAP],
    reason: 'welcome',
    secret: 'secret',
    call: ([id, credential], { overlap, reason }, secret) => [
      'POST',
      `/accounts/${part(id)}/credentials/${part(credential)}/rotate`,
      { secret, overlap_seconds: numberOf('--overlap', overlap), reason },
    ],
  },
  {
    name: 'revoke',
    about: 'end a credential and what was issued from it',
    arguments: ['<id>', '<credential>'],
    reason: 'welcome',
    call: ([id, credential], flags) => [
      'DELETE',
      `/accounts/${part(id)}/credentials/${part(credential)}${queryOf(flags, ['reason'])}`,
    ],
  },
  {
    name: 'users',
    about: 'the users of an account',
    arguments: ['<id>'],
    options: PAGE,
    call: ([id], flags) => ['GET', `/accounts/${part(id)}/users${queryOf(flags, ['limit', 'offset'])}`],
  },
  {
    name: 'password',
    about: "set a user's password, shown once; its sessions end, unless the former one holds beside it",
    arguments: ['<id>', '<user>'],
    options: [OVERLAP],
    reason: 'welcome',
    secret: 'password',
    call: ([id, user], { overlap, reason }, password) => [
      'POST',
      `/accounts/${part(id)}/users/${part(user)}/password`,
      { password, overlap_seconds: numberOf('--overlap', overlap), reason },
    ],
  },
  ...(['enable', 'disable'] as const).map(
    (verb): Told => ({
      name: `${verb}-user`,
      about: verb === 'enable' ? 'let a user in again' : 'let a user in no more; its sessions end',
      arguments: ['<id>', '<user>'],
      reason: 'welcome',
      call: ([id, user], { reason }) => [
        'PATCH',
        `/accounts/${part(id)}/users/${part(user)}`,
        { is_enabled: verb === 'enable', reason },
      ],
    }),
  ),
  {
    name: 'sessions',
    about: "list the sessions of an account's users",
    arguments: ['<id>'],
    options: PAGE,
    call: ([id], flags) => ['GET', `/accounts/${part(id)}/sessions${queryOf(flags, ['limit', 'offset'])}`],
  },
  {
    name: 'end-session',
    about: 'end one of them',
    arguments: ['<id>', '<session>'],
    reason: 'welcome',
    call: ([id, session], flags) => [
      'DELETE',
      `/accounts/${part(id)}/sessions/${part(session)}${queryOf(flags, ['reason'])}`,
    ],
  },
  {
    name: 'end-sessions',
    about: 'end all sessions of an account, or of one of its users',
    arguments: ['<id>'],
    options: [['--user <id>', 'of this one alone']],
    reason: 'asked',
    call: ([id], flags) => {
      const whose = typeof flags.user === 'string' ? `/users/${part(flags.user)}` : ''
      return ['DELETE', `/accounts/${part(id)}${whose}/sessions${queryOf(flags, ['reason'])}`]
    },
  },
]
