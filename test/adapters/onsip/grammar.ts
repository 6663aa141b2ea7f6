/**
 * Checks XML answers against RELAX NG grammars: our own closed one, and the provider's open one where a copy of it
 * lies beside the repository. That copy is never part of the repository.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Grammar, openGrammar } from '../../../verify/answers/grammar.ts'

export const NAMESPACE = 'http://www.jnctn.net/ns/rest/2006-01'
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const shared = { root: 'jnctn.rng', namespace: NAMESPACE }
const ourFolder = join(repository, 'rng/onsip')
export const providerFolder = join(repository, '../shared/reference/onsip-rng')

const like = (content: string, ...actions: string[]) =>
  actions.map(action => `<element name="${action}"><ref name="${content}"/></element>`).join('')

const any = '<zeroOrMore><ref name="AnyAttribute"/></zeroOrMore>'
const listLike = (action: string, list: string, item: string) =>
  `<element name="${action}"><element name="${list}">${any}<zeroOrMore><ref name="${item}"/></zeroOrMore></element></element>`

/** Actions that the provider's pages describe and none of its modules does: answered by the nouns that they speak of. */
const undescribed = [
  like('User', 'UserAdd', 'UserEditStatus', 'UserEditRoleSubmit', 'UserEditPortalPassword'),
  like('UserAlias', 'UserAliasAdd', 'UserAliasEdit'),
  listLike('UserAliasBrowse', 'UserAliases', 'UserAlias'),
  '<element name="UserDelete"><empty/></element><element name="UserAliasDelete"><empty/></element>',
  ...['Add', 'Read', 'Edit', 'Browse', 'Delete'].map(verb => like('Anything', `ExternalAddress${verb}`)),
].join('')

// As published, the provider's Result admits any unknown element, and its root does not reach NpaNxxBrowse.
const providerModules = `
  <include href="jnctn.rng"><define name="Result.content.open"><choice>${undescribed}</choice></define></include>
  <include href="NpaNxxBrowse.rng"/>`

let ours: Grammar | undefined
let provider: Grammar | undefined

export function ourGrammar(): Grammar {
  ours ??= openGrammar({ ...shared, name: 'our grammar', folder: ourFolder })
  return ours
}

/** Undefined where no copy of the provider's grammar is at hand. */
export function providerGrammar(): Grammar | undefined {
  if (!existsSync(join(providerFolder, 'jnctn.rng'))) return undefined
  provider ??= openGrammar({
    ...shared,
    name: "the provider's grammar",
    folder: providerFolder,
    modules: providerModules,
  })
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
