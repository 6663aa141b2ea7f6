// After the compiler: what it does not carry over is put beside what it made.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = process.argv[2] ?? join(root, 'dist')
const assets = join(target, 'assets')
// the package shall depend on nothing for its reference pages;
// its first lines name its makers and its licence
const library = createRequire(import.meta.url).resolve('@scalar/api-reference/browser/standalone.js')

mkdirSync(assets, { recursive: true })
copyFileSync(library, join(assets, 'scalar.js'))

for (const thread of ['aside-thread.mjs', 'checkpoint-thread.mjs']) {
  const file = join('core', 'store', thread)
  copyFileSync(join(root, file), join(target, file))
}
