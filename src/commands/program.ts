import { Command } from 'commander'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { packageVersion } from '../config/package-files.ts'
import { demoAccess } from '../demo.ts'
import { dialectModules } from '../dialects.ts'
import * as account from './account.ts'
import { addCorrections } from './corrections.ts'
import { migrate, seed } from './data.ts'
import { addExportCommands } from './export.ts'
import { encodingOf, type ImportFlags, importNumbers, momentOf } from './import.ts'
import { addKeepingCommands } from './keeping.ts'
import { type ReadyFlags, ready, secondsOf } from './ready.ts'
import { type ServeFlags, serve, workersOf } from './serve.ts'
import type { Shell } from './shared.ts'
import type { VerifyFlags } from './verify.ts'

const ENVIRONMENT = `
Environment:
  DATABASE_URL         sqlite:./data/didgate.db (default), sqlite::memory:, postgres://…
  DATABASE_WAIT        seconds that a start waits for the database, default 30
  DATABASE_TIMEOUT     seconds that one statement of PostgreSQL may take, default 15
  HOST, PORT           data plane, default 127.0.0.1 and 8080
  ADMIN_HOST, ADMIN_PORT, DIDGATE_ADMIN_TOKEN
                       admin plane, default 127.0.0.1 and 8081; without a token it answers this machine only
  DIALECT_PORTS        onsip:8091,… : a dialect at the root of a port of its own
  PUBLIC_URL, TRUST_PROXY
                       origin of links in answers; believe the X-Forwarded headers of a proxy
  TLS_CERT, TLS_KEY    PEM files: the data plane speaks HTTPS, and so does an admin plane that ADMIN_HOST puts on a network
  ADMIN_TLS_CERT, ADMIN_TLS_KEY
                       PEM files of the admin plane's own
  DIDGATE_MODE         double (default) or production
  DIDGATE_SEED         world that an empty database starts with, or none
  DIDGATE_KEY          encrypts stored secrets; generated beside the database in double mode. A database is opened
                       with the key it was begun with and no other
  DIDGATE_KEY_OLD      the one before, while DIDGATE_KEY is another one: all is sealed anew
  DATABASE_URL_FILE, DIDGATE_KEY_FILE, DIDGATE_KEY_OLD_FILE, DIDGATE_ADMIN_TOKEN_FILE
                       files that hold these, in place of the variable
  SESSION_TTL          seconds that an unused login lasts
  RETENTION_ENDED, RETENTION_IDEMPOTENCY, RETENTION_CALLBACKS, RETENTION_CARTS, RETENTION_IMPORTS
                       days for which what is over is kept: log-ins and holds 1, keys of requests 7, callbacks 14,
                       carts 28, imports 28
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
  program
    .command('ready')
    .description('ask the gateway that runs with these settings whether it serves: exit status 0, or 1 with the reason')
    .option('--wait <seconds>', 'ask again for so long', secondsOf, 0)
    .action((flags: ReadyFlags) => ready(shell, flags))
  addDataCommands(program, shell)
  addKeepingCommands(program, shell)
  addVerifyCommand(program, shell)
  const accounts = program.command('account').description('see, make and correct accounts')
  addAccountCommands(accounts, shell)
  addCorrections(program, accounts, shell)
  addExportCommands(program, shell)
  return program
}

const namesOf = (module: DialectModule) =>
  `  ${module.name.padEnd(10)} ${Object.keys(demoAccess(module).account).join(', ')}`

const VERIFY = `
Runs the contract cases of all dialects and the dialect's own rules against any server that claims to speak it, and
checks every answer on the way: documented status, media type, strict schema or RELAX NG grammar.

Nothing is bought or changed unless --allow-purchases is given; what is bought is given back where the dialect can.

The credentials file is JSON: {"account": {...}, "other": {...}, "stranger": {...}}
  account    the account under test; with --allow-purchases it should have some money
  other      a second account, unrelated and with little money (optional: what needs it is then not applicable)
  stranger   credentials that nobody has (optional)
Their members have the dialect's own names:
${dialectModules.map(namesOf).join('\n')}
Without a file those of the demo world are used.

Exit status: 0 everything holds, 1 a rule is broken, 2 a mistake in the call or a target that cannot be reached.

Example:
  didgate verify --dialect wavix --target http://127.0.0.1:8080/wavix
`

function addVerifyCommand(program: Command, shell: Shell): void {
  program
    .command('verify')
    .description('check a server against a dialect: contract, rules, and the shape of every answer')
    .requiredOption('--dialect <name>', 'which one the server claims to speak')
    .requiredOption('--target <base URL>', 'where it speaks it')
    .option('--credentials <file>', 'JSON, see below (default: those of the demo world)')
    .option('--only <pattern>', 'only checks whose "group: name" fits this regular expression')
    .option('--report <kind>', 'text, junit, json or markdown', 'text')
    .option('--allow-purchases', 'also what costs money or changes something', false)
    .addHelpText('after', VERIFY)
    .action(async (flags: VerifyFlags) => {
      // nothing of it is loaded by a server
      const { verifyTarget } = await import('./verify.ts')
      await verifyTarget(shell, flags)
    })
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
    .option('--dry-run', 'check everything and tell, with --owned, what will be charged and when; keep nothing', false)
    .option('--bill-from <date>', 'with --owned: charge no month that is due before this date', momentOf)
    .option('--billed-elsewhere', 'with --owned: their months are not charged here', false)
    .option('--encoding <name>', 'of the file (default: UTF-8, or what its byte order mark says)', encodingOf)
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
    .description("make a credential as the dialect's clients use it; its secret is shown once")
    .argument('<id>')
    .argument('<dialect>')
    .option('--kind <kind>', 'key, key_pair or password (default: as the dialect has it)')
    .option('--public-id <text>', 'login name or key id (default: as the dialect has it)')
    .option('--secret-stdin', 'read from the standard input (default: one is drawn)')
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
    .option('--password-stdin', 'read from the standard input (default: one is drawn)')
    .action((id: string, username: string, flags) => account.addUser(shell, id, username, flags))
}
