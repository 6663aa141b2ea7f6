import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const SHIPPED = ['src', 'core', 'adapters', 'verify']

function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)))
}

const IMPORT = /^(?:import|export|\}).*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)/gm

/** What is loaded at once: neither types nor what is imported when it is needed. */
const STATIC_IMPORT = /^(?:import(?! type)|export(?! type)|\}).*? from '([^']+)'|^import '([^']+)'/gm

/** What a file imports: paths from the root for our own files, package names otherwise. */
function importsOf(file: string, pattern = IMPORT): { own: string[]; packages: string[] } {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const targets = [...text.matchAll(pattern)].map(match => (match[1] ?? match[2] ?? match[3]) as string)
  const own = targets
    .filter(target => target.startsWith('.'))
    .map(target => relative(ROOT, resolve(ROOT, dirname(file), target)))
  return { own, packages: targets.filter(target => !target.startsWith('.')) }
}

const all = SHIPPED.flatMap(files).map(file => ({ file, ...importsOf(file) }))
const inside = (folder: string) => all.filter(({ file }) => file.startsWith(`${folder}/`))

/** Files whose imports break the rule, each with what it imports. */
function breaking(list: typeof all, isAllowed: (target: string, file: string) => boolean): string[] {
  return list.flatMap(({ file, own }) => own.filter(target => !isAllowed(target, file)).map(t => `${file} → ${t}`))
}

/** Ways that lead back to where they began, the shortest first. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) found.push([...way.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const target of imports.get(file) ?? []) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return found.sort((a, b) => a.length - b.length)
}

const PUBLIC_CORE = [
  'core/ground/model.ts',
  'core/verbs.ts',
  'core/ground/fault.ts',
  'core/ground/money.ts',
  'core/ground/e164.ts',
  'core/ground/time.ts',
]
/** Whoever is in the core stands on these. */
const FLOOR = ['ground', 'store']
const DOORS = /\/(index|verbs|[a-z]+-verbs|plumbing)\.ts$/
/** What a dialect's folder may hold, each a file or a folder of that name; CONTRIBUTING says what is in it. */
const LAYOUT = [
  'README.md',
  ...['index', 'auth', 'clients', 'demo', 'driver', 'faults', 'fields', 'ids', 'operations', 'outbound'],
  ...['reference', 'rules', 'schemas', 'settings', 'status-sources', 'views', 'ways', 'wire'],
]
/** A file or a folder, never both; `rules.ts` and `reference.ts` are what the dialect's module takes of a folder. */
const TWICE = ['fields', 'views', 'schemas', 'settings', 'ways', 'wire']
const DRIVERS = ['better-sqlite3', 'pg', 'kysely']
/** Pure data, arithmetic and containers. */
const SMALL = ['libphonenumber-js/core', 'libphonenumber-js/min/metadata', 'lru-cache']
const dialects = [...new Set(inside('adapters').map(({ file }) => file.split('/')[1] as string))].filter(
  name => name !== 'kit',
)

/** Other dialects that this one is built on. */
const basesOf = (name: string) =>
  dialects.filter(
    other =>
      other !== name && inside(`adapters/${name}`).some(({ own }) => own.some(t => t.startsWith(`adapters/${other}/`))),
  )

describe('who may import whom', () => {
  it('finds the files it speaks about', () => {
    expect(all.length).toBeGreaterThan(50)
    expect(dialects).toContain('onsip')
  })

  it('core imports nothing of ours outside core', () => {
    expect(breaking(inside('core'), target => target.startsWith('core/'))).toEqual([])
  })

  it('core imports only Kysely, the database drivers, small pure libraries and Node from packages', () => {
    const allowed = (name: string) => name.startsWith('node:') || [...DRIVERS, ...SMALL].includes(name)
    const wrong = inside('core').flatMap(({ file, packages }) =>
      packages.filter(p => !allowed(p)).map(p => `${file} → ${p}`),
    )
    expect(wrong).toEqual([])
  })

  it('database drivers appear only in core/store', () => {
    const drivers = ['better-sqlite3', 'pg']
    const users = all.filter(({ packages }) => packages.some(name => drivers.includes(name))).map(({ file }) => file)
    expect(users.filter(file => !file.startsWith('core/store/'))).toEqual([])
  })

  it('the kit imports of ours only itself and the public files of core', () => {
    const allowed = (target: string) => target.startsWith('adapters/kit/') || PUBLIC_CORE.includes(target)
    expect(breaking(inside('adapters/kit'), allowed)).toEqual([])
  })

  it.each(dialects)('%s imports only itself, the kit and the public files of core', name => {
    // a dialect that is another one with differences is built on that one, which stands alone
    const bases = basesOf(name)
    expect([bases.length <= 1, bases.flatMap(basesOf)]).toEqual([true, []])
    const folders = [name, 'kit', ...bases].map(each => `adapters/${each}/`)
    const allowed = (target: string) => folders.some(f => target.startsWith(f)) || PUBLIC_CORE.includes(target)
    expect(breaking(inside(`adapters/${name}`), allowed)).toEqual([])
  })

  it('verify imports only itself, the kit and the public files of core', () => {
    const folders = ['verify/', 'adapters/kit/']
    const allowed = (target: string) => folders.some(f => target.startsWith(f)) || PUBLIC_CORE.includes(target)
    expect(inside('verify').length).toBeGreaterThan(10)
    expect(breaking(inside('verify'), allowed)).toEqual([])
  })

  const loadedBy = (...entries: string[]): string[] => {
    const loaded = new Set(entries)
    for (const file of loaded) for (const target of importsOf(file, STATIC_IMPORT).own) loaded.add(target)
    return [...loaded]
  }

  it('a server loads nothing of verify, and no XML library of its size', () => {
    const loaded = loadedBy('src/cli.ts', 'src/commands/program.ts')
    expect(loaded.length).toBeGreaterThan(100)
    const heavy = loaded.filter(file => importsOf(file, STATIC_IMPORT).packages.includes('libxml2-wasm'))
    expect(loaded.filter(file => file.startsWith('verify/')).concat(heavy)).toEqual([])
  })

  it('who asks whether it is ready loads no dialect, no server and no verb of the core', () => {
    const loaded = loadedBy('src/cli.ts')
    expect(loaded).toContain('src/commands/ready.ts')
    const heavy = [...dialects.map(name => `adapters/${name}/`), 'src/main.ts', 'src/http/gateway.ts', 'core/core.ts']
    expect(loaded.filter(file => heavy.some(each => file.startsWith(each)))).toEqual([])
  })

  it('nothing outside src/dialects.ts, tests and a dialect itself names a dialect folder', () => {
    const names = dialects.map(name => `adapters/${name}/`)
    const wrong = [...inside('src'), ...inside('verify')].filter(
      ({ file, own }) => file !== 'src/dialects.ts' && own.some(target => names.some(name => target.startsWith(name))),
    )
    expect(wrong.map(({ file }) => file)).toEqual([])
  })

  it('rooms of the core are entered by their doors, or by the interface that they keep beside their code', () => {
    const room = (file: string) => /^core\/(\w+)\/./.exec(file)?.[1]
    const isOpen = (target: string) => FLOOR.includes(room(target) ?? '') || DOORS.test(target)
    const allowed = (target: string, file: string) => room(target) === room(file) || !room(target) || isOpen(target)
    expect(breaking([...inside('core'), ...inside('src')], allowed)).toEqual([])
  })

  it('nothing imports itself by way of others, types included', () => {
    expect(circles(new Map(all.map(({ file, own }) => [file, own])))).toEqual([])
    // and it would be seen
    expect(circles(new Map(Object.entries({ a: ['b'], b: ['c'], c: ['b'] })))).toEqual(['b → c → b'])
  })

  it.each(dialects)('%s is laid out as all dialects are', name => {
    const entries = readdirSync(join(ROOT, 'adapters', name), { withFileTypes: true })
    const bare = entries.map(entry => (entry.isDirectory() ? entry.name : entry.name.replace(/\.ts$/, '')))
    expect(bare.filter(entry => !LAYOUT.includes(entry))).toEqual([])
    expect(bare.filter((entry, n) => TWICE.includes(entry) && bare.indexOf(entry) !== n)).toEqual([])
  })

  it('core and verify do not know the dialects by name', () => {
    const word = new RegExp(`['"\`](${dialects.join('|')})['"\`]`)
    const wrong = [...inside('core'), ...inside('verify')].filter(({ file }) =>
      word.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(wrong.map(({ file }) => file)).toEqual([])
  })

  it('what the tests of all dialects share knows none by name, but for what the simulation does in one', () => {
    const word = new RegExp(`['"\`](${dialects.join('|')})['"\`]|adapters/(${dialects.join('|')})/.*\\.ts`)
    const shared = [...files('test/support'), ...files('test/contract')]
    const wrong = shared.filter(file => word.test(readFileSync(join(ROOT, file), 'utf8')))
    expect(wrong.filter(file => !file.startsWith('test/support/simulation/acts/'))).toEqual([])
  })

  it('a dialect is named in the program by the register alone, and in examples', () => {
    const word = new RegExp(`['"\`](${dialects.join('|')})['"\`]`)
    const wrong = inside('src').filter(({ file }) => word.test(readFileSync(join(ROOT, file), 'utf8')))
    expect(
      wrong.map(({ file }) => file).filter(file => !/^src\/admin\/.*(examples|overview|on-demand)/.test(file)),
    ).toEqual([])
  })

  // kind: what everything inherits, such as `constructor`, is found in a plain object by whoever asks for it
  it('C15: no plain object is a look-up table for words: tables inherit nothing, and no cast hides that a word is any', () => {
    const literal =
      /(?:const|let) (\w+)(?:: (?:Readonly<|Partial<)*Record<(?:string|number),[^=]*)? = \{(?!\}| \.\.\.)/g
    const wrong = all.flatMap(({ file }) => {
      const text = readFileSync(join(ROOT, file), 'utf8')
      const open = [...text.matchAll(literal)].filter(([all]) => all.includes('Record<')).map(([, name]) => name)
      const asked = open.filter(name => new RegExp(`\\b${name}\\[(?!['"\\d])`).test(text))
      const cast = [...text.matchAll(/\b[A-Z][A-Z_]+\[[^\]]* as (?:keyof )?[^\]]*\]/g)].map(([found]) => found)
      return [...asked, ...(file.startsWith('core/') ? [] : cast)].map(found => `${file}: ${found}`)
    })
    expect(wrong).toEqual([])
  })

  it('real time and chance enter core only through the injected clock and randomness', () => {
    const sources = /Date\.now\(|Math\.random\(|new Date\(\)/
    const allowed = ['core/ground/clock.ts', 'core/ground/random.ts']
    const wrong = inside('core').filter(
      ({ file }) => !allowed.includes(file) && sources.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(wrong.map(({ file }) => file)).toEqual([])
  })
})
