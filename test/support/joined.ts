/**
 * The built program as few files: a process of it starts in a third of the time that its thousand modules take, and the
 * suite starts some hundred. What Node loads is the same otherwise, and each file still finds what lies beside it.
 */
import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Below the build; next to `src`, `core` and the like. */
export const JOINED = 'joined'

/** What a file of the build was named by in it, as it stands now in any of `joined/`. */
const placesOf = (folder: string): Plugin => ({
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const text = path.startsWith(folder) ? readFileSync(path, 'utf8') : ''
      if (!text.includes('import.meta.')) return undefined
      const url = `new URL(${JSON.stringify(`../${relative(folder, path)}`)}, import.meta.url)`
      return {
        contents: text
          .replaceAll('import.meta.url', `${url}.href`)
          .replaceAll('import.meta.filename', `decodeURIComponent(${url}.pathname)`)
          .replaceAll('import.meta.dirname', `decodeURIComponent(new URL('.', ${url}).pathname).slice(0, -1)`),
      }
    })
  },
})

/** Each of `entries` (of the build in `folder`) becomes a file of its name in `joined/`. */
export async function joinModules(folder: string, entries: readonly string[]): Promise<void> {
  await build({
    entryPoints: entries.map(entry => ({ in: join(folder, entry), out: basename(entry, '.js') })),
    outdir: join(folder, JOINED),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    // what the build does not carry stays where it is installed
    external: ['better-sqlite3', 'libxml2-wasm', 'pg-native'],
    plugins: [placesOf(folder)],
    // for CommonJS, which requires what Node has; what the libraries say of themselves the build has heard already
    banner: {
      js: "import { createRequire as requireIn } from 'node:module'; const require = requireIn(import.meta.url)",
    },
    legalComments: 'none',
    logLevel: 'error',
  })
}
