/** Checks XML answers against RELAX NG grammars. Imported only where answers are judged: it loads a big library. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RelaxNGValidator, XmlDocument, XmlElement, XmlLibError } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

export interface Grammar {
  name: string
  /** Readable diagnostics; empty when the document is valid. */
  check(xml: string | Uint8Array): string[]
}

export interface GrammarSource {
  name: string
  folder: string
  /** The file that the includes of `modules` begin with. */
  root: string
  namespace: string
  /** Content of the grammar element; the root's own start when absent. */
  modules?: string
}

/** Looking for the place of a fault validates many fragments: not worth it for a document of this size. */
const EXPLAIN_LIMIT = 1_000_000

interface Compiler {
  /** The grammar, with another start where one is given. */
  compile(start?: string): RelaxNGValidator
  folder: string
}

/** The compiled grammar stays for the life of the process, like its fragments. */
export function openGrammar(source: GrammarSource): Grammar {
  xmlRegisterFsInputProviders()
  const compiler = createCompiler(source)
  const validator = compiler.compile()
  const fragments = new Map<string, RelaxNGValidator | undefined>()
  const fragment = (element: string) => {
    if (!fragments.has(element)) fragments.set(element, compileFragment(compiler, element))
    return fragments.get(element)
  }
  const check = (xml: string | Uint8Array) =>
    withDocument(xml, document => {
      const faults = validate(validator, document)
      if (faults.length === 0 || xml.length > EXPLAIN_LIMIT) return faults
      return explain(document.root, fragment) ?? faults
    })
  return { name: source.name, check }
}

function createCompiler({ folder, root, namespace, modules }: GrammarSource): Compiler {
  const include = `<include href="${root}">`
  const all = modules ?? `${include}</include>`
  return {
    folder,
    compile(start = '') {
      const content = all.replace(include, `${include}${start}`)
      const text = `<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="${namespace}">${content}</grammar>`
      // The file does not exist: its URL is what the includes are resolved against.
      const document = XmlDocument.fromString(text, { url: join(folder, 'check.rng') })
      try {
        return RelaxNGValidator.fromDoc(document)
      } finally {
        document.dispose()
      }
    },
  }
}

/** One element on its own, by the module of the same name: its faults are much easier to read than those of the whole. */
function compileFragment({ compile, folder }: Compiler, element: string): RelaxNGValidator | undefined {
  const path = join(folder, `${element}.rng`)
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8')
  const defined = (name: string) => text.includes(`<define name="${name}"`)
  if (!defined(element)) return undefined
  const defines = [element, `${element}.uncounted`].filter(defined)
  return compile(`<start><choice>${defines.map(name => `<ref name="${name}"/>`).join('')}</choice></start>`)
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
