/** Members of wrong type and size, doubled and missing; and whatever the seed draws. */
import fc from 'fast-check'
import type { JsonSchema } from '../../../src/reference/json-schema.ts'
import { type Drawn, deep, type HostileCase, isFlag, LONE, LONG, NUL, SPELLINGS, TEXTS } from './case.ts'
import {
  bodyType,
  encodeFields,
  FORM_TYPE,
  formText,
  goodFields,
  JSON_TYPE,
  jsonText,
  type Parts,
  raw,
} from './requests.ts'
import type { Field } from './targets.ts'

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
export function flagCases({ target, plain, things }: Drawn): HostileCase[] {
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

const SHOWN = 60
/** Longer than any text that stands for other JSON. */
const MOST = 1_000

/** The beginning of a value's text; of the long ones the same for every member. */
const texts = new WeakMap<object, string>()
function shown(value: unknown): string {
  const known = typeof value === 'object' && value !== null ? texts.get(value) : undefined
  if (known !== undefined) return known
  const text = jsonText(typeof value === 'string' ? value.slice(0, MOST) : value).slice(0, SHOWN)
  if (typeof value === 'object' && value !== null) texts.set(value, text)
  return text
}

export function fieldCases(drawn: Drawn): HostileCase[] {
  const { target, plain, things } = drawn
  const good = goodFields(target.body, things)
  const sent = (
    name: string,
    fields: Readonly<Record<string, unknown>>,
    expect: HostileCase['expect'],
  ): HostileCase => ({
    name,
    parts: {
      ...plain,
      type: bodyType(target),
      // written when it is sent: not every case that is drawn is
      get body() {
        return encodeFields(target, fields)
      },
    },
    expect,
  })
  const misnamed = Object.fromEntries(Object.entries(good).map(([name, value]) => [`${name}s`, value]))
  const without = target.body.map(({ name, required }) => {
    const { [name]: _, ...rest } = good
    return { ...sent(`without ${name}`, rest, required ? 'refused' : 'decent'), mayBuyMore: true as const }
  })
  const all = [sent('misnamed', { ...misnamed, dids: [things.offered.slice(1)] }, 'decent'), ...without]
  const isText = bodyType(target) !== JSON_TYPE
  // where forms know no arrays, `Name[key]` is another name, and other names are passed over
  const namesOnly = target.operation.body?.form === 'only'
  const members = target.body.flatMap(field =>
    (isText ? textValues(field) : jsonValues(field)).map(([value, expect]) =>
      sent(
        `${field.name}: ${shown(value)}`,
        { ...good, [field.name]: value },
        namesOnly && typeof value === 'object' ? 'decent' : expect,
      ),
    ),
  )
  return [...all, ...members, ...(target.wire === 'action' ? arrayCases(drawn) : [])]
}

type Valued = readonly [value: unknown, expect: 'refused' | 'decent']

const HUGE = Buffer.alloc(300_000, 'x').toString()
const MANY_TEXTS = Array.from({ length: 33_000 }, (_, i) => String(i))
const MANY_NUMBERS = Array.from({ length: 9_000 }, () => 1)
const MANY_OBJECTS = Array.from({ length: 200 }, () => ({ a: [{}] }))

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
  const long: Valued[] = [LONG, HUGE, 'é'.repeat(256), '__proto__', 'constructor', '😀'].map(text => [
    text,
    types && !types.has('string') ? 'refused' : 'decent',
  ])
  const lists: Valued[] = [
    [MANY_TEXTS, 'refused'],
    [MANY_NUMBERS, 'decent'],
    [MANY_OBJECTS, 'decent'],
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
    [HUGE, 'decent'],
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
export function drawnCases({ target, plain, things, seed }: Drawn): HostileCase[] {
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
