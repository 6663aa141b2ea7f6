// After the compiler: what it does not carry over is put beside what it made.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = process.argv[2] ?? join(root, 'dist')
const assets = join(target, 'assets')
// the package shall depend on nothing for its reference pages;
// its first lines name its makers and its licence
const { resolve } = createRequire(import.meta.url)
const library = resolve('@scalar/api-reference/browser/standalone.js')

mkdirSync(assets, { recursive: true })
copyFileSync(library, join(assets, 'scalar.js'))

// the same for the console: htmx (0BSD) asks for no notice, uPlot (MIT) has its own in the file
const ours = 'src/console/assets'
const taken = {
  'htmx.js': 'htmx.org/dist/htmx.min.js',
  'uplot.js': 'uplot/dist/uPlot.iife.min.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
}
cpSync(join(root, ours), join(target, ours), { recursive: true })
for (const [name, from] of Object.entries(taken)) copyFileSync(resolve(from), join(target, ours, name))

// examples of the reference pages: what is kept of each dialect, in one file
const exchanges = join(assets, 'exchanges')
mkdirSync(exchanges, { recursive: true })
for (const dialect of readdirSync(join(root, 'adapters'))) {
  const folder = join(root, 'fixtures', dialect)
  if (!existsSync(folder)) continue
  const names = readdirSync(folder).filter(name => name.endsWith('.http'))
  const kept = Object.fromEntries(names.sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]))
  writeFileSync(join(exchanges, `${dialect}.json`), JSON.stringify(kept))
}

const asTheyAre = ['core/store/aside-thread.mjs', 'core/store/checkpoint-thread.mjs', 'src/testing/required.cjs']
for (const file of asTheyAre) {
  copyFileSync(join(root, file), join(target, file))
}
