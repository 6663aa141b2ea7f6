/**
 * What strangers send, drawn from what an operation says of its input: bodies, members, parameters and paths of wrong
 * shape, type, size, depth and encoding, doubled and missing.
 */
import fc from 'fast-check'
import type { JsonSchema } from '../../../src/reference/json-schema.ts'
import type { Things } from './bench.ts'
import {
  asIs,
  bodyType,
  encodeFields,
  FORM_TYPE,
  formText,
  goodFields,
  hasBody,
  JSON_TYPE,
  jsonText,
  multipartText,
  type Parts,
  raw,
} from './requests.ts'
import type { Field, Target } from './targets.ts'

export interface HostileCase {
  name: string
  parts: Parts
  /** refused: nothing else is right; decent: refused or harmless; a request: answered like that one. */
  expect: 'refused' | 'decent' | Parts
  /** It names less than the plain one: that may mean all there is. */
  mayBuyMore?: true
}

export interface Drawn {
  target: Target
  plain: Parts
  things: Things
  seed: number
}

const LONG = 'x'.repeat(5000)
const NUL = 'a\0b'
const LONE = 'a\ud800b'
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** A member's type, as far as its schema tells; undefined: anything. */
function typesOf({ type, anyOf, enum: words }: JsonSchema): Set<string> | undefined {
  if (Array.isArray(anyOf)) {
    const all = (anyOf as JsonSchema[]).map(typesOf)
    return all.includes(undefined) ? undefined : new Set(all.flatMap(each => [...(each as Set<string>)]))
  }
  if (Array.isArray(words)) return new Set(words.map(word => (word === null ? 'null' : typeof word)))
  return typeof type === 'string' ? new Set([type === 'integer' ? 'number' : type]) : undefined
}

const OF_TYPE: Readonly<Record<string, readonly unknown[]>> = {
  array: [[], ['x'], [[['x']]]],
  object: [{}, { a: 1 }, { constructor: 1 }],
  boolean: [true, false],
  number: [5],
  string: ['x', ''],
  null: [null],
}

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

const TEXTS = [
  '',
  LONG,
  '-1',
  '0',
  '1e999',
  '1.5',
  '9'.repeat(30),
  '__proto__',
  'constructor',
  'toString',
  "' OR 1=1 --",
  '😀',
  ',,,,',
]

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
    add(name, Array.from({ length: 1500 }, (_, i) => `${name}=${i}`).join('&')),
    add(name, `${name}=${Array.from({ length: 9000 }, (_, i) => i).join(',')}`),
  ])
  const general = [
    add('any', '__proto__=x&constructor=y&a.__proto__.b=z'),
    add('any', 'capabilities.constructor=x&geography.__proto__=x&capabilities.__proto__.x=1&regulatory.constructor=1'),
    add('any', 'a=%ff', 'refused'),
    add('any', 'a=%00', 'refused'),
    add('too many', 'a&'.repeat(20_000), 'refused'),
  ]
  return [...each, ...general, ...queryFlags(target, plain)]
}

const isFlag = ({ schema }: Field) => schema.type === 'boolean'
const SPELLINGS = [
  ['True', 'true'],
  ['TRUE', 'true'],
  ['False', 'false'],
  ['FALSE', 'false'],
] as const

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

function flagCases({ target, plain, things }: Drawn): HostileCase[] {
  if (bodyType(target) !== FORM_TYPE) return []
  const having = (name: string, word: string): Parts => ({
    ...plain,
    body: encodeFields(target, { ...goodFields(target.body, things), [name]: word }),
    type: FORM_TYPE,
  })
  return target.body.filter(isFlag).flatMap(({ name }) =>
    SPELLINGS.map(([odd, plainly]) => ({
      name: `flag ${name}=${odd}`,
      parts: having(name, odd),
      expect: having(name, plainly),
    })),
  )
}

