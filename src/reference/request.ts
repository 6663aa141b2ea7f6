import * as v from 'valibot'
import type { InputSchema, Operation } from '../../adapters/kit/dialect.ts'
import type { BodyNote, RestReference } from '../../adapters/kit/reference.ts'
import { isRequired, type JsonSchema, membersOf, schemaOf } from './json-schema.ts'
import { type Documented, inputOf, parameterNames } from './operations.ts'

const READS = new Set(['GET', 'HEAD'])
type Members = Readonly<Record<string, InputSchema>>

export interface RequestParts {
  parameters: JsonSchema[]
  requestBody?: JsonSchema
}

/** Where each value of an operation's input stands in the request. */
export async function requestOf(each: Documented, reference: RestReference): Promise<RequestParts> {
  const { entry, method, path } = each
  const members: Members = membersOf(inputOf(each.operation)) ?? {}
  const inPath = parameterNames(path)
  const elsewhere = Object.entries(members).filter(([name]) => !pathNames(each).has(name))
  const isQuery = ([name]: [string, unknown]) => READS.has(method) || entry.inQuery?.includes(name) === true
  const query = { ...Object.fromEntries(elsewhere.filter(isQuery)), ...entry.query }
  const body = bodyOf(each, Object.fromEntries(elsewhere.filter(pair => !isQuery(pair))))
  const headers = READS.has(method) ? {} : (reference.changeHeaders ?? {})
  return {
    parameters: [
      ...(await parameters('path', Object.fromEntries(inPath.map(name => [name, textOf(members[name])])))),
      ...(await parameters('query', query)),
      ...(await parameters('header', headers)),
    ],
    ...(body && { requestBody: await requestBody(body, each, reference) }),
  }
}

/** A parameter of any spelling's path is no member of the query or body. */
function pathNames({ operation }: Documented): Set<string> {
  return new Set([operation.on].flat().flatMap(on => parameterNames(on)))
}

/** A path is text, whatever the input makes of it. */
function textOf(schema: InputSchema | undefined): InputSchema {
  return schema && schemaOf(schema).type !== undefined ? schema : v.string()
}

function parameters(where: 'path' | 'query' | 'header', members: Members): Promise<JsonSchema[]> {
  return Promise.all(
    Object.entries(members).map(async ([name, schema]) => {
      const { description, ...shape } = schemaOf(schema)
      const required = where === 'path' || (await isRequired(schema))
      return { name, in: where, required, ...(description !== undefined && { description }), schema: shape }
    }),
  )
}

function bodyOf({ entry }: Documented, members: Members): BodyNote | undefined {
  if (entry.body !== undefined) return entry.body ?? undefined
  if (Object.keys(members).length === 0) return undefined
  return { schema: v.object(members as v.ObjectEntries) }
}

async function requestBody({ schema, required }: BodyNote, { operation }: Documented, reference: RestReference) {
  const shape = schemaOf(schema, reference.schemas)
  const content = Object.fromEntries(bodyTypes(operation, reference).map(type => [type, { schema: shape }]))
  // an absent body is read as one without members
  return { required: required ?? !v.safeParse(schema, {}).success, content }
}

function bodyTypes({ body }: Operation, { documents = JSON_TYPE }: RestReference): readonly string[] {
  if (body?.multipart) return ['multipart/form-data']
  if (body?.form === 'only') return [FORM]
  return body?.form ? [FORM, documents] : [documents]
}

const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
