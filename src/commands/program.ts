import { Command } from 'commander'
import { packageVersion } from '../package-files.ts'
import * as account from './account.ts'
import { type ImportFlags, importNumbers, migrate, seed } from './data.ts'
import { type ServeFlags, serve, workersOf } from './serve.ts'
import type { Shell } from './shared.ts'

const ENVIRONMENT = `
Environment:
  DATABASE_URL         sqlite:./data/didgate.db (default), sqlite::memory:, postgres://…
  HOST, PORT           data plane, default 127.0.0.1 and 8080
  ADMIN_HOST, ADMIN_PORT, DIDGATE_ADMIN_TOKEN
                       admin plane, default 127.0.0.1 and 8081; without a token it answers this machine only
  DIALECT_PORTS        onsip:8091,… : a dialect at the root of a port of its own
  PUBLIC_URL, TRUST_PROXY
                       origin of links in answers; believe the X-Forwarded headers of a proxy
  TLS_CERT, TLS_KEY    PEM files: the data plane speaks HTTPS
  DIDGATE_MODE         double (default) or production
  DIDGATE_SEED         world that an empty database starts with, or none
  DIDGATE_KEY          encrypts stored secrets; generated beside the database in double mode
  SESSION_TTL          seconds that an unused login lasts
  LOG_LEVEL            fatal, error, warn, info (default), debug, trace, silent
`

/** Every command of the binary; the work is done elsewhere. */
export function createProgram(shell: Shell): Command {
  const program = new Command('didgate')
    .description('A compatibility gateway for phone numbers')
    .version(packageVersion())
    .configureOutput({ writeOut: shell.out, writeErr: shell.err })
    .exitOverride()
  program.addHelpText('after', ENVIRONMENT)
  program
    .command('serve')
    .description('serve all dialects; migrates, and seeds an empty database')
    .option('--workers <n>', 'processes that answer the data plane', workersOf, 1)
    .addHelpText('after', ENVIRONMENT)
    .action((flags: ServeFlags) => serve(shell, flags))
  addDataCommands(program, shell)
  addAccountCommands(program.command('account').description('see and make accounts'), shell)
  return program
}

function addDataCommands(program: Command, shell: Shell): void {
  program
    .command('migrate')
    .description('bring the database to this version')
    .action(() => migrate(shell))
  program
    .command('seed')
    .description('load a world (a folder with world.json, or one such file) into an empty database')
    .argument('<file>', 'the world')
    .action((file: string) => seed(shell, file))
  program
    .command('import')
    .description('import numbers from CSV; a file with a bad line is refused whole')
    .argument('<file>', 'CSV file with a header')
    .option('--owned', 'the numbers belong to accounts already: account_id,user_id,activated_at,paid_until', false)
    .option('--keep-good', 'leave bad lines out and import the others', false)
    .action((file: string, flags: ImportFlags) => importNumbers(shell, file, flags))
}

function addAccountCommands(group: Command, shell: Shell): void {
  group
    .command('list')
    .description('all accounts')
    .option('--json', 'as JSON')
    .action(flags => account.listAccounts(shell, flags))
  group
    .command('create')
    .description('make an account')
    .argument('<name>')
    .option('--currency <code>', 'primary currency (default: USD, or that of the parent)')
    .option('--parent <id>', 'account above, which pays')
    .option('--operator', 'may act on every account')
    .action((name: string, flags) => account.createAccount(shell, name, flags))
  group
    .command('topup')
    .description('credit an account')
    .argument('<id>')
    .argument('<amount>', 'such as 25.00')
    .option('--currency <code>', 'default: its primary currency')
    .option('--note <text>')
    .action((id: string, amount: string, flags) => account.topUp(shell, id, amount, flags))
  addAccessCommands(group, shell)
}

function addAccessCommands(group: Command, shell: Shell): void {
  group
    .command('credential')
    .description('make a credential; its secret is shown once')
    .argument('<id>')
    .argument('<dialect>')
    .option('--kind <kind>', 'key (default), key_pair or password')
    .option('--public-id <text>', 'login name or key id')
    .option('--secret <text>', 'default: one is drawn')
    .option('--user <id>', 'user it belongs to')
    .option('--role <role>', 'operator, account_admin, organization_admin or user')
    .option('--scope <name...>', 'restrict it')
    .option('--name <text>')
    .action((id: string, realm: string, flags) => account.addCredential(shell, id, realm, flags))
  group
    .command('organization')
    .description('make an organization, which is one SIP domain')
    .argument('<id>')
    .argument('<domain>')
    .action((id: string, domain: string) => account.addOrganization(shell, id, domain))
  group
    .command('user')
    .description('make a user in the default organization; the passwords are shown once')
    .argument('<id>')
    .argument('<username>', 'local part of the SIP address')
    .option('--auth-username <name>', 'login name (default: the user name)')
    .option('--role <role>', 'account_admin, organization_admin, user (default) or operator')
    .option('--password <text>', 'default: one is drawn')
    .action((id: string, username: string, flags) => account.addUser(shell, id, username, flags))
}
