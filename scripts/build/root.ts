import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  license?: string
  author?: string | { name: string }
}

/** Of the package in this folder. */
export const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
