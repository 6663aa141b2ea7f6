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

const asTheyAre = ['core/store/aside-thread.mjs', 'core/store/checkpoint-thread.mjs', 'src/testing/required.cjs']
for (const file of asTheyAre) {
  copyFileSync(join(root, file), join(target, file))
}
