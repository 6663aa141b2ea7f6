import { type Inspection, inspect } from '../../core/store/inspect.ts'
import { problemsOf } from '../../core/store/sqlite-file.ts'
import type { Config, Environment } from '../config/config.ts'
import { readConfig } from '../config/config.ts'
import { dialectModules } from '../dialects.ts'
import { withHelp } from '../process/database-words.ts'
import { judgeCallbacks, judgeClock, judgeInvariants, judgeKey, judgeSchema } from './database.ts'
import { broken, type Finding, find, ok, unknown, type Verdict } from './finding.ts'
import { judgeDisk, judgeFiles, judgeGateway } from './machine.ts'

const dialects = dialectModules.map(({ name }) => name)

/** All that is looked at, in this order, whatever is found: `always` checks the invariants of any number of numbers. */
export async function examine(env: Environment, always: boolean, wall: () => number = Date.now): Promise<Finding[]> {
  const { config, problems } = readConfig(env, { dialects, serving: true })
  const settings: Finding = {
    check: 'settings',
    // as a start says them: they repeat no secret, and name variables that a redaction takes for some
    ...(config ? ok(`${config.mode} mode, nothing is wrong with them`) : broken(problems.join('; '))),
  }
  // the data can be looked at, whatever is wrong with ports and tokens
  const usable = config ?? ofDatabaseOnly(env)
  const gateway = await find('gateway', () =>
    config ? judgeGateway(config) : unknown('not looked at: the settings are wrong'),
  )
  return [settings, gateway, ...(usable ? await examineData(usable, always, wall) : skipped('the settings are wrong'))]
}

const NAMES = ['DATABASE_URL', 'DIDGATE_KEY', 'DIDGATE_KEY_OLD'].flatMap(name => [name, `${name}_FILE`])

function ofDatabaseOnly(env: Environment): Config | undefined {
  const given = Object.fromEntries([...NAMES, 'DATABASE_TIMEOUT'].map(name => [name, env[name]]))
  return readConfig(given, { dialects, serving: false }).config
}

const OF_DATA = ['database', 'schema', 'disk', 'files', 'key', 'clock', 'callbacks', 'invariants'] as const

function skipped(why: string, names: readonly string[] = OF_DATA): Finding[] {
  return names.map(check => ({ check, ...unknown(`not looked at: ${why}`) }))
}

async function examineData(config: Config, always: boolean, wall: () => number): Promise<Finding[]> {
  if (config.databaseUrl === 'sqlite::memory:') return skipped('the database is in the memory of the gateway')
  const opened = await open(config)
  if ('health' in opened) return [opened, ...skipped('the database does not open', OF_DATA.slice(1))]
  const { database, state } = opened
  const path = database.engine === 'sqlite' ? config.databaseUrl.slice('sqlite:'.length) : undefined
  const isOurs = state.missing.length === 0 && state.newer === undefined
  /** What asks for tables of this version. */
  const later = (check: string, look: () => Promise<Verdict>) =>
    find(check, () => (isOurs ? look() : unknown('not looked at: the database is of another version')))
  try {
    return [
      await find('database', () => ok(`${database.engine} answers`)),
      await find('schema', () => judgeSchema(state)),
      await find('disk', () => judgeDisk(database, path)),
      await find('files', () => (path === undefined ? ok('none here') : judgeFiles(path, config))),
      await find('key', () => judgeKey(database, config)),
      await later('clock', () => judgeClock(database, config, wall)),
      await later('callbacks', () => judgeCallbacks(database, wall())),
      await later('invariants', () => judgeContents(database, path, always)),
    ]
  } finally {
    await database.close()
  }
}

async function open(config: Config) {
  let database: Inspection | undefined
  try {
    database = await inspect(config.databaseUrl, { statementMs: config.databaseTimeoutMs })
    return { database, state: await database.schema() }
  } catch (error) {
    await database?.close()
    return await find('database', () => broken((withHelp(error, config.databaseUrl) as Error).message))
  }
}

/** A file that is damaged may still answer some questions. */
async function judgeContents(database: Inspection, path: string | undefined, always: boolean): Promise<Verdict> {
  const verdict = await judgeInvariants(database, always)
  if (path === undefined || verdict.health !== 'ok') return verdict
  const problems = problemsOf(path)
  return problems.length === 0 ? ok(`${verdict.says}; the file is whole`) : broken(problems.join('; '))
}
