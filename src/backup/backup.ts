import { existsSync, statSync } from 'node:fs'
import { inspectFile } from '../../core/store/inspect.ts'
import { copyOnline, type OnStep, settle } from '../../core/store/sqlite-file.ts'
import { opensAll, sealedTextsOfAny } from '../../core/upkeep/index.ts'
import type { Config } from '../config/config.ts'
import { keyFile, knownKeys, nameOfKey } from '../config/key.ts'
import { type Checked, checkFile } from './check.ts'
import { copyPrivately, draftOf, giveName, isThere, needSpace, removeDraft } from './files.ts'

export interface BackupOptions {
  /** Copy the key file to FILE.key. */
  withKey: boolean
  /** Check the invariants however many numbers there are. */
  invariants: boolean
  onStep: OnStep
}

export interface Backup extends Checked {
  bytes: number
  /** What to keep apart from the file. */
  key: string
}

type From = Pick<Config, 'databaseUrl' | 'key' | 'oldKey'>

/** A checked copy of a database on SQLite, of one moment, while others use it. Throws a sentence; then there is no file. */
export async function backUp(config: From, file: string, options: BackupOptions): Promise<Backup> {
  const path = config.databaseUrl.slice('sqlite:'.length)
  const keyCopy = options.withKey ? `${file}.key` : undefined
  for (const each of [file, keyCopy]) if (each !== undefined && existsSync(each)) throw new Error(isThere(each))
  if (keyCopy !== undefined) insistOnKeyFile(config)
  await insistOnOurs(path)
  needSpace(file, sizeOf(path))
  const draft = draftOf(file)
  try {
    await copyOnline(path, draft, options.onStep)
    settle(draft)
    const checked = await checkFile(draft, options.invariants)
    const key = await keyOf(config, draft, keyCopy)
    giveName(draft, file)
    if (keyCopy !== undefined) copyPrivately(keyFile(config.databaseUrl) as string, keyCopy)
    return { ...checked, bytes: statSync(file).size, key }
  } finally {
    removeDraft(draft)
  }
}

/** Of the database with what is still in its log: no more than that is copied. */
function sizeOf(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}

async function insistOnOurs(path: string): Promise<void> {
  const source = inspectFile(path)
  try {
    const { version, newer } = await source.schema()
    if (version === undefined) throw new Error(`${path} is no database of didgate`)
    if (newer !== undefined) throw new Error(newer)
  } finally {
    await source.close()
  }
}

function insistOnKeyFile({ key, databaseUrl }: From): void {
  const file = keyFile(databaseUrl)
  if (key !== undefined)
    throw new Error('--with-key copies the key file, and here the key is in DIDGATE_KEY, to be kept apart')
  if (file === undefined || !existsSync(file)) throw new Error(`there is no key file ${file}`)
}

async function keyOf(config: From, draft: string, keyCopy: string | undefined): Promise<string> {
  const copy = inspectFile(draft)
  try {
    const sealed = await sealedTextsOfAny(copy)
    const known = knownKeys(config)
    const where = nameOfKey(config)
    if (known.length === 0) return `the key that it was sealed with is not here: look for it`
    if (!opensAll(sealed, known)) return `it is not sealed with ${where}: look for the right one`
    const copied = keyCopy === undefined ? '' : ` (copied to ${keyCopy})`
    return `it is sealed with ${where}${copied}: keep that apart from it, for without it no sealed secret opens`
  } finally {
    await copy.close()
  }
}
