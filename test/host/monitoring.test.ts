/** The dashboard and the alerts ask for what a running gateway tells. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { familiesOf } from '../support/figures.ts'
import { type ServerProcess, startServer } from '../support/process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Rule {
  alert: string
  expr: string
  annotations: Record<string, string>
}

const rules = (parse(text('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  group => group.rules,
)
const dashboard = JSON.parse(text('deploy/grafana/didgate.json')) as {
  panels: { id: number; type: string; title: string; targets?: { expr: string }[] }[]
}
const asked = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const expressions = [...rules.map(({ expr }) => expr), ...asked]

/** Of the histogram, without what one of its series adds. */
const familyOf = (name: string) => name.replace(/_(bucket|sum|count)$/, '')
const namesIn = (expr: string) => expr.match(/\b(?:didgate|nodejs|process)_[a-z0-9_]+/g) ?? []

describe('monitoring', () => {
  let server: ServerProcess
  let families: Map<string, string>
  beforeAll(async () => {
    server = await startServer({ DATABASE_URL: 'sqlite::memory:', LIMITS: 'true' })
    families = familiesOf(await (await fetch(`${server.admin}/metrics`)).text())
  })
  afterAll(() => server.stop())

  it('asks for nothing that a gateway does not tell', () => {
    expect(expressions.length).toBeGreaterThan(40)
    for (const name of expressions.flatMap(namesIn)) {
      const isKnown = families.has(name) || families.get(familyOf(name)) === 'histogram'
      expect([name, isKnown]).toEqual([name, true])
    }
  })

  it('shows everything that is told of the gateway itself', () => {
    const used = new Set(expressions.flatMap(namesIn).map(familyOf))
    const own = [...families.keys()].filter(
      name => name.startsWith('didgate_') && name !== 'didgate_figures_age_seconds',
    )
    for (const name of own) expect([name, used.has(name)]).toEqual([name, true])
  })

  it('takes the rate of what only grows, and of nothing else', () => {
    for (const expr of expressions) {
      const counted = [...expr.matchAll(/\b(?:rate|increase)\(([a-z0-9_]+)/g)].map(([, name = '']) => name)
      for (const name of counted)
        expect(['counter', 'histogram']).toContain(families.get(name) ?? families.get(familyOf(name)))
    }
  })

  it('selects words that the sources write', () => {
    const sources = ['core', 'src']
      .flatMap(folder => filesIn(join(ROOT, folder)))
      .map(file => readFileSync(file, 'utf8'))
    const words = expressions.flatMap(each =>
      [...each.matchAll(/\b(?:fault|kind|status)="(\w+)"/g)].map(([, word]) => word),
    )
    expect(words.length).toBeGreaterThan(3)
    for (const word of words)
      expect([word, sources.some(each => each.includes(`'${word}'`) || each.includes(`${word}:`))]).toEqual([
        word,
        true,
      ])
  })

  it('tells for each alert, and for each reason not to be ready, what to do', () => {
    const page = text('docs/operating.md')
    for (const { alert, annotations } of rules) {
      expect(page).toContain(`\n### ${alert}\n`)
      expect(annotations.runbook).toBe(`docs/operating.md#${alert.toLowerCase()}`)
      expect(annotations.summary).toBeTruthy()
    }
    const [, readiness = ''] = /function createReadiness([\s\S]*)/.exec(text('src/process/readiness.ts')) ?? []
    const full = [...readiness.matchAll(/'(the (?:disk|database takes)[^']*)'/g)].map(([, reason = '']) => reason)
    const whole = [...readiness.matchAll(/['`]((?:the database (?:is|does)|stopping)[^'`$]*)/g)]
    const reasons = [
      ...whole.map(([, reason = '']) => reason.trim()),
      ...full.map(reason => `nothing can be written: ${reason}`),
    ]
    expect(reasons.length).toBeGreaterThan(5)
    for (const reason of [...reasons, 'starting']) expect(page).toContain(`| \`${reason}\``)
  })

  it('has panels with ids of their own', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is taken by promtool', () => {
    const checks = [
      ['check', 'rules', 'deploy/prometheus/alerts.yml'],
      ['test', 'rules', 'deploy/prometheus/alerts.test.yml'],
      ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml'],
    ]
    for (const args of checks) {
      const { status, error, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' })
      if (error) return process.stderr.write('not checked by promtool: it is not installed (package prometheus)\n')
      expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, ''])
    }
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(each => each.isFile() && each.name.endsWith('.ts'))
    .map(each => join(each.parentPath ?? each.path, each.name))
}
