/** What an installer puts beside the package: its dependencies with theirs, as they are installed here. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

const namedBy = (folder: string) => {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(dependencies)
}

/** As Node finds it from a package. */
function folderOf(name: string, from: string): string {
  const found = join(from, 'node_modules', name)
  if (existsSync(found)) return found
  if (dirname(from) === from) throw new Error(`${name} is not installed`)
  return folderOf(name, dirname(from))
}

/** Folders of all packages that the package leads to, without its own. */
export function installed(): string[] {
  const folders = new Set(namedBy(ROOT).map(name => folderOf(name, ROOT)))
  for (const folder of folders) for (const name of namedBy(folder)) folders.add(folderOf(name, folder))
  return [...folders]
}

/** Puts links to them, and to nothing else, into `modules`; `without`: names that are left out. */
export function linkInstalled(modules: string, ...without: string[]): void {
  const below = join(ROOT, 'node_modules/')
  const names = installed().map(folder => folder.slice(below.length))
  // one that is inside of another comes with it
  for (const name of names.filter(each => !each.includes('/node_modules/') && !without.includes(each))) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(below, name), join(modules, name))
  }
}
