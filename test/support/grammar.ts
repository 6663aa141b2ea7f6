/**
 * Checks XML answers against RELAX NG grammars: our own closed one, and the provider's open one where a copy of it
 * lies beside the repository. That copy is never part of the repository.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RelaxNGValidator, XmlDocument, XmlElement, XmlLibError } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

export interface Grammar {
  name: string
  /** Readable diagnostics; empty when the document is valid. */
  check(xml: string | Uint8Array): string[]
}

export const NAMESPACE = 'http://www.jnctn.net/ns/rest/2006-01'
const repository = fileURLToPath(new URL('../../', import.meta.url))
const ourDirectory = join(repository, 'rng/onsip')
const providerDirectory = join(repository, '../shared/reference/onsip-rng')

/** Looking for the place of a fault validates many fragments: not worth it for a document of this size. */
const EXPLAIN_LIMIT = 1_000_000

const ourModules = '<include href="jnctn.rng"></include>'
// As published, the provider's Result admits any unknown element, and its root does not reach NpaNxxBrowse.
const providerModules = `
  <include href="jnctn.rng"><define name="Result.content.open"><notAllowed/></define></include>
  <include href="NpaNxxBrowse.rng"/>`

let ours: Grammar | undefined
let provider: Grammar | undefined

export function ourGrammar(): Grammar {
  ours ??= openGrammar('our grammar', ourDirectory, ourModules)
  return ours
}

/** Undefined where no copy of the provider's grammar is at hand. */
export function providerGrammar(): Grammar | undefined {
  if (!existsSync(join(providerDirectory, 'jnctn.rng'))) return undefined
  provider ??= openGrammar("the provider's grammar", providerDirectory, providerModules)
  return provider
}

/** Throws unless every grammar at hand accepts the document. */
export function assertXml(xml: string | Uint8Array): void {
  for (const grammar of [ourGrammar(), providerGrammar()]) {
    const faults = grammar?.check(xml) ?? []
    if (grammar && faults.length > 0) {
      const text = typeof xml === 'string' ? xml : new TextDecoder().decode(xml)
      throw new Error(`${grammar.name} rejects the answer:\n  ${faults.join('\n  ')}\n${text.slice(0, 4000)}`)
    }
  }
}

/** The compiled grammar stays for the life of the process, like its fragments. */
function openGrammar(name: string, directory: string, modules: string): Grammar {
  xmlRegisterFsInputProviders()
  const validator = compile(directory, modules)
  const fragments = new Map<string, RelaxNGValidator | undefined>()
  const fragment = (element: string) => {
    if (!fragments.has(element)) fragments.set(element, compileFragment(directory, modules, element))
    return fragments.get(element)
  }
  const check = (xml: string | Uint8Array) =>
    withDocument(xml, document => {
      const faults = validate(validator, document)
      if (faults.length === 0 || xml.length > EXPLAIN_LIMIT) return faults
      return explain(document.root, fragment) ?? faults
    })
  return { name, check }
}

function compile(directory: string, modules: string): RelaxNGValidator {
  const text = `<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="${NAMESPACE}">${modules}</grammar>`
  // The file does not exist: its URL is what the includes are resolved against.
  const document = XmlDocument.fromString(text, { url: join(directory, 'check.rng') })
  try {
    return RelaxNGValidator.fromDoc(document)
  } finally {
    document.dispose()
  }
}

/** One element on its own, by the module of the same name: its faults are much easier to read than those of the whole. */
function compileFragment(directory: string, modules: string, element: string): RelaxNGValidator | undefined {
  const path = join(directory, `${element}.rng`)
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8')
  const defined = (name: string) => text.includes(`<define name="${name}"`)
  if (!defined(element)) return undefined
  const defines = [element, `${element}.uncounted`].filter(defined)
  const start = `<start><choice>${defines.map(name => `<ref name="${name}"/>`).join('')}</choice></start>`
  const root = '<include href="jnctn.rng">'
  return compile(directory, modules.replace(root, `${root}${start}`))
}

function withDocument(xml: string | Uint8Array, use: (document: XmlDocument) => string[]): string[] {
  let document: XmlDocument
  try {
    document = typeof xml === 'string' ? XmlDocument.fromString(xml) : XmlDocument.fromBuffer(xml)
  } catch (error) {
    return messages(error).map(message => `not well-formed: ${message}`)
  }
  try {
    return use(document)
  } finally {
    document.dispose()
  }
}

function validate(validator: RelaxNGValidator, document: XmlDocument): string[] {
  try {
    validator.validate(document)
    return []
  } catch (error) {
    return messages(error)
  }
}

function messages(error: unknown): string[] {
  if (!(error instanceof XmlLibError) || error.details.length === 0) throw error
  return error.details.map(detail => `line ${detail.line}: ${detail.message.trim()}`)
}

/** The faults of the innermost element that is wrong on its own. */
function explain(element: XmlElement, fragment: (name: string) => RelaxNGValidator | undefined): string[] | undefined {
  for (let child = element.firstChild; child; child = child.next) {
    const inner = child instanceof XmlElement ? explain(child, fragment) : undefined
    if (inner) return inner
  }
  const validator = fragment(element.name)
  if (!validator) return undefined
  const faults = withDocument(standalone(element), document => validate(validator, document))
  return faults.length > 0 ? faults.map(fault => `in ${element.name}, ${fault}`) : undefined
}

/** Serialized without its parents, an element loses the namespace it inherits. */
function standalone(element: XmlElement): string {
  const text = element.toString({ format: false })
  return /^<[^>]*\sxmlns=/.test(text) ? text : text.replace(/^<[^\s/>]+/, `$& xmlns="${element.namespaceUri}"`)
}