/** Bodies as a whole: of no operation is any of these a body, and none may pass for an absent one. */
function wholeBodyCases({ target, plain, things }: Drawn): HostileCase[] {
  const body = (name: string, sent: string | Uint8Array, type: string, expect: HostileCase['expect'] = 'refused') => ({
    name: `body ${name}`,
    parts: { ...plain, body: sent, type },
    expect,
  })
  const good = jsonText(goodFields(target.body, things))
  const shapes = ['[]', '["x"]', `[${good}]`, '"text"', '""', '0', '5', 'true', 'false', 'null', '[{}]', '[[]]'].map(
    text => body(text.slice(0, 20), text, JSON_TYPE),
  )
  const torn = ['{', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":1}{}', '\0', '{"a":"\u0001"}', 'NaN', '{"a":01}'].map(
    text => body(`torn ${JSON.stringify(text)}`, text, JSON_TYPE),
  )
  const sizes = [
    body('deep list', `{"a":${deep(6000)}}`, JSON_TYPE),
    body('deep object', deepObject(6000), JSON_TYPE),
    body('rather deep', `{"a":${deep(100)}}`, JSON_TYPE),
    body(
      'many members',
      jsonText(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`m${i}`, 1]))),
      JSON_TYPE,
    ),
    body('many elements', `{"a":[${'1,'.repeat(400_000)}1]}`, JSON_TYPE),
    body('too large', `{"a":"${'x'.repeat(11 * 1024 * 1024)}"}`, JSON_TYPE),
    body('form of many', 'a&'.repeat(400_000), FORM_TYPE),
    body('form of separators', '&'.repeat(900_000), FORM_TYPE, 'decent'),
    body('many parts', multipartText(Array.from({ length: 20_000 }, () => ['name="a"', ''] as const)), MULTIPART),
  ]
  const latin1 = Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d])
  const encodings = [
    body('not UTF-8', latin1, JSON_TYPE),
    body('UTF-16 unsaid', utf16('{"a":"b"}'), JSON_TYPE),
    body('unknown charset', '{}', `${JSON_TYPE}; charset=klingon`),
    body('form not UTF-8', 'a=%e9', FORM_TYPE),
    body('NUL', `{"a":${JSON.stringify(NUL)}}`, JSON_TYPE),
    body('NUL in a name', '{"a\\u0000":1}', JSON_TYPE),
    body('lone surrogate', `{"a":"${'\\ud800'}"}`, JSON_TYPE),
    body('other type', '<a/>', 'application/xml'),
    body('no boundary', 'x', 'multipart/form-data'),
    body('torn multipart', '--frontier\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', MULTIPART),
  ]
  return [...shapes, ...torn, ...sizes, ...encodings]
}

const MULTIPART = 'multipart/form-data; boundary=frontier'
const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'))

function fieldCases(drawn: Drawn): HostileCase[] {
  const { target, plain, things } = drawn
  const good = goodFields(target.body, things)
  const sent = (
    name: string,
    fields: Readonly<Record<string, unknown>>,
    expect: HostileCase['expect'],
  ): HostileCase => ({
    name,
    parts: { ...plain, body: encodeFields(target, fields), type: bodyType(target) },
    expect,
  })
  const misnamed = Object.fromEntries(Object.entries(good).map(([name, value]) => [`${name}s`, value]))
  const without = target.body.map(({ name, required }) => {
    const { [name]: _, ...rest } = good
    return { ...sent(`without ${name}`, rest, required ? 'refused' : 'decent'), mayBuyMore: true as const }
  })
  const all = [sent('misnamed', { ...misnamed, dids: [things.offered.slice(1)] }, 'decent'), ...without]
  const isText = bodyType(target) !== JSON_TYPE
  const members = target.body.flatMap(field =>
    (isText ? textValues(field) : jsonValues(field)).map(([value, expect]) =>
      sent(`${field.name}: ${String(jsonText(value)).slice(0, 60)}`, { ...good, [field.name]: value }, expect),
    ),
  )
  return [...all, ...members, ...(target.wire === 'action' ? arrayCases(drawn) : [])]
}

type Valued = readonly [value: unknown, expect: 'refused' | 'decent']

