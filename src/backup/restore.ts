import { copyFileSync, existsSync, linkSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inspectFile } from '../../core/store/inspect.ts'
import { keepPrivate, makeFolder } from '../../core/store/private-file.ts'
import { keepAlone, settle } from '../../core/store/sqlite-file.ts'
import { opensAll, sealedTextsOfAny } from '../../core/upkeep/index.ts'
import type { Config } from '../config/config.ts'
import { keyFile, knownKeys, readKey } from '../config/key.ts'
import { type Checked, checkFile } from './check.ts'
import { draftOf, flush, giveName, needSpace, removeDraft, writingTo } from './files.ts'

export interface RestoreOptions {
  /** Put a database that is there aside. */
  force: boolean
  /** Check the invariants however many numbers there are. */
  invariants: boolean
  /** File with the key that the backup was sealed with, where it is not the one in use here. */
  key: string | undefined
  /** Tells the names of what is put aside: epoch milliseconds. */
  now: number
}

export interface Restored extends Checked {
  /** What was there before, under its new names. */
  aside: readonly string[]
}

type To = Pick<Config, 'databaseUrl' | 'key' | 'oldKey'>

/**
 * A checked copy of a backup in place of the database on SQLite. Nobody may have that open. Throws a sentence; then
 * everything is as it was.
 */
export async function restore(config: To, file: string, options: RestoreOptions): Promise<Restored> {
  const path = config.databaseUrl.slice('sqlite:'.length)
  insistOnWhole(file)
  if (existsSync(path) && !options.force) {
    throw new Error(`there is a database at ${path} already: --force puts it aside under another name`)
  }
  const keys = keysFor(config, options.key)
  writingTo(path, () => makeFolder(dirname(path)))
  needSpace(path, statSync(file).size)
  const draft = draftOf(path)
  try {
    copyFileSync(file, draft)
    keepPrivate(draft) // the copy has the rights of what it was made from
    settle(draft)
    const checked = await checkFile(draft, options.invariants)
    await insistOnKey(draft, keys)
    const aside = replace(draft, path, options.now)
    return { ...checked, aside: [...aside, ...putKey(config, options)] }
  } finally {
    removeDraft(draft)
  }
}

function insistOnWhole(file: string): void {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`)
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  throw new Error(`${file} is a database in use, with a log beside it: make a backup of it with didgate backup`)
}

/** The key that the restored database will be opened with. */
function keysFor(config: To, given: string | undefined): string[] {
  if (given === undefined) return knownKeys(config)
  if (config.key !== undefined) throw new Error('DIDGATE_KEY is set, and is what a start takes: leave --key out')
  return [readKey(given) ?? missing(given)]
}

function missing(file: string): never {
  throw new Error(`there is no key in ${file}`)
}

async function insistOnKey(draft: string, keys: readonly string[]): Promise<void> {
  const copy = inspectFile(draft)
  try {
    const sealed = await sealedTextsOfAny(copy)
    if (sealed.length === 0) return
    if (keys.length === 0)
      throw new Error('the backup is sealed with a key; set DIDGATE_KEY, or give its file by --key')
    if (!opensAll(sealed, keys)) {
      throw new Error(
        'the backup was sealed with another key; set that as DIDGATE_KEY, or as DIDGATE_KEY_OLD beside a new one, or give its file by --key',
      )
    }
  } finally {
    await copy.close()
  }
}

/** At no moment there is no database, or half of one. Returns the names of what is put aside. */
function replace(draft: string, path: string, now: number): string[] {
  if (!existsSync(path)) {
    giveName(draft, path)
    return []
  }
  const release = keepAlone(path)
  if (!release) throw new Error(`${path} is in use: stop the gateway, and whatever else has it open, first`)
  try {
    const former = asideOf(path, now)
    linkSync(path, former)
    const logs = ['-wal', '-shm'].filter(suffix => existsSync(path + suffix)) // only of one that is damaged
    for (const suffix of logs) renameSync(path + suffix, former + suffix)
    flush(draft)
    renameSync(draft, path)
    flush(dirname(path))
    return [former, ...logs.map(suffix => former + suffix)]
  } finally {
    release()
  }
}

const asideOf = (file: string, now: number) =>
  `${file}.before-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`

/** In place of the key file, which is put aside. Returns the name that this has now. */
function putKey({ databaseUrl }: To, { key: given, now }: RestoreOptions): string[] {
  const file = keyFile(databaseUrl)
  if (given === undefined || file === undefined) return []
  const [next, former] = [readKey(given), readKey(file)]
  if (next === former) return []
  const aside = asideOf(file, now)
  if (former !== undefined) linkSync(file, aside)
  const draft = draftOf(file)
  writeFileSync(draft, `${next}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
  return former === undefined ? [] : [aside]
}
