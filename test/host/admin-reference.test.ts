/** The admin plane's reference: valid, complete, and of the routes as they are served. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { adminPage } from '../../scripts/admin-page.ts'
import { ROOT } from '../../scripts/coverage-data.ts'
import { adminRoutes, createAdmin } from '../../src/admin/admin.ts'
import { NUMBER_COLUMNS, OWNED_COLUMNS } from '../../src/files/csv-header.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'
import { adminOpenApi } from '../../src/reference/admin.ts'
import { exampleSchema } from '../../src/reference/example-schema.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is read freely here; the validator knows its form
type Document = any

const made = adminOpenApi(adminRoutes, '1.2.3') as Promise<Document>
const operations = async () =>
  Object.entries((await made).paths).flatMap(([path, methods]) =>
    Object.entries(methods as Document).map(([method, each]) => ({ path, method, each: each as Document })),
  )

/** Every place that refers to a named form. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' ? [String(each)] : references(each)))
}

describe('OpenAPI of the admin plane', () => {
  it('is valid under an independent validator', async () => {
    const copy = JSON.parse(JSON.stringify(await made))
    expect(await new Validator().validate(copy)).toEqual({ valid: true })
  })

  it('has every route, each once, described, with its answers', async () => {
    const all = await operations()
    expect(all).toHaveLength(adminRoutes.length)
    const ids = all.map(({ each }) => each.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, each } of all) {
      expect([path, each.summary.length > 4, Object.keys(each.responses).length]).toEqual([path, true, 2])
    }
  })

  it('shows an answer of every route, or says that there is no body', () => {
    const bare = adminRoutes.filter(({ words }) => words.answer === undefined && !words.gives && words.status !== 204)
    expect(bare.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  it('names no form that is not there', async () => {
    const document = await made
    const names = references(document).map(each => each.replace('#/components/schemas/', ''))
    expect([...new Set(names)].filter(name => !(name in document.components.schemas))).toEqual([])
    expect(names).toContain('World')
  })

  it('says of every parameter and member what it is', async () => {
    const vague = (await operations()).flatMap(({ path, each }) =>
      (each.parameters ?? [])
        .filter(({ schema }: Document) => schema.type === undefined && schema.enum === undefined)
        .map(({ name }: Document) => `${path} ${name}`),
    )
    expect(vague).toEqual([])
  })

  it('tells every column', async () => {
    const { NumbersCsv, OwnedNumbersCsv } = (await made).components.schemas
    expect(Object.keys(NumbersCsv.properties)).toEqual([...NUMBER_COLUMNS])
    expect(Object.keys(OwnedNumbersCsv.properties)).toEqual([...NUMBER_COLUMNS, ...OWNED_COLUMNS])
  })

  it('is served beside the dialects', async () => {
    const app = createAdmin({
      ...{ core: {} as never, mode: 'double', token: 'secret', dialects: [], metrics: createMetrics() },
      ...{ log: createLog('silent'), whyNotReady: async () => 'nowhere', reset: async () => {} },
    })
    const get = (path: string) =>
      app.request(`http://127.0.0.1${path}`, { headers: { authorization: 'Bearer secret' } })
    expect(await (await get('/docs/admin')).text()).toContain('data-url="/docs/admin/openapi.json"')
    expect(await (await get('/docs/admin/openapi.json')).json()).toMatchObject({ info: { title: 'Admin API' } })
    expect(await (await get('/docs')).text()).toContain('href="/docs/admin"')
  })
})

it('no route of the admin plane is served that was not described', () => {
  const app = createAdmin({
    ...{ core: {} as never, mode: 'double', token: 'secret', dialects: [], metrics: createMetrics() },
    ...{ log: createLog('silent'), whyNotReady: async () => 'nowhere', reset: async () => {} },
  })
  const known = new Set(adminRoutes.map(({ method, path }) => `${method} /admin/v1${path}`))
  const served = app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/admin/'))
  const plain = (path: string) => path.replace('/spaces/:space/', '/')
  expect(served.length).toBeGreaterThan(50)
  const unknown = served.filter(
    ({ method, path }) => !known.has(`${method} ${path}`) && !known.has(`${method} ${plain(path)}`),
  )
  expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

it('an example tells the form of an answer', () => {
  expect(exampleSchema({ a: 'x', user_id: 1, none: null, list: [{ b: true }] })).toEqual({
    type: 'object',
    properties: {
      a: { type: 'string' },
      user_id: { type: ['number', 'null'] },
      none: {},
      list: { type: 'array', items: { type: 'object', properties: { b: { type: 'boolean' } }, required: ['b'] } },
    },
    required: ['a', 'user_id', 'none', 'list'],
  })
})

it('docs/admin.md is of these routes, columns and members', () => {
  const page = readFileSync(join(ROOT, 'docs', 'admin.md'), 'utf8')
  expect(page === adminPage(), 'stale: run `npm run docs`, and review what it changed').toBe(true)
})
