import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Core } from '../../core/verbs.ts'
import type { Mode } from '../config/config.ts'
import type { Log } from '../logs/log.ts'
import type { Database } from '../process/database.ts'
import { loadWorld } from './seed.ts'
import type { World } from './world-file.ts'

// Loading a world is many write units, and several processes may start on one empty database. Two marks in the audit
// log tell who loads, and whether it came to its end: a process killed half-way leaves the first mark alone.
const LOADING = 'world.loading'
const LOADED = 'world.loaded'

/** No progress for so long: whoever loaded is gone. On SQLite that is a crash of this very program. */
const PATIENCE_MS = { sqlite: 3_000, postgres: 20_000 }
const POLL_MS = 250

export interface FirstWorld extends Pick<Database, 'store' | 'core'> {
  seed: string | undefined
  mode: Mode
  log: Log
  patienceMs?: number
}

type State = 'empty' | 'loading' | 'settled'

async function stateOf(core: Core): Promise<State> {
  const [loading, loaded] = await Promise.all([marked(core, LOADING), marked(core, LOADED)])
  if (loaded) return 'settled'
  if (loading) return 'loading'
  const accounts = await core.accounts.list({}, { limit: 1, offset: 0 })
  const events = await core.numbers.events({ limit: 1 })
  return accounts.total === 0 && events.length === 0 ? 'empty' : 'settled'
}

async function marked(core: Core, action: string): Promise<string | undefined> {
  const [first] = await core.audit.list({ action, limit: 1 })
  return first?.subject
}

/** Fill an empty database with the seed, once, whoever else starts at the same time. */
export async function ensureWorld(world: FirstWorld): Promise<void> {
  if (world.seed === undefined) return
  const state = await stateOf(world.core)
  if (state === 'empty') await load(world, world.seed)
  if (state === 'loading') await waitFor(world)
}

/** A database that begins anew with this, be it nothing: no later start fills it again. */
export async function beginWith({ core }: Pick<Database, 'core'>, seed: string | World | undefined): Promise<void> {
  if (seed !== undefined) await loadWorld(core, seed)
  const subject = seed === undefined ? 'none' : typeof seed === 'string' ? seed : 'world'
  await core.audit.record(null, { accountId: null, action: LOADED, subject })
}

/** Load this world or say why not. For an operator who asks for it. */
export async function loadInto(world: FirstWorld, seed: string): Promise<void> {
  if ((await stateOf(world.core)) !== 'empty') throw new Error('the database is not empty: a world needs a fresh one')
  await load(world, seed)
}

async function load(world: FirstWorld, seed: string): Promise<void> {
  const { core, store, mode, log } = world
  if (mode === 'production') await refuseDemoSecrets(seed)
  const mine = core.random.guid()
  await core.audit.record(null, { accountId: null, action: LOADING, subject: mine })
  if ((await marked(core, LOADING)) !== mine) return waitFor(world)
  try {
    await loadWorld(core, seed)
  } catch (error) {
    // it was empty a moment ago, and is to be so again: half a world is none
    await store.empty()
    throw error
  }
  await core.audit.record(null, { accountId: null, action: LOADED, subject: seed })
  log.info({ seed }, 'world loaded')
}

async function refuseDemoSecrets(seed: string): Promise<void> {
  const isFolder = (await stat(seed)).isDirectory()
  const text = await readFile(isFolder ? join(seed, 'world.json') : seed, 'utf8')
  if (/"(secret|\w*password)"\s*:\s*"demo-/i.test(text)) {
    throw new Error(`${seed} has demo secrets, which are public: production needs its own`)
  }
}

async function waitFor(world: FirstWorld): Promise<void> {
  const { core, store, log, patienceMs = PATIENCE_MS[store.engine.name] } = world
  log.info('waiting for another process that loads the world')
  let seen = await progressOf(world)
  for (let still = 0; still < patienceMs; still += POLL_MS) {
    await sleep(POLL_MS)
    if ((await stateOf(core)) !== 'loading') return
    const now = await progressOf(world)
    if (now !== seen) still = 0
    seen = now
  }
  await startOver(world)
}

/** Accounts, then staged lines of the numbers, then numbers. */
async function progressOf({ core, store }: FirstWorld): Promise<string> {
  const accounts = await core.accounts.list({}, { limit: 1, offset: 0 })
  const staged = await store.read(db =>
    db
      .selectFrom('import_rows')
      .select(['import_id', 'line'])
      .orderBy('import_id', 'desc')
      .orderBy('line', 'desc')
      .limit(1)
      .execute(),
  )
  return `${accounts.total} ${staged[0]?.line ?? 0} ${await core.inventory.count({})}`
}

async function startOver(world: FirstWorld): Promise<void> {
  if (world.mode === 'production') {
    throw new Error('a world was loaded only in part: restore the database, or start with an empty one')
  }
  world.log.warn('a world was loaded only in part; starting over')
  await world.store.empty()
  await ensureWorld(world)
}

const DEMO_HANDLES = ['MA_DEMO0001', 'MA_DEMO0002', 'MA_ADMN0001']

/** Its passwords are public. */
export async function holdsDemoWorld(core: Core): Promise<boolean> {
  const found = await Promise.all(DEMO_HANDLES.map(handle => core.accounts.byHandle(handle)))
  return found.some(account => account !== undefined)
}
