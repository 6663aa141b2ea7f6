/**
 * Declarations go along for those who import the package, and no further than these lead: `didgate/testing`, and the
 * files whose types its own are made of. A carried library of theirs brings its declarations where these are one file.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { vendorFile } from './libraries.ts'

const { resolve } = createRequire(import.meta.url)

/** As the compiler writes them. */
const IMPORT = /(\bfrom |\bimport\()(['"])([^'"]+)\2/g

/** What runs of a library has its types beside it. Throws where they are not whole in there. */
function carryTypes(library: string, importer: string, target: string): string {
  const types = resolve(library).replace(/\.([cm]?)js$/, '.d.$1ts')
  const isWhole = existsSync(types) && !/^(import|declare module) /m.test(readFileSync(types, 'utf8'))
  if (!isWhole) throw new Error(`types of didgate/testing lead to ${library}, by way of ${importer}`)
  const place = vendorFile(library)
  copyFileSync(types, join(target, place.replace(/\.js$/, '.d.ts')))
  return place
}

/** `entry` and all that it leads to, from where the compiler put them. */
export function copyDeclarations(entry: string, from: string, target: string): void {
  const wanted = new Set([entry])
  for (const file of wanted) {
    const text = readFileSync(join(from, file), 'utf8').replace(IMPORT, (whole, before, quote, specifier) => {
      if (isBuiltin(specifier)) return whole
      const own = join(dirname(file), specifier).replace(/\.tsx?$/, '.js')
      const isOwn = specifier.startsWith('.')
      if (isOwn) wanted.add(own.replace(/\.js$/, '.d.ts'))
      const path = relative(dirname(file), isOwn ? own : carryTypes(specifier, file, target))
      return `${before}${quote}${path.replace(/^(?!\.)/, './')}${quote}`
    })
    mkdirSync(dirname(join(target, file)), { recursive: true })
    writeFileSync(join(target, file), text)
  }
}
