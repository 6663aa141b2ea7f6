import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../clients')

const own = createRequire(join(FOLDER, 'package.json'))

/** Said once for each package, however many files ask. */
const said = new Set<string>()

function isHere(name: string): boolean {
  if (existsSync(join(FOLDER, 'node_modules', name))) return true
  if (!said.has(name)) process.stderr.write(`skipped: ${name} is not installed (npm ci --prefix test/clients)\n`)
  said.add(name)
  return false
}

/** A provider's own client or a heavy tool, installed apart from the rest. Undefined, and says so, where it is left out. */
export function clientPackage(name: string): unknown {
  return isHere(name) ? own(name) : undefined
}

/** Path of a file in such a package. */
export function clientFile(name: string, file: string): string | undefined {
  return isHere(name) ? join(FOLDER, 'node_modules', name, file) : undefined
}
