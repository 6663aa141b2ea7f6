/**
 * What strangers send, drawn from what an operation says of its input: bodies, members, parameters and paths of wrong
 * shape, type, size, depth and encoding, doubled and missing.
 */
import { wholeBodyCases } from './bodies.ts'
import { type Drawn, type HostileCase, isFlag, LONG, NUL, SPELLINGS, TEXTS } from './case.ts'
import { drawnCases, fieldCases, flagCases } from './fields.ts'
import { asIs, hasBody, type Parts } from './requests.ts'
import type { Target } from './targets.ts'

export type { HostileCase } from './case.ts'

export function casesOf(drawn: Drawn): HostileCase[] {
  const { target } = drawn
  const all = [...pathCases(drawn), ...queryCases(drawn)]
  if (!hasBody(target)) return all
  return [...all, ...wholeBodyCases(drawn), ...fieldCases(drawn), ...flagCases(drawn), ...drawnCases(drawn)]
}

function pathCases({ target, plain }: Drawn): HostileCase[] {
  const bad = [
    LONG,
    '%00',
    '%ff',
    '%ed%a0%80',
    '__proto__',
    'constructor',
    '-1',
    '0',
    '9'.repeat(25),
    "'",
    '%2F..',
    '😀',
    '%',
  ]
  return target.pathNames.flatMap(name =>
    bad.map(value => ({
      name: `path ${name} ${value.slice(0, 20)}`,
      parts: { ...plain, path: { ...plain.path, [name]: value.startsWith('%') ? asIs(value) : value } },
      expect: 'decent' as const,
    })),
  )
}

/** What is long is written once, and sent to every operation. */
const MANY = Array.from({ length: 9000 }, (_, i) => i).join(',')
const TOO_MANY = 'a&'.repeat(20_000)
const repetitions = new Map<string, string>()

function repeated(name: string): string {
  const known = repetitions.get(name) ?? Array.from({ length: 1500 }, (_, i) => `${name}=${i}`).join('&')
  repetitions.set(name, known)
  return known
}

function queryCases({ target, plain }: Drawn): HostileCase[] {
  const names = target.query.map(({ name }) => name)
  const add = (name: string, text: string, expect: HostileCase['expect'] = 'decent'): HostileCase => ({
    name: `query ${name} ${text.slice(0, 40)}`,
    parts: { ...plain, query: plain.query === '' ? text : `${plain.query}&${text}` },
    expect,
  })
  const each = names.flatMap(name => [
    ...TEXTS.map(value => add(name, `${name}=${encodeURIComponent(value)}`)),
    add(name, `${name}=${encodeURIComponent(NUL)}`, 'refused'),
    add(name, `${name}=%ff`, 'refused'),
    ...['[]', '[0]', '[a]', '[a][b]', '[__proto__]', '.__proto__', '.constructor'].map(end =>
      add(name, `${name}${end}=x`),
    ),
    add(name, `${name}=1&${name}=2&${name.toUpperCase()}=3`),
    add(name, repeated(name)),
    add(name, `${name}=${MANY}`),
  ])
  const general = [
    add('any', '__proto__=x&constructor=y&a.__proto__.b=z'),
    add('any', 'capabilities.constructor=x&geography.__proto__=x&capabilities.__proto__.x=1&regulatory.constructor=1'),
    add('any', 'a=%ff', 'refused'),
    add('any', 'a=%00', 'refused'),
    add('too many', TOO_MANY, 'refused'),
  ]
  return [...each, ...general, ...queryFlags(target, plain)]
}
/** One reader of booleans: in any case they mean the same. */
function queryFlags({ query }: Target, plain: Parts): HostileCase[] {
  const having = (name: string, word: string): Parts => ({
    ...plain,
    query: [...(plain.query === '' ? [] : [plain.query]), `${name}=${word}`].join('&'),
  })
  return query.filter(isFlag).flatMap(({ name }) =>
    SPELLINGS.map(([odd, plainly]) => ({
      name: `flag ${name}=${odd}`,
      parts: having(name, odd),
      expect: having(name, plainly),
    })),
  )
}
