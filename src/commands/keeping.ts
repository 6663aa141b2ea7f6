import type { Command } from 'commander'
import type { BackupFlags, RestoreFlags } from './backup.ts'
import type { DoctorFlags } from './doctor.ts'
import type { RotateKeyFlags } from './rotate-key.ts'
import type { Shell } from './shell.ts'

const BACKUP = `
The gateway may run meanwhile. The file is of one moment, is checked by opening it, and has its name only when it is
complete. It is for its owner alone, and nothing is overwritten. On PostgreSQL this tells which tools to use.

Exit status: 0 done, 1 not done, for the reason told, 2 a mistake in the call or the settings, or PostgreSQL.

Example:
  didgate backup /var/backups/didgate-2026-01-31.db
`

const RESTORE = `
Stop the gateway first: a database that somebody has open is left alone. What was there before is put aside under a
name that is told, and stays. A backup of an older version is brought to this one by the next start.

Exit status: as for backup.

Example:
  didgate restore --force /var/backups/didgate-2026-01-31.db
`

const ROTATE_KEY = `
DIDGATE_KEY is the new key, DIDGATE_KEY_OLD the one before. A gateway that is started with both does the same by itself
while it serves; this does it at once, and tells when it is done. It may be stopped at any moment and run again, and may
run beside the gateway. On a database that several gateways share, start each with both first.

Exit status: 0 all is sealed with DIDGATE_KEY, 1 not all, 2 a mistake in the settings.
`

const DOCTOR = `
Looks at everything that a gateway with these settings needs, and changes nothing. The gateway may run meanwhile, or not.

Exit status: 0 all is well, 1 something wants attention, 2 something is broken.
`

/** What keeps the data. Each is loaded when it is asked for: nothing of it is for a server. */
export function addKeepingCommands(program: Command, shell: Shell): void {
  program
    .command('backup')
    .description('copy the database on SQLite into a file, while it is in use')
    .argument('<file>', 'a new one')
    .option('--with-key', 'copy the key file too, to <file>.key', false)
    .option('--invariants', 'check them however many numbers there are', false)
    .option('--json', 'as JSON', false)
    .addHelpText('after', BACKUP)
    .action(async (file: string, flags: BackupFlags) =>
      (await import('./backup.ts')).backupDatabase(shell, file, flags),
    )
  program
    .command('restore')
    .description('put a backup in place of the database on SQLite')
    .argument('<file>', 'made by didgate backup')
    .option('--force', 'put a database that is there aside', false)
    .option('--key <file>', 'key file that fits the backup, where it is not the one in use here')
    .option('--invariants', 'check them however many numbers there are', false)
    .option('--json', 'as JSON', false)
    .addHelpText('after', RESTORE)
    .action(async (file: string, flags: RestoreFlags) =>
      (await import('./backup.ts')).restoreDatabase(shell, file, flags),
    )
  program
    .command('rotate-key')
    .description('seal with DIDGATE_KEY all that DIDGATE_KEY_OLD sealed')
    .option('--json', 'as JSON', false)
    .addHelpText('after', ROTATE_KEY)
    .action(async (flags: RotateKeyFlags) => (await import('./rotate-key.ts')).rotateKey(shell, flags))
  program
    .command('doctor')
    .description('look at settings, database, disk, clock, key and callbacks')
    .option('--invariants', 'check them however many numbers there are', false)
    .option('--json', 'as JSON', false)
    .addHelpText('after', DOCTOR)
    .action(async (flags: DoctorFlags) => (await import('./doctor.ts')).doctor(shell, flags))
}
