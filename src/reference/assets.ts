import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TRY_SCRIPT } from './actions-page.ts'
import { START_SCRIPT } from './pages.ts'

/** Beside the compiled sources, where the build puts it, so that the package needs no dependency for it. */
const BUILT = new URL('../../assets/scalar.js', import.meta.url)

/** Of the build, or of the development dependency when it runs from the sources. */
function scalarFile(): string {
  const built = fileURLToPath(BUILT)
  if (existsSync(built)) return built
  return createRequire(import.meta.url).resolve('@scalar/api-reference/browser/standalone.js')
}

/** A script of the reference pages; undefined: there is none of this name. */
export async function assetOf(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (name === 'start.js') return new Uint8Array(Buffer.from(START_SCRIPT))
  if (name === 'try.js') return new Uint8Array(Buffer.from(TRY_SCRIPT))
  return name === 'scalar.js' ? new Uint8Array(await readFile(scalarFile())) : undefined
}
