/** What operators look up, hand over and stop. */
import { listOptions, numberOf, part, queryOf, type Told } from './told.ts'

const NUMBERS = [
  ...[
    'state',
    'account',
    'country',
    'type',
    'area_code',
    'npa_nxx',
    'region',
    'city',
    'city_id',
    'rate_center',
    'lata',
  ],
  ...['postal_code', 'capabilities', 'without', 'currency', 'setup_price', 'monthly_price', 'documents', 'channels'],
  ...[
    'user',
    'organization',
    'label',
    'trunk',
    'owned_from',
    'owned_before',
    'starts',
    'contains',
    'ends',
    'latitude',
    'longitude',
    'miles',
  ],
  ...['after', 'limit', 'offset'],
]

export const ofNumbers: readonly Told[] = [
  {
    name: 'find',
    about: 'numbers by every filter, in whatever state and whosoever they are',
    options: listOptions(NUMBERS),
    call: (_, flags) => ['GET', `/numbers${queryOf(flags, NUMBERS)}`],
  },
  {
    name: 'show',
    about: 'a number, who owns it, and what happened to it',
    arguments: ['<e164>'],
    call: ([e164]) => ['GET', `/numbers/${part(e164)}`],
  },
  {
    name: 'move',
    about: 'hand a number over to any account: an owned one, or one from the shelf or at rest',
    arguments: ['<e164>', '<account>'],
    options: [
      ['--charge', 'the new owner pays as any buyer does (default: it goes on as it was paid)'],
      ['--user <id>', 'whose it is shown to be'],
      ['--force', 'whatever its last call says'],
    ],
    reason: 'asked',
    call: ([e164, account], { charge = false, force = false, user, reason }) => [
      'POST',
      `/numbers/${part(e164)}/hand-over`,
      { account_id: numberOf('account', account), user_id: numberOf('--user', user), charge, force, reason },
    ],
  },
  {
    name: 'release',
    about: 'give a number back for its owner, at no fee',
    arguments: ['<e164>'],
    options: [['--at-period-end', 'when the paid period ends (default: at once)']],
    reason: 'asked',
    call: ([e164], { atPeriodEnd, reason }) => [
      'POST',
      `/numbers/${part(e164)}/release`,
      { when: atPeriodEnd ? 'period_end' : 'now', reason },
    ],
  },
  ...(['block', 'unblock', 'retire'] as const).map(
    (verb): Told => ({
      name: verb,
      about: {
        block: 'stop a number: it is neither sold nor in service',
        unblock: 'let it go on',
        retire: 'take it out for ever',
      }[verb],
      arguments: ['<e164>'],
      reason: 'asked',
      call: ([e164], { reason }) => ['POST', `/numbers/${part(e164)}/${verb}`, { reason }],
    }),
  ),
]
