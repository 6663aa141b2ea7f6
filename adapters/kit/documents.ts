/** One answer in three formats: JSON with snake_case members, XML with PascalCase elements, CSV. */
import { csvLine } from './csv.ts'
import { branch, leaf, renderXml, type XmlNode } from './xml.ts'

export type DocumentFormat = 'json' | 'xml' | 'csv'
type Value = null | string | number | boolean | readonly Value[] | { readonly [member: string]: Value }
type Members = { readonly [member: string]: Value }

/** A single resource, a list of them, or what went wrong. Names are snake_case. */
export type Document =
  | { kind: 'one'; name: string; value: Members }
  | {
      kind: 'list'
      name: string
      item: string
      items: readonly Members[]
      /** Members beside the list, in the order of the answer; `null` marks the place of the list itself. */
      around: readonly (readonly [member: string, value: Value] | null)[]
    }
  | { kind: 'fault'; value: Members }
  /** What the provider tells in JSON only. */
  | { kind: 'json'; value: Members }

/** Words that XML spells otherwise than their parts say, by the member they stand in. */
const SPELLING: ReadonlyMap<string, string> = new Map([
  ['capabilities.sms', 'SMS'],
  ['capabilities.mms', 'MMS'],
])

const NO_UNDERSCORE = /_/g

/** `phone_number` → `PhoneNumber`. */
export function pascalCase(name: string, within = ''): string {
  const own = SPELLING.get(`${within}.${name}`)
  if (own !== undefined) return own
  return name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())
}

function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const textOf = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Null and empty text are both an empty element. */
function element(name: string, value: Value, within = ''): XmlNode {
  const tag = pascalCase(name, within)
  if (Array.isArray(value))
    return branch(
      tag,
      value.map(each => element(name.replace(/s$/, ''), each, name)),
    )
  if (isMembers(value))
    return branch(
      tag,
      Object.entries(value).map(([member, each]) => element(member, each, name)),
    )
  return leaf(tag, textOf(value))
}

function xmlOf(document: Exclude<Document, { kind: 'json' }>): XmlNode {
  if (document.kind === 'one') return element(document.name, document.value)
  if (document.kind === 'fault') return element('rest_exception', document.value)
  const beside = document.around.flatMap(each => (each ? [[each[0].replace(NO_UNDERSCORE, ''), textOf(each[1])]] : []))
  const items = document.items.map(each => element(document.item, each))
  return branch(pascalCase(document.name), items, Object.fromEntries(beside) as Record<string, string>)
}

function jsonOf(document: Document): unknown {
  if (document.kind !== 'list') return document.value
  return Object.fromEntries(document.around.map(each => each ?? [document.name, document.items]))
}

/** Nested members are columns of their own: `Capabilities.Voice`. */
function columns(value: Members, within = '', prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, each]): [string, string][] => {
    const column = prefix + pascalCase(name, within)
    return isMembers(each) ? columns(each, name, `${column}.`) : [[column, textOf(each)]]
  })
}

const entriesOf = (schema: unknown) => (schema as { entries?: Readonly<Record<string, unknown>> } | undefined)?.entries

/** The same names from the strict schema of a row, for a table without rows; of a map nobody knows them before. */
function columnNames(schema: unknown, within = '', prefix = ''): string[] {
  return Object.entries(entriesOf(schema) ?? {}).flatMap(([name, each]) => {
    const column = prefix + pascalCase(name, within)
    if ((each as { type?: string }).type === 'record') return []
    return entriesOf(each) ? columnNames(each, name, `${column}.`) : [column]
  })
}

const rowSchema = (answer: unknown, list: string) => (entriesOf(answer)?.[list] as { item?: unknown } | undefined)?.item

function csvOf(rows: readonly Members[], row: unknown): string {
  const table = rows.map(row => columns(row))
  const names = table[0]?.map(([name]) => name) ?? columnNames(row)
  const lines = [names, ...table.map(row => row.map(([, text]) => text))]
  return names.length === 0 ? '' : lines.map(csvLine).join('')
}

/** `answer`: its strict schema. What goes wrong in CSV is told in JSON: a table of faults helps nobody. */
export function renderDocument(
  document: Document,
  format: DocumentFormat,
  root: string,
  answer?: unknown,
): { type: string; text: string } {
  if (format === 'xml' && document.kind !== 'json') {
    const bytes = Buffer.concat(renderXml(branch(root, [xmlOf(document)])))
    return { type: 'application/xml; charset=utf-8', text: bytes.toString() }
  }
  if (format === 'csv' && (document.kind === 'one' || document.kind === 'list')) {
    const rows = document.kind === 'list' ? document.items : [document.value]
    return { type: 'text/csv; charset=utf-8', text: csvOf(rows, rowSchema(answer, document.name)) }
  }
  return { type: 'application/json; charset=utf-8', text: JSON.stringify(jsonOf(document)) }
}
