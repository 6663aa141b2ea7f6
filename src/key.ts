import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'

/** The text everything encrypted at rest hangs on: DIDGATE_KEY, else a key file kept beside the database. */
export function openKey(config: Pick<Config, 'key' | 'databaseUrl'>): string {
  return config.key ?? keyFromFile(keyFile(config.databaseUrl))
}

function keyFile(databaseUrl: string): string {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ':memory:'
  return path === ':memory:' ? join('data', 'didgate.key') : join(dirname(path), 'didgate.key')
}

function keyFromFile(file: string): string {
  return read(file) ?? generate(file)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Written whole under another name and then linked, so that of two processes that start at once one wins. */
function generate(file: string): string {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return read(file) ?? emptyKeyFile(file)
}

function emptyKeyFile(file: string): never {
  throw new Error(`the key file ${file} is empty: restore it, or remove it if nothing was encrypted with it`)
}
