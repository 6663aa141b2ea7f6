import * as v from 'valibot'

/** What does not fit the strict schema, one line each; empty when everything does. */
export function schemaFaults(schema: v.GenericSchema, value: unknown): string[] {
  const result = v.safeParse(schema, value)
  return (result.issues ?? []).map(issue => `${v.getDotPath(issue) ?? 'the whole answer'}: ${issue.message}`)
}
