import { insistOnDatabase } from '../../core/store/inspect.ts'
import type { Config } from '../config/config.ts'
import { dialectModules } from '../dialects.ts'
import { redactText } from '../logs/redact.ts'
import { type Database, openDatabase } from '../process/database.ts'
import { checkedConfig, type Shell } from './shell.ts'

export const configOf = (shell: Shell, serving: boolean): Config =>
  checkedConfig(shell, { dialects: dialectModules.map(({ name }) => name), serving })

/** As `withDatabase`, where it is there: settings that were not loaded, or are wrong, make no new one unseen. */
export async function withPresentDatabase<T>(
  shell: Shell,
  config: Config,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { databaseUrl } = config
  if (databaseUrl.startsWith('sqlite:')) insistOnDatabase(databaseUrl.slice('sqlite:'.length))
  return withDatabase(shell, config, work)
}

export async function withDatabase<T>(
  shell: Shell,
  config: Config,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config, sentence => shell.err(`didgate: ${redactText(sentence)}\n`))
  try {
    return await work(database)
  } finally {
    await database.store.close()
  }
}
