// After the compiler: what the reference pages need is put beside it, so that the package depends on nothing for it.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const assets = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'assets')
// its first lines name its makers and its licence
const library = createRequire(import.meta.url).resolve('@scalar/api-reference/browser/standalone.js')

mkdirSync(assets, { recursive: true })
copyFileSync(library, join(assets, 'scalar.js'))
