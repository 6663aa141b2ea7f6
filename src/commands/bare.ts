import { Command } from 'commander'
import { packageVersion } from '../config/package-files.ts'
import type { Shell } from './shell.ts'

/** The binary before it has a command. */
export const createBare = (shell: Shell): Command =>
  new Command('didgate')
    .description('A compatibility gateway for phone numbers')
    .version(packageVersion())
    .configureOutput({ writeOut: shell.out, writeErr: shell.err })
    .exitOverride()
