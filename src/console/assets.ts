import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { table } from '../../adapters/kit/table.ts'

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

/** In the order in which they apply. */
export const OWN_STYLES = ['tokens.css', 'frame.css', 'parts.css', 'tables.css', 'forms.css', 'map.css'] as const

/** Ours, and those of libraries: where they are when it runs from the sources. */
const FILES = table<{ type: string; library?: string }>({
  ...Object.fromEntries(OWN_STYLES.map(name => [name, { type: STYLE }])),
  'console.js': { type: SCRIPT },
  'htmx.js': { type: SCRIPT, library: 'htmx.org/dist/htmx.min.js' },
  'uplot.js': { type: SCRIPT, library: 'uplot/dist/uPlot.iife.min.js' },
  'uplot.css': { type: STYLE, library: 'uplot/dist/uPlot.min.css' },
})

/** The build puts them all beside the compiled sources, so that the package needs no dependency for them. */
function placeOf(name: string, library: string | undefined): string {
  const beside = fileURLToPath(new URL(`./assets/${name}`, import.meta.url))
  if (library === undefined || existsSync(beside)) return beside
  return createRequire(import.meta.url).resolve(library)
}

export interface Asset {
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

export async function assetOf(name: string): Promise<Asset | undefined> {
  if (!Object.hasOwn(FILES, name)) return undefined
  const { type = '', library } = FILES[name] ?? {}
  return { type, bytes: new Uint8Array(await readFile(placeOf(name, library))) }
}
