import { createLog } from '../logs/log.ts'
import { loadInto } from '../worlds/first-world.ts'
import { configOf, withDatabase } from './shared.ts'
import type { Shell } from './shell.ts'

export async function migrate(shell: Shell): Promise<void> {
  await withDatabase(shell, configOf(shell, false), async () => {})
  shell.out('the database is up to date\n')
}

export async function seed(shell: Shell, file: string): Promise<void> {
  const config = configOf(shell, false)
  await withDatabase(shell, config, async database => {
    const world = { ...database, seed: file, mode: config.mode, log: createLog('warn') }
    await loadInto(world, file)
    const { total } = await database.core.accounts.list({}, { limit: 1, offset: 0 })
    shell.out(`loaded ${file}: ${total} accounts, ${await database.core.inventory.count({})} numbers to buy\n`)
  })
}
