/** Small databases that earlier versions made, as fixtures/versions keeps them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'

export const VERSIONS = resolve(import.meta.dirname, '../../fixtures/versions')
/** What they were sealed with: for tests only. */
export const KEPT_KEY = '0123456789abcdef0123456789abcdef'

/** Oldest first. */
export const keptVersions = (): string[] =>
  readdirSync(VERSIONS, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => Number(b === 'first') - Number(a === 'first') || a.localeCompare(b))

export const keptFile = (version: string, name: 'sqlite.db.gz' | 'postgres.sql.gz'): Buffer =>
  gunzipSync(readFileSync(join(VERSIONS, version, name)))
