/**
 * The libraries that built files import come along with them, in `vendor/`: whoever installs the package then installs
 * few others, and a start reads few files. What `dependencies` names is left to the installer.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { init, parse } from 'es-module-lexer'
import { build, type Plugin } from 'esbuild'
import { writeLicences } from './licences.ts'
import { manifestOf, ROOT } from './root.ts'

export const VENDOR = 'vendor'
const INSTALLED = Object.keys(manifestOf(ROOT).dependencies ?? {})

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
const isCarried = (specifier: string) =>
  !/^[./#]/.test(specifier) && !isBuiltin(specifier) && !INSTALLED.includes(packageOf(specifier))

/** The file that stands for an import of a library, below the build. */
export const vendorFile = (specifier: string) => `${VENDOR}/${specifier.replace(/\.js$/, '')}.js`

function builtFiles(target: string): string[] {
  const names = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter(name => /\.m?js$/.test(name))
  return names.filter(name => !/^(assets|vendor)\/|\/assets\//.test(name))
}

/** Imports of carried libraries, the last one first, so that each may be replaced where it stands. */
function importsOf(source: string) {
  const found = parse(source)[0].map(({ n, s, e }) => ({ specifier: n ?? '', start: s, end: e }))
  return found.filter(({ specifier }) => specifier !== '' && isCarried(specifier)).reverse()
}

/** One file for each specifier, with all that the library exports: CommonJS has no names to a bundler, but to Node. */
const entries: Plugin = {
  name: 'entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^carried:/ }, ({ path }) => ({ path: path.slice('carried:'.length), namespace: 'carried' }))
    onLoad({ filter: /.*/, namespace: 'carried' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(name => /^[\w$]+$/.test(name))
      return { contents: `export { ${names.join(', ')} } from '${path}'`, resolveDir: ROOT }
    })
  },
}

/** pdfkit requires its fonts by a function of its own making, which no bundler follows. */
const plainRequire: Plugin = {
  name: 'plain require',
  setup({ onLoad }) {
    onLoad({ filter: /[/]pdfkit\.node\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/\brequire\$1\(/g, 'require('),
    }))
  },
}

/** Packages on the way to a file, as folders; the last one is its own. */
const FOLDER = /^.*node_modules\/(@[^/]+\/)?[^/]+/

/** Returns the folders of the packages of which something is carried. */
async function bundle(specifiers: readonly string[], folder: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: specifiers.map(name => ({
      in: `carried:${name}`,
      out: vendorFile(name).slice(VENDOR.length + 1, -3),
    })),
    outdir: folder,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    chunkNames: 'shared-[hash]',
    external: [...INSTALLED, 'pg-native'],
    plugins: [entries, plainRequire],
    // for CommonJS, which requires what Node has
    banner: { js: "import { createRequire as _from } from 'node:module'; const require = _from(import.meta.url);" },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.entries(output.inputs))
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => FOLDER.exec(path)?.[0])
  return [...new Set(used.filter(path => path !== undefined))].map(path => join(ROOT, path))
}

export async function carryLibraries(target: string): Promise<void> {
  await init
  const files = builtFiles(target).map(name => {
    const source = readFileSync(join(target, name), 'utf8')
    return { name, source, imports: importsOf(source) }
  })
  const specifiers = [...new Set(files.flatMap(({ imports }) => imports.map(each => each.specifier)))].sort()
  writeLicences(await bundle(specifiers, join(target, VENDOR)), target)
  for (const { name, source, imports } of files) {
    let text = source
    for (const { specifier, start, end } of imports) {
      const path = relative(dirname(name), vendorFile(specifier)).replace(/^(?!\.)/, './')
      text = text.slice(0, start) + text.slice(start, end).replace(specifier, path) + text.slice(end)
    }
    if (imports.length > 0) writeFileSync(join(target, name), text)
  }
}
