import { STATUS_CODES } from 'node:http'
import * as v from 'valibot'
import { pageSchema } from '../admin/input.ts'
import type { Route } from '../admin/route.ts'
import { exampleSchema } from './example-schema.ts'
import { csvColumns, worldFormat } from './formats.ts'
import { isRequired, type JsonSchema, membersOf, schemaOf } from './json-schema.ts'
import { parameterNames, templateOf } from './operations.ts'

const DESCRIPTION = `Operators and tests govern a gateway by these calls. Bodies are JSON unless said otherwise; money is
decimal text, times are ISO 8601 with their zone. A list takes \`limit\` (100, at most 1,000) and \`offset\`. Whatever is
refused has the one form \`Error\` and changes nothing.

Every call also stands below \`/admin/v1/spaces/{space}\`, for that space alone, but those of the spaces themselves.`

const ERROR = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string', description: 'A word for programs.' },
        message: { type: 'string', description: 'A sentence for people.' },
        issues: {
          type: 'array',
          items: { type: 'object' },
          description: 'Each wrong member, where there is more than one thing.',
        },
      },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
}

/** The admin plane as an OpenAPI 3.1 document, made from the routes as they are served. */
export async function adminOpenApi(routes: readonly Route[], version: string) {
  const paths: Record<string, JsonSchema> = {}
  for (const each of routes) {
    const path = templateOf(each.path)
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: await operationOf(each) }
  }
  const tags = [...new Set(routes.map(tagOf))].map(name => ({ name }))
  return {
    openapi: '3.1.0',
    info: { title: 'Admin API', version, description: DESCRIPTION },
    servers: [
      { url: '/admin/v1', description: 'The world of the program' },
      { url: '/admin/v1/spaces/{space}', description: 'A space', variables: { space: { default: 'mine' } } },
    ],
    security: [{ token: [] }, {}],
    tags,
    paths,
    components: {
      schemas: {
        Error: ERROR,
        World: worldFormat(),
        NumbersCsv: csvColumns(false),
        OwnedNumbersCsv: csvColumns(true),
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'DIDGATE_ADMIN_TOKEN; without one, programs of this machine.',
        },
      },
    },
  }
}

const tagOf = ({ path }: Route) => path.split('/')[1] ?? ''

/** `POST /accounts/:id/topups`: `postAccountsIdTopups` */
function idOf({ method, path }: Route): string {
  const words = path.split(/\W+/).filter(word => word !== '')
  return method.toLowerCase() + words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

async function operationOf(each: Route): Promise<JsonSchema> {
  const { summary, description, body, takes, only } = each.words
  const told = [...(description === undefined ? [] : [description]), ...(only ? ['Only in double mode.'] : [])]
  const parameters = await parametersOf(each)
  return {
    operationId: idOf(each),
    tags: [tagOf(each)],
    summary,
    ...(told.length > 0 && { description: told.join('\n\n') }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !v.safeParse(body, {}).success,
        content: { 'application/json': { schema: schemaOf(body) } },
      },
    }),
    ...(takes && { requestBody: { required: true, content: { [takes]: { schema: { type: 'string' } } } } }),
    responses: responsesOf(each),
  }
}

async function parametersOf({ path, words: { query, paged } }: Route): Promise<JsonSchema[]> {
  const members = { ...(query && membersOf(query)), ...(paged && membersOf(pageSchema)) }
  const inPath = parameterNames(path).map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = Object.entries(members).map(async ([name, schema]) => {
    const { description, ...shape } = schemaOf(schema)
    const required = await isRequired(schema)
    return { name, in: 'query', required, ...(description !== undefined && { description }), schema: shape }
  })
  return [...inPath, ...(await Promise.all(inQuery))]
}

function responsesOf({ words: { status = 200, answer, gives } }: Route): JsonSchema {
  const json = { 'application/json': { schema: exampleSchema(answer), example: answer } }
  const content = gives ? { [gives]: {} } : answer === undefined ? undefined : json
  const error = {
    description: 'Refused',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
  return {
    [status]: { description: STATUS_CODES[status] ?? String(status), ...(content && { content }) },
    default: error,
  }
}
