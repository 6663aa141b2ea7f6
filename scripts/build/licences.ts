/** The licences of what the build carries, in one text beside it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SERVED } from './assets.ts'
import { manifestOf } from './root.ts'

export const LICENCES = 'THIRD-PARTY-LICENSES.txt'

const HEAD = `This package carries the libraries below: in \`vendor/\`, and among the assets that browsers are served.
Each is the work of its authors, under the licence that stands with it.
`

/** Where a package says MIT and no more. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

const textOf = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8').trim()

/** The package's own files; else what its README says at length; else, for MIT alone, the words that are meant. */
function licenceOf(folder: string): string {
  const { name, license, author } = manifestOf(folder)
  const files = readdirSync(folder).sort()
  const own = files.filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
  if (own.length > 0) return own.map(file => textOf(folder, file)).join('\n\n')
  const readme = files.find(file => /^readme/i.test(file))
  const [, section = ''] = /^#+ *licen[cs]e *$(.*)/ims.exec(readme ? textOf(folder, readme) : '') ?? []
  if (/permission is hereby granted/i.test(section)) return section.trim()
  const maker = typeof author === 'object' ? author.name : author
  if (license !== 'MIT' || maker === undefined)
    throw new Error(`${name} is to be carried, and has no text of a licence`)
  return `Copyright (c) ${maker}\n\n${MIT}`
}

const FOLDER_OF_FILE = /^.*node_modules\/(@[^/]+\/)?[^/]+/
const { resolve } = createRequire(import.meta.url)
const servedFolders = () => Object.keys(SERVED).map(file => FOLDER_OF_FILE.exec(resolve(file))?.[0] as string)

/** As a package is named in the text. */
function titleOf(folder: string): string {
  const { name, version, license } = manifestOf(folder)
  return `${name} ${version} (${license})`
}

export function writeLicences(carried: readonly string[], target: string): void {
  const folders = [...carried, ...servedFolders()]
  const texts = new Map(folders.map(folder => [titleOf(folder), licenceOf(folder)]))
  const parts = [...texts].sort().map(([title, text]) => `${'='.repeat(80)}\n${title}\n\n${text}\n`)
  writeFileSync(join(target, LICENCES), [HEAD, ...parts].join('\n'))
}
