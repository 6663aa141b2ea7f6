/** Every operation of every registered dialect as something that requests can be made for, from what it says of itself. */
import type { Dialect, DialectModule, Operation } from '../../../adapters/kit/dialect.ts'
import type { RestEntry, RestReference } from '../../../adapters/kit/reference.ts'
import { type JsonSchema, membersOf, schemaOf } from '../../../src/reference/json-schema.ts'
import { inputOf, parameterNames, spellings } from '../../../src/reference/operations.ts'
import { requestOf } from '../../../src/reference/request.ts'
import { ORIGIN } from '../world.ts'
import { credentialsFor, headersFor, type Things } from './bench.ts'

export interface Field {
  name: string
  schema: JsonSchema
  required: boolean
}

export interface Target {
  dialect: string
  /** One spelling of the operation. */
  on: string
  method: string
  /** `action`: fields are parameters of a form; `rest`: the path names the operation. */
  wire: 'action' | 'rest'
  operation: Operation
  headers: Readonly<Record<string, string>>
  query: readonly Field[]
  body: readonly Field[]
  pathNames: readonly string[]
  /** The address with these path parameters, written as they are. */
  url(path: Readonly<Record<string, string>>): string
}

type Parameter = { name: string; in: string; required: boolean; schema: JsonSchema }

function fieldsOf(schema: JsonSchema | undefined): Field[] {
  const required = new Set((schema?.required as string[] | undefined) ?? [])
  const properties = (schema?.properties ?? {}) as Record<string, JsonSchema>
  return Object.entries(properties).map(([name, each]) => ({ name, schema: each, required: required.has(name) }))
}

/** The first spelling of each method: other spellings lead to the same code. */
function mainSpellings(operation: Operation): string[] {
  const byMethod = new Map(spellings(operation).map(on => [on.split(' ', 1)[0], on]))
  return [...byMethod.keys()].map(
    method => spellings(operation).find(on => on.startsWith(`${method} `)) ?? (method as string),
  )
}

async function restTarget(module: DialectModule, dialect: Dialect, operation: Operation, on: string): Promise<Target> {
  // where a client may choose the form of the answer, JSON is what the schemas speak of
  const extension = dialect.otherTypes ? '.json' : ''
  const [method = '', path = ''] = on.split(' ')
  const reference = module.reference as RestReference
  const entry: RestEntry = reference.operations.find(each => spellings(operation).includes(each.on)) ?? {
    ...{ on, id: on, tag: '', summary: '' },
  }
  const documented = { entry, operation, method, path, aliases: [] }
  const { parameters, requestBody } = await requestOf(documented, { ...reference, schemas: {} })
  const content = (requestBody?.content ?? {}) as Record<string, { schema: JsonSchema }>
  const query = (parameters as unknown as Parameter[]).filter(each => each.in === 'query')
  return {
    ...{ dialect: module.name, on, method, wire: 'rest', operation, headers: headersFor(module.name), query },
    body: fieldsOf(Object.values(content)[0]?.schema),
    pathNames: parameterNames(path),
    url: values =>
      `${ORIGIN}/${module.name}${path.replace(/:([A-Za-z]\w*)/g, (all, name) => values[name] ?? all)}${extension}`,
  }
}

function actionTarget(module: DialectModule, operation: Operation): Target {
  const reference = module.reference
  const address = reference?.kind === 'actions' ? reference.paths[0] : '/'
  const input = inputOf(operation)
  const body = Object.entries(membersOf(input) ?? {}).map(([name, schema]) => {
    const shown = schemaOf(schema)
    return { name, schema: shown, required: false }
  })
  return {
    ...{ dialect: module.name, on: spellings(operation)[0] as string, method: 'POST', wire: 'action', operation },
    ...{ headers: headersFor(module.name), query: [], body, pathNames: [] },
    url: () => `${ORIGIN}/${module.name}${address}`,
  }
}

export async function targetsOf(module: DialectModule, dialect: Dialect): Promise<Target[]> {
  const { operations } = dialect
  if (module.reference?.kind === 'actions') return operations.map(operation => actionTarget(module, operation))
  const all = operations.flatMap(operation =>
    mainSpellings(operation).map(on => restTarget(module, dialect, operation, on)),
  )
  return Promise.all(all)
}

/** What a path parameter or a field may be called, and what is then a good value; the first that fits. */
const GOOD: readonly [RegExp, (things: Things) => unknown][] = [
  [/^(ids|dids)$/i, ({ offered }) => [offered.slice(1)]],
  [/^(e164|phone_?number|number)$/i, ({ offered }) => offered],
  [/^AreaCode$/, () => '212'],
  [/^IsoCountry$/, () => 'US'],
  [/^trunk/i, ({ trunk }) => trunk],
  [/^sub/i, ({ subAccount }) => subAccount],
  [/company_?profile/i, ({ profile }) => profile],
  [/^quantity$/i, () => 1],
  [/area_?code/i, () => '212'],
  [/^grant_type$/i, () => 'client_credentials'],
  [/region_?code|country_?code/i, () => 'US'],
  [/^currency$/i, () => 'USD'],
  [/^type$/i, () => 'LOCAL'],
  [/^region$/, () => 'DC'],
  [/^NpaNxx$/, ({ offered }) => ({ [offered.slice(2, 8)]: '1' })],
  [/^UserId$/, () => '501'],
  [/^DidId$/, ({ lease }) => lease],
  [/^(Destination|Address)$/, () => 'ann@example.onsip.com'],
  [/^Protocol$/, () => 'sip'],
  [/^(AccountId)$/, () => '12'],
  [/^(OrganizationId)$/, () => '31'],
  [/url$/i, () => 'https://example.com/hook'],
]

const SIMPLE: Readonly<Record<string, unknown>> = { string: 'text', integer: 1, number: 1, boolean: true, array: [] }

export function goodValue({ name, schema }: Field, things: Things): unknown {
  const known = GOOD.find(([pattern]) => pattern.test(name))
  if (known) return known[1](things)
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.type === 'object') {
    return Object.fromEntries(fieldsOf(schema).map(each => [each.name, goodValue(each, things)]))
  }
  return SIMPLE[String(schema.type)] ?? 'text'
}

/** Places of the demo world. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  country: ['8652', 'US'],
  region: ['379'],
  city: ['200'],
  currency: ['USD'],
}

/** Candidates for a parameter of the path; of an account, what the credentials say. */
export function pathValues(dialect: string, name: string, things: Things): string[] {
  const own = Object.entries(credentialsFor(dialect)).filter(([each]) => /(id|guid|sid)$/i.test(each))
  const accounts = own.filter(([each]) => !/^key/i.test(each)).map(([, value]) => value)
  if (/account|project/i.test(name)) return accounts
  const known = KNOWN[name.toLowerCase()]
  if (known) return [...known]
  const { offered, owned, lease, trunk, subAccount, profile, order } = things
  const all = [offered, owned, lease, '1', trunk, subAccount, profile, order, 'US', '8652', '200', '379', 'USD']
  return all.filter(value => value !== '')
}
