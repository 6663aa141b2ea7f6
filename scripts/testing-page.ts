/** docs/testing.md: faults on demand, the journal and the receiver, with every member from the schemas that read them. */
import type { FaultCode } from '../core/ground/fault.ts'
import { adminRoutes } from '../src/admin/admin.ts'
import { dialectModules } from '../src/dialects.ts'
import { BODIES, CALLBACK_EFFECTS, DROPS, thenSchema, whenSchema } from '../src/double/rule-schema.ts'
import { MOST_RULES } from '../src/double/rules.ts'
import { FAULT_CODES } from '../src/double/samples.ts'
import { membersOf } from '../src/reference/json-schema.ts'
import { templateOf } from '../src/reference/operations.ts'
import * as words from './testing-words.ts'

const cell = (text: string) => text.replaceAll('|', '\\|')
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(...head), `|${'---|'.repeat(head.length)}`, ...rows.map(each => row(...each))].join('\n')
}

/** A member that nobody described, or a description of none, would be a hole in the page. */
function described(names: readonly string[], texts: Readonly<Record<string, string>>): string[][] {
  const strange = Object.keys(texts).filter(name => !names.includes(name))
  if (strange.length > 0) throw new Error(`described, but not there: ${strange.join(', ')}`)
  return names.map(name => {
    const text = texts[name]
    if (text === undefined) throw new Error(`"${name}" is not described in scripts/testing-words.ts`)
    return [`\`${name}\``, text]
  })
}

const namesIn = (schema: Parameters<typeof membersOf>[0]) => Object.keys(membersOf(schema) ?? {})

function filters(): string[] {
  const list = adminRoutes.find(({ method, path }) => method === 'GET' && path === '/requests')
  if (!list?.words.query) throw new Error('no list of requests')
  return namesIn(list.words.query)
}

function calls(): string[][] {
  return adminRoutes
    .filter(({ path }) => /^\/(faults|requests|callbacks)\b/.test(path))
    .map(({ method, path, words: { summary } }) => [`\`${method} ${templateOf(path)}\``, summary])
}

const statusOf = (code: FaultCode) => words.codes[code]

export function testingPage(): string {
  const dialects = dialectModules.map(({ name }) => `\`${name}\``).join(', ')
  return `${[
    words.introduction,
    table(['Call, below `/admin/v1`', 'What it does'], calls()),
    words.faults(MOST_RULES, dialects),
    '### `when`',
    table(['Member', 'Meaning'], described(namesIn(whenSchema), words.when)),
    '### `then`',
    table(['Member', 'Meaning'], described(namesIn(thenSchema), words.outcomes)),
    '### Codes of `then.fault`',
    table(
      ['Code', 'Met when'],
      FAULT_CODES.map(code => [`\`${code}\``, statusOf(code)]),
    ),
    '### `then.drop`, `then.body`, `then.callback`',
    table(['Value', 'What happens'], described([...DROPS, ...BODIES, ...CALLBACK_EFFECTS], words.effects)),
    words.journal,
    table(['Filter', 'Meaning'], described(filters(), words.filters)),
    words.rest,
  ].join('\n\n')}\n`
}
