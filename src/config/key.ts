import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keepPrivate } from '../../core/store/private-file.ts'
import type { Store } from '../../core/store/store.ts'
import { keepCheck, opens, sealedText } from '../../core/upkeep/index.ts'
import type { Config } from './config.ts'

type KeyConfig = Pick<Config, 'key' | 'databaseUrl'>

/**
 * The text everything encrypted at rest hangs on, as this database knows it. Another one is refused here: what it cannot
 * open would fail later, one request at a time.
 */
export async function keyFor(config: KeyConfig, store: Store): Promise<string> {
  const sealed = await sealedText(store)
  const key = openKey(config, sealed !== undefined)
  if (sealed === undefined || opens(sealed, key)) {
    await keepCheck(store, key)
    // of processes that start at once with different keys one was first
    const kept = await sealedText(store)
    if (kept !== undefined && opens(kept, key)) return key
  }
  const given = config.key === undefined ? `the key in ${keyFile(config.databaseUrl)}` : 'DIDGATE_KEY'
  throw new Error(
    `${given} is not the key that this database was sealed with: start with that one, or another database`,
  )
}

/** DIDGATE_KEY, else a key file kept beside the database. `isInUse`: a new one would not fit what is there. */
export function openKey(config: KeyConfig, isInUse = false): string {
  return config.key ?? keyOf(config.databaseUrl, isInUse)
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
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
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
