import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import * as v from 'valibot'
import type { InputSchema } from '../../adapters/kit/dialect.ts'

export type JsonSchema = Record<string, unknown>
export type Shapes = Readonly<Record<string, v.GenericSchema>>

/** What is wanted of a client: transformations end a schema, and checks that are code are left to the words. */
const CONFIG = {
  target: 'draft-2020-12',
  typeMode: 'input',
  errorMode: 'ignore',
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
} satisfies ConversionConfig

type Definitions = NonNullable<ConversionConfig['definitions']>
type Convertible = Parameters<typeof toJsonSchema>[0]

/** The named shapes are referred to, wherever they occur. An asynchronous schema has the same form as its twin. */
export function schemaOf(schema: InputSchema, named: Shapes = {}): JsonSchema {
  const { $schema, $defs, ...rest } = toJsonSchema(schema as Convertible, {
    ...CONFIG,
    definitions: named as Definitions,
  })
  return tidied(rest)
}

export function namedSchemas(named: Shapes): Record<string, JsonSchema> {
  const all = toJsonSchemaDefs(named as Definitions, CONFIG)
  return Object.fromEntries(
    Object.entries(all).map(([name, { $schema, $defs, ...rest }]) => [name, tidied(rest as JsonSchema)]),
  )
}

/** Absence read as empty text is a way of reading, not a default; and text rules say nothing about other types. */
function tidied(schema: JsonSchema): JsonSchema {
  const { default: initial, minLength, maxLength, ...rest } = schema
  const isText = rest.type === 'string'
  return {
    ...rest,
    ...(initial !== undefined && initial !== '' && { default: initial }),
    ...(minLength !== undefined && isText && { minLength }),
    ...(maxLength !== undefined && isText && { maxLength }),
  }
}

/** The members of an object schema, also where checks of the whole follow it; undefined: it is none. */
export function membersOf(schema: InputSchema): Record<string, InputSchema> | undefined {
  if ('entries' in schema) return schema.entries as Record<string, InputSchema>
  const [first] = 'pipe' in schema ? (schema.pipe as readonly InputSchema[]) : []
  return first && first !== schema ? membersOf(first) : undefined
}

/** Decided by what it does: absence is an issue. */
export async function isRequired(schema: InputSchema): Promise<boolean> {
  const result = await v.safeParseAsync(schema, undefined, { abortEarly: true, abortPipeEarly: true })
  return !result.success
}
