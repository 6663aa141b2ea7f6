import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../clients')

/** A provider's own client, installed apart from the rest (`npm ci --prefix test/clients`). Says so where it is left out. */
export function clientPackage(name: string): unknown {
  if (existsSync(join(FOLDER, 'node_modules', name))) return createRequire(join(FOLDER, 'package.json'))(name)
  process.stderr.write(`skipped: ${name} is not installed (npm ci --prefix test/clients)\n`)
  return undefined
}
