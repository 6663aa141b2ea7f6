import type { Command } from 'commander'
import * as account from './account.ts'
import { createBare } from './bare.ts'
import { addCorrections } from './corrections.ts'
import { migrate, seed } from './data.ts'
import { addExportCommands } from './export.ts'
import { ENVIRONMENT, VERIFY } from './help-texts.ts'
import { encodingOf, type ImportFlags, importNumbers, momentOf } from './import.ts'
import { addKeepingCommands } from './keeping.ts'
import { addReady } from './ready.ts'
import { type ServeFlags, serve, workersOf } from './serve.ts'
import type { Shell } from './shell.ts'
import type { VerifyFlags } from './verify.ts'

/** Every command of the binary; the work is done elsewhere. */
export function createProgram(shell: Shell): Command {
  const program = createBare(shell)
  program.addHelpText('after', ENVIRONMENT)
  program
    .command('serve')
    .description('serve all dialects; migrates, and seeds an empty database')
    .option('--workers <n>', 'processes that answer the data plane', workersOf, 1)
    .addHelpText('after', ENVIRONMENT)
    .action((flags: ServeFlags) => serve(shell, flags))
  addReady(program, shell)
  addDataCommands(program, shell)
  addKeepingCommands(program, shell)
  addVerifyCommand(program, shell)
  const accounts = program.command('account').description('see, make and correct accounts')
  addAccountCommands(accounts, shell)
  addCorrections(program, accounts, shell)
  addExportCommands(program, shell)
  return program
}

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
