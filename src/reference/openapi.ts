import { STATUS_CODES } from 'node:http'
import type { Answers, Dialect, Operation } from '../../adapters/kit/dialect.ts'
import type { RestReference } from '../../adapters/kit/reference.ts'
import { exampleOf, type Kept } from './exchanges.ts'
import { type JsonSchema, namedSchemas, schemaOf } from './json-schema.ts'
import { type Documented, documented, matcherOf, templateOf } from './operations.ts'
import { type RequestParts, requestOf } from './request.ts'

export interface DocumentOptions {
  /** Base URL of the dialect. */
  server: string
  version: string
  /** For the examples. */
  exchanges?: readonly Kept[]
}

export const EVIDENCE = {
  E0: 'inferred',
  E1: "the vendor's document",
  E2: "the vendor's schema or SDK accepts our answer",
  E3: 'compared with a recorded real answer',
} as const

/** An OpenAPI 3.1 document, made from the operations as they are served. */
export async function openApi(dialect: Dialect, reference: RestReference, options: DocumentOptions) {
  const all = documented(dialect, reference)
  const paths: Record<string, JsonSchema> = {}
  for (const each of all) {
    const path = templateOf(each.path)
    paths[path] = {
      ...paths[path],
      [each.method.toLowerCase()]: await operationObject(each, reference, keptOf(each, options)),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: reference.title, version: options.version, description: reference.description },
    servers: [{ url: options.server, description: 'This gateway' }],
    tags: Object.entries(reference.tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: namedSchemas(reference.schemas), securitySchemes: reference.security },
  }
}

/** Those of this operation, its good ones first. */
function keptOf({ method, path, aliases }: Documented, { exchanges = [] }: DocumentOptions): Kept[] {
  const all = [path, ...aliases.map(on => on.split(' ')[1] ?? '')].map(matcherOf)
  const found = all.flatMap(matches => exchanges.filter(each => each.method === method && matches.test(each.path)))
  return [...found.filter(({ status }) => status < 300), ...found.filter(({ status }) => status >= 300)]
}

async function operationObject(each: Documented, reference: RestReference, kept: Kept[]): Promise<JsonSchema> {
  const { entry, operation } = each
  const { parameters, requestBody } = withExamples(await requestOf(each, reference), kept)
  return {
    operationId: entry.id,
    tags: [entry.tag],
    summary: entry.summary,
    description: descriptionOf(each),
    security: securityOf(operation, reference),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(each, reference, kept),
    'x-evidence': operation.evidence,
    ...(operation.scope !== undefined && { 'x-scope': operation.scope }),
  }
}

function descriptionOf({ entry, operation, aliases }: Documented): string {
  const { evidence, scope } = operation
  return [
    ...(entry.description === undefined ? [] : [entry.description]),
    ...(aliases.length === 0 ? [] : [`Also answered as ${aliases.map(on => `\`${on}\``).join(', ')}.`]),
    ...(scope === undefined ? [] : [`A restricted key needs the scope \`${scope}\`.`]),
    `Evidence ${evidence}: ${EVIDENCE[evidence]}.`,
  ].join('\n\n')
}

/** No requirement at all is the last alternative of operations that may be called without credentials. */
function securityOf({ caller }: Operation, { anyOf }: RestReference): JsonSchema[] {
  const all = anyOf.map(names => Object.fromEntries(names.map(name => [name, []])))
  return caller === 'required' ? all : [...all, {}]
}

export function answersOf({ on, answers }: Operation): Answers {
  // no REST dialect answers by request; one that does must say here how it is documented
  if (typeof answers === 'function') throw new Error(`the answers of ${[on].flat()[0]} depend on the request`)
  return answers
}

function responsesOf(
  { entry, operation }: Documented,
  { schemas, documents }: RestReference,
  kept: readonly Kept[],
): JsonSchema {
  const all = Object.entries(answersOf(operation)).map(([code, answer]) => {
    const status = Number(code)
    const headers = status < 300 && entry.headers ? { headers: headersOf(entry.headers) } : {}
    const example = kept.find(each => each.status === status)
    const content =
      typeof answer === 'string'
        ? namedOf(answer, { type: entry.binary, documents, example })
        : jsonOf(schemaOf(answer, schemas), example)
    return [code, { description: STATUS_CODES[status] ?? code, ...headers, ...content }]
  })
  return Object.fromEntries(all)
}

function mediaOf(type: string, schema: JsonSchema, kept: Kept | undefined): JsonSchema {
  const example = kept && exampleOf(type, kept.answer)
  return { content: { [type]: { schema, ...(example !== undefined && { example }) } } }
}

const jsonOf = (schema: JsonSchema, kept: Kept | undefined) => mediaOf('application/json', schema, kept)

interface Naming {
  /** Of bytes. */
  type: string | undefined
  /** Of documents. */
  documents: string | undefined
  example: Kept | undefined
}

/** As somebody once asked: one request, so that its values fit each other. */
function withExamples({ parameters, requestBody }: RequestParts, [kept]: readonly Kept[]): RequestParts {
  if (kept === undefined) return { parameters, ...(requestBody && { requestBody }) }
  const asked = parameters.map(each => {
    const example = each.in === 'query' ? kept.query.get(String(each.name)) : null
    return example === null || example.includes('{{') ? each : { ...each, example: typedAs(example, each.schema) }
  })
  const content = Object.entries((requestBody?.content ?? {}) as Record<string, JsonSchema>).map(([type, media]) => {
    const example = exampleOf(type, kept.body)
    return [type, example === undefined ? media : { ...media, example }]
  })
  return {
    parameters: asked,
    ...(requestBody && { requestBody: { ...requestBody, content: Object.fromEntries(content) } }),
  }
}

/** A query is text, whatever it is read as. */
function typedAs(text: string, schema: unknown): unknown {
  const { type } = (schema ?? {}) as JsonSchema
  return (type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

/** 'empty' has no body at all, 'binary' is bytes; any other word is the element of a document. */
function namedOf(kind: string, { type = 'application/octet-stream', documents = type, example }: Naming): JsonSchema {
  if (kind === 'empty') return {}
  if (kind === 'binary') return { content: { [type]: {} } }
  return mediaOf(documents, { type: 'object', xml: { name: kind } }, example)
}

function headersOf(headers: NonNullable<Documented['entry']['headers']>): JsonSchema {
  const all = Object.entries(headers).map(([name, schema]) => {
    const { description, ...shape } = schemaOf(schema)
    return [name, { ...(description !== undefined && { description }), schema: shape }]
  })
  return Object.fromEntries(all)
}
