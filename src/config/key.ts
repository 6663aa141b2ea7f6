import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Keys } from '../../core/ground/secrets.ts'
import { keepPrivate, makeFolder } from '../../core/store/private-file.ts'
import type { Store } from '../../core/store/store.ts'
import { beginChange, keepCheck, opens, opensAll, sealedTexts } from '../../core/upkeep/index.ts'
import type { Config } from './config.ts'

type KeyConfig = Pick<Config, 'key' | 'oldKey' | 'databaseUrl'>

const BEING_CHANGED =
  'the key of this database is being changed: start with both, the new one in DIDGATE_KEY and the one before in DIDGATE_KEY_OLD'

/**
 * The keys everything encrypted at rest hangs on, as this database knows them. Others are refused here: what they cannot
 * open would fail later, one request at a time. A key that this database does not know yet becomes its next one where the
 * present one is given as the old.
 */
export async function keysFor(config: KeyConfig, store: Store): Promise<Keys> {
  const { oldKey } = config
  const before = await sealedTexts(store)
  const key = openKey(config, before.length > 0)
  const [first] = before
  if (opensAll(before, [key, oldKey])) {
    await keepCheck(store, first === undefined || oldKey === undefined || opens(first, key) ? key : oldKey)
    if (first !== undefined && !opens(first, key)) await beginChange(store, key)
    // of processes that start at once with different keys one was first
    if (opensAll(await sealedTexts(store), [key, oldKey])) return { key, oldKey }
  }
  if (before.length > 1) throw new Error(BEING_CHANGED)
  throw new Error(
    `${nameOfKey(config)} is not the key that this database was sealed with: start with that one, or another database`,
  )
}

/** Where the present key is from. */
export function nameOfKey({ key, databaseUrl }: KeyConfig): string {
  return key === undefined ? `the key in ${keyFile(databaseUrl)}` : 'DIDGATE_KEY'
}

/** DIDGATE_KEY, else a key file kept beside the database. `isInUse`: a new one would not fit what is there. */
export function openKey(config: KeyConfig, isInUse = false): string {
  return config.key ?? keyOf(config.databaseUrl, isInUse)
}

/** As `openKey`, with the one before, and none is made. */
export function knownKeys(config: KeyConfig): string[] {
  return [knownKey(config), config.oldKey].filter(key => key !== undefined)
}

/** As `openKey`, and none is made: undefined where there is none. */
export function knownKey({ key, databaseUrl }: KeyConfig): string | undefined {
  const file = keyFile(databaseUrl)
  return key ?? (file === undefined ? undefined : readKey(file))
}

/** What lives in memory is sealed with a key that lives there too. */
function keyOf(databaseUrl: string, isInUse: boolean): string {
  const file = keyFile(databaseUrl)
  if (file === undefined) return randomBytes(32).toString('hex')
  const known = readKey(file)
  if (known !== undefined) return known
  if (isInUse) {
    throw new Error(`this database was sealed with a key, and ${file} is not there: restore it, or set DIDGATE_KEY`)
  }
  return generate(file)
}

/** Where it is kept when DIDGATE_KEY is not set; undefined: in memory. */
export function keyFile(databaseUrl: string): string | undefined {
  if (databaseUrl === 'sqlite::memory:') return undefined
  const folder = databaseUrl.startsWith('sqlite:') ? dirname(databaseUrl.slice('sqlite:'.length)) : 'data'
  return join(folder, 'didgate.key')
}

export function readKey(file: string): string | undefined {
  try {
    const key = readFileSync(file, 'utf8').trim() || undefined
    keepPrivate(file)
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Written whole under another name and then linked, so that of two processes that start at once one wins. */
function generate(file: string): string {
  makeFolder(dirname(file))
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return readKey(file) ?? emptyKeyFile(file)
}

function emptyKeyFile(file: string): never {
  throw new Error(`the key file ${file} is empty: restore it, or remove it if nothing was encrypted with it`)
}
