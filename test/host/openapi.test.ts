/** The generated documents: valid OpenAPI 3.1, complete, and telling what the operations tell. */
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { type DialectModule, operation } from '../../adapters/kit/dialect.ts'
import { dialectModules } from '../../src/dialects.ts'
import { actionList } from '../../src/reference/actions.ts'
import { actionDialects, restDialects } from '../../src/reference/documents.ts'
import { answersOf, openApi } from '../../src/reference/openapi.ts'
import { undocumented } from '../../src/reference/operations.ts'
import { dialects } from '../support/dialects.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is read freely here; the validator knows its form
type Document = any

const restOf = (modules: readonly DialectModule[]) =>
  restDialects(modules).map(each => [each.dialect.name, each] as const)
const all = restOf(dialectModules)
const wanted = (name: string) => (all.find(([each]) => each === name) as (typeof all)[number])[1]
const OPTIONS = { server: 'http://127.0.0.1:8080/x', version: '1.2.3' }
const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch'])

function operationsOf(document: Document): Document[] {
  return Object.values(document.paths).flatMap(path =>
    Object.entries(path as Document).flatMap(([method, each]) => (METHODS.has(method) ? [each] : [])),
  )
}

/** Every place that refers to a named shape. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : references(each)))
}

describe('reference data', () => {
  it('is there for every dialect', () => {
    expect(dialectModules.filter(({ reference }) => !reference).map(({ name }) => name)).toEqual([])
    expect(all.length).toBeGreaterThan(1)
  })
})

describe.each(restOf(dialects))('OpenAPI of %s', (_, { dialect, reference }) => {
  const made = openApi(dialect, reference, OPTIONS) as Promise<Document>

  it('is valid under an independent validator', async () => {
    const copy = JSON.parse(JSON.stringify(await made))
    expect(await new Validator().validate(copy)).toEqual({ valid: true })
    expect(copy.openapi).toBe('3.1.0')
  })

  it('has every operation and method of the dialect', async () => {
    expect(undocumented(dialect, reference)).toEqual([])
    expect(operationsOf(await made)).toHaveLength(reference.operations.length)
  })

  it('names every operation once', async () => {
    const ids = operationsOf(await made).map(each => each.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter(id => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([])
  })

  it('has every documented status, with a schema for each answer that is JSON', async () => {
    const document = await made
    for (const entry of reference.operations) {
      const operation = dialect.operations.find(each => [each.on].flat().includes(entry.on))
      const answers = operation ? answersOf(operation) : {}
      const { responses } = operationsOf(document).find(each => each.operationId === entry.id)
      expect(Object.keys(responses)).toEqual(Object.keys(answers))
      for (const [status, answer] of Object.entries(answers)) {
        const schema = responses[status].content?.['application/json']?.schema
        const isEmpty = schema === undefined || Object.keys(schema).length === 0
        expect([entry.id, status, isEmpty]).toEqual([entry.id, status, typeof answer === 'string'])
      }
    }
  })

  it('says of every parameter what it is', async () => {
    const vague = operationsOf(await made).flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(({ schema }: Document) => schema.type === undefined && schema.enum === undefined && !schema.anyOf)
        .map(({ name }: Document) => `${operationId} ${name}`),
    )
    expect(vague).toEqual([])
  })

  it('refers only to shapes that are there, and uses each of them', async () => {
    const document = await made
    const names = Object.keys(document.components.schemas).map(name => `#/components/schemas/${name}`)
    expect([...new Set(references(document))].sort()).toEqual(names.sort())
  })

  it('puts every operation under a tag that is explained, and each tag over some', async () => {
    const document = await made
    const used = new Set(operationsOf(document).flatMap(({ tags }) => tags))
    expect([...used].sort()).toEqual(document.tags.map(({ name }: Document) => name).sort())
  })
})

describe('generation', () => {
  const wavix = wanted('wavix')

  it('refuses reference data for what is not served', async () => {
    const stray = { on: 'GET /v1/nowhere', id: 'stray', tag: 'Buy', summary: 'Nothing' }
    const reference = { ...wavix.reference, operations: [...wavix.reference.operations, stray] }
    await expect(openApi(wavix.dialect, reference, OPTIONS)).rejects.toThrow('GET /v1/nowhere')
  })

  it('misses an operation that is not documented', () => {
    const more = operation({
      on: ['GET /v1/new', 'GET /v1/newer'],
      caller: 'required',
      evidence: 'E0',
      input: v.object({}),
      answers: { 200: v.strictObject({}) },
      handle: async () => ({}),
    })
    const dialect = { ...wavix.dialect, operations: [...wavix.dialect.operations, more] }
    expect(undocumented(dialect, wavix.reference)).toEqual(['GET /v1/new', 'GET /v1/newer'])
  })

  it('shows a document that is not valid as such', async () => {
    const document = (await openApi(wavix.dialect, wavix.reference, OPTIONS)) as Document
    const { info, ...without } = JSON.parse(JSON.stringify(document))
    expect((await new Validator().validate(without)).valid).toBe(false)
  })

  it('tells documents that are XML by their element, and a form beside them', async () => {
    const { dialect, reference } = wanted('bandwidth')
    const { paths } = (await openApi(dialect, reference, OPTIONS)) as Document
    const { requestBody, responses } = paths['/api/accounts/{account}/orders'].post
    const element = (name: string) => ({ type: 'object', xml: { name } })
    const words = { description: 'Names in any case, elements in any order.' }
    expect(requestBody.content).toEqual({ 'application/xml': { schema: { ...words, ...element('Order') } } })
    expect(responses[201].content).toEqual({ 'application/xml': { schema: element('OrderResponse') } })
    expect(responses[401]).toEqual({ description: 'Unauthorized' })
    const token = paths['/api/oauth2/token'].post
    expect(Object.keys(token.requestBody.content)).toEqual(['application/x-www-form-urlencoded'])
    expect(Object.keys(token.responses[200].content)).toEqual(['application/json'])
  })

  it('tells aliases, scopes, evidence and who may ask', async () => {
    const document = (await openApi(wavix.dialect, wavix.reference, OPTIONS)) as Document
    const cities = document.paths['/v1/buy/countries/{country}/cities/{city}/dids'].get
    expect(cities.description).toContain('`GET /v1/buy/countries/:country/city/:city/dids`')
    expect([cities['x-evidence'], cities['x-scope']]).toEqual(['E1', 'numbers:read'])
    expect(cities.security).toEqual([{ bearer: [] }, { appid: [] }])
    const names = cities.parameters.map(({ name, in: where }: Document) => `${where} ${name}`)
    expect(names).toEqual([
      'path country',
      'path city',
      'query type_filter',
      'query text_enabled_only',
      'query page',
      'query per_page',
    ])
  })
})

describe.each(actionDialects(dialects).map(each => [each.dialect.name, each] as const))('actions of %s', (_, each) => {
  const made = actionList(each, OPTIONS)

  it('are all there, each with its words', async () => {
    const { actions } = await made
    const served = each.dialect.operations.flatMap(({ on }) => [on].flat())
    expect(actions.map(({ name }) => name).sort()).toEqual([...served].sort())
    expect(actions.filter(({ summary }) => summary === '')).toEqual([])
    expect(Object.keys(each.reference.actions).sort()).toEqual([...served].sort())
  })

  it('explain every parameter, and nothing else', async () => {
    const own = (await made).actions.flatMap(({ parameters }) => parameters)
    expect(own.filter(({ description }) => description === '').map(({ name }) => name)).toEqual([])
    const names = new Set(own.map(({ name }) => name))
    expect(Object.keys(each.reference.parameters).filter(name => !names.has(name))).toEqual([])
  })

  it('name a define of the grammar that is shipped', async () => {
    const { actions } = await made
    expect(actions.flatMap(({ answers }) => answers).length).toBeGreaterThanOrEqual(actions.length)
    for (const { define, file } of actions.flatMap(({ answers }) => answers)) {
      const name = file.split('/').at(-1) as string
      const grammar = readFileSync(new URL(`../../${each.module.files?.folder}/${name}`, import.meta.url), 'utf8')
      expect(grammar).toContain(`<define name="${define}">`)
    }
  })

  it('tell what must be sent and what may be', async () => {
    const edit = (await made).actions.find(({ name }) => name === 'DidEdit')
    const must = edit?.parameters.filter(({ required }) => required).map(({ name }) => name)
    expect(must).toEqual(['DidId', 'UserId', 'Destination', 'CallerIdNumberRequired', 'Action'])
    expect(edit?.parameters.find(({ name }) => name === 'Timeout')?.schema).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 3600,
    })
  })
})
