/** docs/coverage.md tells what is: `npm run docs` writes it anew. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sends, unwritten } from '../../adapters/kit/clients.ts'
import { CLIENTS_TITLE, operationOf, outcomeOf, share } from '../../scripts/coverage-clients.ts'
import {
  describedDialects,
  digestOf,
  exchangeStatuses,
  firstSpelling,
  keptVectors,
  ROOT,
  vectorNumbers,
} from '../../scripts/coverage-data.ts'
import { keptJudged, testDigest } from '../../scripts/coverage-judged.ts'
import { coverage, documentedStatuses, ranges } from '../../scripts/coverage-table.ts'
import { dialectModules } from '../../src/dialects.ts'

const all = describedDialects(dialectModules)
const STALE = 'stale: run `npm run docs`, and review what it changed'
const page = readFileSync(join(ROOT, 'docs', 'coverage.md'), 'utf8')

describe('docs/coverage.md', () => {
  it('is of these operations and exchanges', async () => {
    expect(page === (await coverage(all, keptVectors(), keptJudged())), STALE).toBe(true)
  })

  it.each(dialectModules.map(({ name }) => name))('is of the vectors of %s', name => {
    expect(keptVectors()[name]?.digest, STALE).toBe(digestOf(name))
  })

  it('would be another one with another operation, exchange or vector', async () => {
    const [first, ...others] = all
    if (!first) throw new Error('no dialect')
    const shorter = { ...first, dialect: { ...first.dialect, operations: first.dialect.operations.slice(1) } }
    expect(await coverage([shorter, ...others] as typeof all, keptVectors(), keptJudged())).not.toBe(page)
    expect(await coverage(all, {}, keptJudged())).not.toBe(page)
    const renamed = all.map(each => ({ ...each, dialect: { ...each.dialect, name: `${each.dialect.name}-2` } }))
    expect(await coverage(renamed as typeof all, keptVectors(), keptJudged())).not.toBe(
      page.replace(/^(## .*)$/gm, '$1-2'),
    )
  })

  it('shows every operation once, and a success of each', async () => {
    const [operations = ''] = page.split(`\n${CLIENTS_TITLE}\n`, 1)
    const rows = operations.split('\n').filter(line => /^\| (?!Operation|---)/.test(line))
    expect(rows).toHaveLength(all.reduce((sum, { dialect }) => sum + dialect.operations.length, 0))
    const vectors = keptVectors()
    const shown = await Promise.all(
      all.map(async ({ dialect }) => {
        const kept = await exchangeStatuses(dialect)
        // some can only refuse: what the gateway keeps none of is never found by name
        const succeeding = dialect.operations.filter(
          ({ answers }) =>
            typeof answers !== 'object' || Object.keys(answers as object).some(status => Number(status) < 300),
        )
        return succeeding.map(operation => [
          ...(kept.get(operation) ?? []),
          ...Object.keys(vectors[dialect.name]?.answers[firstSpelling(operation)] ?? {}).map(Number),
        ])
      }),
    )
    expect(shown.flat().filter(statuses => !statuses.some(status => status < 300))).toEqual([])
  })

  it('B8: a status counts as documented only where a source is named for it', () => {
    for (const each of all) {
      const { reference } = each
      const titles = (reference.statusSources ?? []).map(({ title }) => title)
      expect(new Set(titles).size).toBe(titles.length)
      for (const title of titles) expect(page).toContain(`: ${title}`)
      const without = { ...each, reference: { ...reference, statusSources: [] } } as typeof each
      for (const operation of each.dialect.operations) expect(documentedStatuses(operation, without).size).toBe(0)
    }
  })

  it('B8: sources speak of operations that there are, and of statuses that these can answer with', () => {
    const names = (each: (typeof all)[number]) =>
      each.reference.kind === 'actions'
        ? Object.keys(each.reference.actions)
        : each.reference.operations.map(({ id }) => id)
    for (const each of all) {
      const known = new Set(['*', ...names(each)])
      const named = (each.reference.statusSources ?? []).flatMap(({ statuses }) => Object.keys(statuses))
      expect(named.filter(name => !known.has(name))).toEqual([])
      for (const operation of each.dialect.operations) {
        const { answers } = operation
        const told = [...documentedStatuses(operation, each).keys()].filter(status => !(status in (answers as object)))
        expect(told, firstSpelling(operation)).toEqual([])
      }
    }
  })

  it('B8: E2 is claimed where a kept run of a named client or schema shows it, and only there', () => {
    const judged = keptJudged()
    for (const { dialect } of all) {
      const run = judged[dialect.name]
      const taken = dialect.operations.filter(operation =>
        run?.answers[firstSpelling(operation)]?.some(status => status < 300),
      )
      const claimed = dialect.operations.filter(({ evidence }) => evidence === 'E2')
      expect(claimed.map(firstSpelling), dialect.name).toEqual(taken.map(firstSpelling))
      if (claimed.length > 0) expect(run?.by).toMatch(/ \d+\.\d+\.\d+$/)
    }
  })

  it('B8: kept runs are of these tests', () => {
    for (const { dialect, reference } of all) {
      const { judge } = reference
      // the provider's schema is not ours to ship: what was kept of it stays where it is not at hand
      if (judge && 'npm' in judge.by) expect(keptJudged()[dialect.name]?.digest, STALE).toBe(testDigest(judge.test))
    }
  })
})

describe('methods of public clients', () => {
  const clients = all.flatMap(({ dialect, reference }) =>
    (reference.clients ?? []).map(client => [`${dialect.name}: ${client.name}`, dialect, client] as const),
  )

  it('are answered, missing, refused by design, or send nothing', () => {
    const methods = [
      ...sends({ 'A.a': 'GET /a', 'A.b': 'GET /b', 'A.c': 'GET /c' }),
      { method: 'A.d', request: 'GET /d', missing: 'not yet' },
      { method: 'A.e', request: 'GET /e', refused: 'on purpose' },
      ...unwritten('A.f'),
    ]
    const outcomes = ['answered', 'answered', 'answered', 'missing', 'refused by design', 'sends nothing']
    expect(methods.map(outcomeOf)).toEqual(outcomes)
    expect(share({ name: 'A', source: '', methods })).toBe(75)
  })

  it.each(
    clients,
  )('%s: what is called answered is known, what is called missing is not', async (_, dialect, client) => {
    const wrong: string[] = []
    for (const method of client.methods) {
      const outcome = outcomeOf(method)
      if (method.request === undefined || outcome === 'refused by design') continue
      const isKnown = (await operationOf(dialect, method.request)) !== undefined
      if (isKnown !== (outcome === 'answered')) wrong.push(`${method.method}: ${method.request} is ${outcome}`)
    }
    expect(wrong).toEqual([])
    expect(new Set(client.methods.map(({ method }) => method)).size).toBe(client.methods.length)
  })

  it.each(clients)('%s: nine of ten are answered', (_, __, client) => {
    expect(share(client)).toBeGreaterThanOrEqual(90)
  })
})

describe('the numbers of the vectors', () => {
  it.each([
    ['cm vectors on sqlite > 1, 2: two numbers, at once', [1, 2]],
    ['vobiz vectors on sqlite > vector 23: force without the role, in cool-off: true', [23]],
    ['onsip vectors on sqlite > 12 DidRequest', [12]],
    ['sinch vectors on sqlite > regions, documents, emergency addresses', []],
  ])('of %s', (test, numbers) => {
    expect(vectorNumbers(test)).toEqual(numbers)
  })

  it('are told as ranges', () => {
    expect([ranges([]), ranges([1]), ranges([1, 2, 5, 6, 7, 9])]).toEqual(['', '1', '1, 2, 5–7, 9'])
  })
})
