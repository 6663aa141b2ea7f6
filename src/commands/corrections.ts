import type { Command } from 'commander'
import { addDocumentContent } from './export.ts'
import type { Shell } from './shell.ts'
import { addTold, listOptions, PAGE, part, queryOf, type Told } from './told.ts'
import { ofAccount } from './told-accounts.ts'
import { ofNumbers } from './told-numbers.ts'

const EVENTS = ['number', 'account', 'actor_account', 'administrator', 'kind', 'from', 'until', 'after', 'limit']

const ofDocuments: readonly Told[] = [
  {
    name: 'list',
    about: 'papers that customers handed in, newest first',
    options: [['--status <status>', 'pending, approved or rejected'], ...PAGE],
    call: (_, flags) => ['GET', `/documents${queryOf(flags, ['status', 'limit', 'offset'])}`],
  },
  ...(['approve', 'reject'] as const).map(
    (verb): Told => ({
      name: verb,
      about: `say ${verb === 'approve' ? 'yes' : 'no'} to a paper`,
      arguments: ['<id>'],
      reason: 'asked',
      call: ([id], { reason }) => ['POST', `/documents/${part(id)}/${verb}`, { reason }],
    }),
  ),
]

const ofTokens: readonly Told[] = [
  {
    name: 'list',
    about: 'named tokens, newest first, revoked ones too',
    options: PAGE,
    call: (_, flags) => ['GET', `/admin-tokens${queryOf(flags, ['limit', 'offset'])}`],
  },
  {
    name: 'create',
    about: 'make one, shown once: its name stands in every event of what is done with it',
    arguments: ['<name>'],
    reason: 'asked',
    call: ([name], { reason }) => ['POST', '/admin-tokens', { name, reason }],
  },
  {
    name: 'revoke',
    about: 'end one',
    arguments: ['<id>'],
    reason: 'asked',
    call: ([id], { reason }) => ['POST', `/admin-tokens/${part(id)}/revoke`, { reason }],
  },
]

const EVENT_COMMAND: Told = {
  name: 'events',
  about: 'what happened to numbers and accounts, and what administrators did, oldest first',
  options: listOptions(EVENTS),
  call: (_, flags) => ['GET', `/events${queryOf(flags, EVENTS)}`],
}

export function addCorrections(program: Command, accounts: Command, shell: Shell): void {
  const group = (name: string, about: string) => program.command(name).description(about)
  for (const told of ofAccount) addTold(accounts, shell, told)
  const numbers = group('number', 'look numbers up, hand them over, give them back, stop them')
  for (const told of ofNumbers) addTold(numbers, shell, told)
  const documents = group('document', 'papers that wait for a yes or a no')
  for (const told of ofDocuments) addTold(documents, shell, told)
  addDocumentContent(documents, shell)
  const tokens = group('token', 'named tokens of the admin plane')
  for (const told of ofTokens) addTold(tokens, shell, told)
  addTold(program, shell, EVENT_COMMAND)
}