function jsonValues({ schema }: Field): Valued[] {
  const types = typesOf(schema)
  const wrong = Object.entries(OF_TYPE).flatMap(([type, values]) =>
    values.map((value): Valued => [value, types && !types.has(type) ? 'refused' : 'decent']),
  )
  const numbers: Valued[] = ['1e999', '-1e999', '-0', '1.0', '1e21', '9007199254740993', '1.5'].map(text => [
    raw(text),
    // a word where clients write numbers too is read as one
    'decent',
  ])
  const long: Valued[] = [LONG, 'x'.repeat(300_000), 'é'.repeat(256), '__proto__', 'constructor', '😀'].map(text => [
    text,
    types && !types.has('string') ? 'refused' : 'decent',
  ])
  const lists: Valued[] = [
    [Array.from({ length: 33_000 }, (_, i) => String(i)), 'refused'],
    [Array.from({ length: 9_000 }, () => 1), 'decent'],
    [Array.from({ length: 200 }, () => ({ a: [{}] })), 'decent'],
    [raw(deep(300)), 'refused'],
    [NUL, 'refused'],
    [[NUL], 'refused'],
    [{ a: NUL }, 'refused'],
    [LONE, 'refused'],
    [raw('{"__proto__":{"a":1}}'), 'decent'],
  ]
  return [...wrong, ...numbers, ...long, ...lists]
}

function textValues({ schema }: Field): Valued[] {
  const isObject = schema.type === 'object'
  return [
    ...TEXTS.map((text): Valued => [text, 'decent']),
    ['x'.repeat(300_000), 'decent'],
    [NUL, 'refused'],
    [{ '': 'x' }, isObject ? 'decent' : 'refused'],
    [{ a: 'x', __proto__: 'y' }, isObject ? 'decent' : 'refused'],
  ]
}

/** Shapes that only forms have. */
function arrayCases({ target, plain, things }: Drawn): HostileCase[] {
  const good = encodeFields(target, goodFields(target.body, things))
  const with_ = (name: string, text: string, expect: HostileCase['expect'] = 'decent'): HostileCase => ({
    name: `form ${name}`,
    parts: { ...plain, body: `${good}&${text}`, type: FORM_TYPE },
    expect,
  })
  return [
    with_('not UTF-8', 'a=%e9', 'refused'),
    with_('deep names', `a${'[b]'.repeat(2000)}=1`),
    with_('a name of brackets', `a${'['.repeat(5000)}=1`),
    with_('__proto__', '__proto__[x]=1&constructor[prototype][x]=1&a[__proto__][b]=1'),
    with_('many', 'a[]&'.repeat(20_000), 'refused'),
    with_('Action doubled', 'Action=NoOp&Action[]=x'),
    ...['Output=json', 'Output[]=json', 'Output=json&Callback=%3Cscript%3E', 'Callback[]=x'].map(text =>
      with_(text, text),
    ),
  ]
}

/** Any JSON at all in place of a member or of the whole body; the seed draws it again. */
function drawnCases({ target, plain, things, seed }: Drawn): HostileCase[] {
  if (bodyType(target) !== JSON_TYPE) return [drawnForm({ target, plain, things, seed })].flat()
  const good = goodFields(target.body, things)
  const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), { seed, numRuns: 12 })
  return values.map((value, i) => {
    const name = target.body[i % Math.max(1, target.body.length)]?.name
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const sent = name === undefined || i % 4 === 0 ? value : { ...good, [name]: value }
    return {
      name: `drawn ${jsonText(sent).slice(0, 80)}`,
      parts: { ...plain, body: jsonText(sent), type: JSON_TYPE },
      expect: sent === value && !isObject ? ('refused' as const) : ('decent' as const),
    }
  })
}

function drawnForm({ target, plain, things, seed }: Drawn): HostileCase[] {
  const good = goodFields(target.body, things)
  const text = fc.string({ unit: 'grapheme', maxLength: 20 })
  return fc.sample(fc.dictionary(text, text, { maxKeys: 8 }), { seed, numRuns: 8 }).map(fields => ({
    name: `drawn ${formText(fields).slice(0, 80)}`,
    parts: { ...plain, body: encodeFields(target, { ...good, ...fields }), type: bodyType(target) },
    expect: 'decent' as const,
  }))
}
