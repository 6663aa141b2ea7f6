/** What the compiler does not carry over is put beside what it made. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT } from './root.ts'

/** Libraries that browsers are served, with the places they get below the build. */
export const SERVED = {
  '@scalar/api-reference/browser/standalone.js': 'assets/scalar.js',
  'htmx.org/dist/htmx.min.js': 'src/console/assets/htmx.js',
  'uplot/dist/uPlot.iife.min.js': 'src/console/assets/uplot.js',
  'uplot/dist/uPlot.min.css': 'src/console/assets/uplot.css',
}
const OURS = 'src/console/assets'
const AS_THEY_ARE = ['core/store/aside-thread.mjs', 'core/store/checkpoint-thread.mjs', 'src/testing/required.cjs']

const { resolve } = createRequire(import.meta.url)

/** Examples of the reference pages: what is kept of each dialect, in one file. */
function copyExchanges(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const dialect of readdirSync(join(ROOT, 'adapters'))) {
    const fixtures = join(ROOT, 'fixtures', dialect)
    if (!existsSync(fixtures)) continue
    const names = readdirSync(fixtures).filter(name => name.endsWith('.http'))
    const kept = Object.fromEntries(names.sort().map(name => [name, readFileSync(join(fixtures, name), 'utf8')]))
    writeFileSync(join(folder, `${dialect}.json`), JSON.stringify(kept))
  }
}

export function copyAssets(target: string): void {
  cpSync(join(ROOT, OURS), join(target, OURS), { recursive: true })
  copyExchanges(join(target, 'assets/exchanges'))
  for (const [library, place] of Object.entries(SERVED)) copyFileSync(resolve(library), join(target, place))
  for (const file of AS_THEY_ARE) copyFileSync(join(ROOT, file), join(target, file))
}
