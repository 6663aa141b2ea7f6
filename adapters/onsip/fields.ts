/**
 * Parameters, from the provider's text to core values. The message of every check is the provider's error code. Each
 * parameter is judged for presence, then syntax, then existence, before the next one is looked at.
 */
import * as v from 'valibot'
import type { Organization, SipAddress } from '../../core/ground/model.ts'
import { parseMoment } from '../../core/ground/time.ts'
import { type ActionArray, isActionArray } from '../kit/action-values.ts'
import { readBoolean } from '../kit/booleans.ts'
import type { Call } from '../kit/dialect.ts'
import { shownAs } from '../kit/schema.ts'
import { MAX_ID, splitAddress, withoutScheme, withPlus } from './ids.ts'
import { visibleAddress, visibleOrganization } from './ways/access.ts'
import { type BrowseAction, LIMIT, ORDERS } from './ways/defaults.ts'

type Parsed<E extends v.ObjectEntriesAsync> = v.InferOutput<v.ObjectSchemaAsync<E, undefined>>

const ONE_AT_A_TIME = { abortEarly: true, abortPipeEarly: true } as const

/** The whole set of parameters, in the order in which they are judged; the first failure ends it. */
export function parameters<E extends v.ObjectEntriesAsync>(entries: E) {
  return v.config(v.objectAsync(entries), ONE_AT_A_TIME)
}

/** Same, where at least one must be given; `first` is named when none is. */
export function oneOf<E extends v.ObjectEntriesAsync>(entries: E, first: keyof E & string) {
  const isGiven = (values: Parsed<E>) => Object.values(values as object).some(value => value !== undefined)
  const missing = v.rawCheck<Parsed<E>>(({ dataset, addIssue }) => {
    if (!dataset.typed || isGiven(dataset.value)) return
    const path = { type: 'object', origin: 'value', input: {}, key: first, value: undefined } as const
    addIssue({ message: 'Value.Required', path: [path] })
  })
  return v.config(v.pipeAsync(v.objectAsync(entries), missing), ONE_AT_A_TIME)
}

/** Characters of one parameter: what is kept is shown in every list. */
const MAX_TEXT = 4000

/** An empty parameter counts as absent. */
const anyText = v.pipe(v.string('Value.Invalid'), v.maxLength(MAX_TEXT, 'Value.Invalid'))
export const required = v.optional(v.pipe(anyText, v.nonEmpty('Value.Required')), '')
/** May be empty, which is not the same as absent. */
export const text = v.optional(anyText)
/** Nothing at all means an empty one. */
export const note = v.optional(anyText, '')

const emptyIsAbsent = (value: string) => value || undefined

/** Optional text; empty counts as absent. */
export const optionalText = v.pipe(note, v.transform(emptyIsAbsent))

function integer(min: number, max: number) {
  return v.pipe(
    v.string(),
    v.regex(/^-?\d+$/, 'Integer.Invalid'),
    v.toNumber(),
    v.minValue(min, 'Integer.TooSmall'),
    v.maxValue(max, 'Integer.TooBig'),
  )
}

export function requiredInteger(min: number, max: number) {
  return v.pipe(required, shownAs({ type: 'integer', minimum: min, maximum: max }), integer(min, max))
}

export function optionalInteger(min: number, max: number) {
  const shown = shownAs<string>({ type: 'integer', minimum: min, maximum: max })
  return v.pipe(note, shown, v.transform(emptyIsAbsent), v.optional(integer(min, max)))
}

export const id = requiredInteger(1, MAX_ID)
export const optionalId = optionalInteger(1, MAX_ID)

const flag = v.pipe(
  v.string(),
  v.rawTransform<string, boolean>(({ dataset, addIssue, NEVER }) => {
    const value = readBoolean(dataset.value)
    if (value !== undefined) return value
    addIssue({ message: 'Boolean.Invalid' })
    return NEVER
  }),
)
const FLAG = { type: 'boolean' }
export const requiredFlag = v.pipe(required, shownAs(FLAG), flag)
export const optionalFlag = v.pipe(note, shownAs(FLAG), v.transform(emptyIsAbsent), v.optional(flag))

const protocolName = v.picklist(['sip', 'iax'], 'Value.Invalid')
const PROTOCOL = { enum: ['sip', 'iax'] }
export const protocol = v.pipe(required, shownAs(PROTOCOL), protocolName)
export const optionalProtocol = v.pipe(note, shownAs(PROTOCOL), v.transform(emptyIsAbsent), v.optional(protocolName))
/** Empty switches it off. */
export const clearableProtocol = v.optional(v.picklist(['', 'sip', 'iax'], 'Value.Invalid'))

/** An outside telephone number as the local part of an address. */
const digits = v.regex(/^\+?\d{3,15}$/, 'Value.Invalid')
const plus = v.transform(withPlus)
export const telephone = v.pipe(required, plus, digits)
export const optionalTelephone = v.pipe(optionalText, v.optional(v.pipe(v.string(), plus, digits)))

/** The local part of an address, or a name to log in with. */
const NAME = /^[A-Za-z0-9](?:[\w.+-]{0,62}[A-Za-z0-9_])?$/
const nameOf = v.regex(NAME, 'Value.Invalid')
export const localPart = v.pipe(required, nameOf)
export const optionalLocalPart = v.pipe(optionalText, v.optional(v.pipe(v.string(), nameOf)))

const EMAIL = /^[^@\s]+@[^@\s]+$/
export const email = v.pipe(required, v.regex(EMAIL, 'Value.Invalid'))
export const optionalEmail = v.pipe(optionalText, v.optional(v.pipe(v.string(), v.regex(EMAIL, 'Value.Invalid'))))

/** An address elsewhere, whose domain is a name and no IP address. */
const FOREIGN = /^(?:sips?:)?[^@\s]+@(?=[^@\s]*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/
const foreign = v.pipe(v.string(), v.regex(FOREIGN, 'Value.Invalid'), v.transform(withoutScheme))
export const foreignAddress = v.pipe(required, foreign)
export const optionalForeignAddress = v.pipe(optionalText, v.optional(foreign))

/** One of these words. */
export function word<const W extends readonly [string, ...string[]]>(...words: W) {
  return v.pipe(required, shownAs({ enum: words }), v.picklist(words, 'Value.Invalid'))
}

export function optionalWord<const W extends readonly [string, ...string[]]>(...words: W) {
  return v.pipe(
    optionalText,
    shownAs<string | undefined>({ enum: words }),
    v.optional(v.picklist(words, 'Value.Invalid')),
  )
}

/** A portal password. */
export const password = v.pipe(required, v.maxLength(200, 'Value.Invalid'))

/** A domain of an organization in the caller's reach; others answer like those that do not exist. */
function domain(call: Call) {
  return v.rawTransformAsync<string, Organization>(async ({ dataset, addIssue, NEVER }) => {
    const found = await visibleOrganization(call, dataset.value)
    if (found) return found
    addIssue({ message: 'Domain.Unrecognized' })
    return NEVER
  })
}

/** An address in the caller's reach, of this kind when one is given; with or without its scheme. */
function address(call: Call, kind?: SipAddress['kind']) {
  return v.rawTransformAsync<string, SipAddress>(async ({ dataset, addIssue, NEVER }) => {
    const parts = splitAddress(withPlus(withoutScheme(dataset.value)))
    const found = parts && (await visibleAddress(call, parts.username, parts.domain))
    if (found && (kind === undefined || found.kind === kind)) return found
    addIssue({ message: 'Address.Unrecognized' })
    return NEVER
  })
}

export function requiredAddress(call: Call, kind?: SipAddress['kind']) {
  return v.pipeAsync(required, address(call, kind))
}

export function optionalAddress(call: Call, kind?: SipAddress['kind']) {
  return v.pipeAsync(optionalText, v.optionalAsync(v.pipeAsync(v.string(), address(call, kind))))
}

export function requiredDomain(call: Call) {
  return v.pipeAsync(required, domain(call))
}

export function optionalDomain(call: Call) {
  return v.pipeAsync(optionalText, v.optionalAsync(v.pipeAsync(v.string(), domain(call))))
}

export interface OrderBy {
  field: string
  descending: boolean
}

/** A field name, optionally followed by a space and `Desc` in any case. */
function orderBy(fields: readonly string[]) {
  return v.rawTransform<string, OrderBy>(({ dataset, addIssue, NEVER }) => {
    const [, field = '', direction] = /^(\w+)(?:\s+(asc|desc))?$/i.exec(dataset.value.trim()) ?? []
    if (fields.includes(field)) return { field, descending: direction?.toLowerCase() === 'desc' }
    addIssue({ message: 'OrderBy.Unrecognized' })
    return NEVER
  })
}

/** The parameters that all Browse actions share. */
export function paging(action: BrowseAction) {
  const [first] = ORDERS[action]
  const or = <T>(initial: T) => v.transform((value: T | undefined) => value ?? initial)
  const orders = shownAs<string>({ examples: [...ORDERS[action], `${first} Desc`], default: first })
  return {
    OrderBy: v.pipe(note, orders, v.transform(emptyIsAbsent), or<string>(first), orderBy(ORDERS[action])),
    Limit: v.pipe(optionalInteger(1, LIMIT.max), or(LIMIT.initial)),
    Offset: v.pipe(optionalInteger(0, MAX_ID), or(0)),
    CalcFound: v.pipe(optionalFlag, or(true)),
  }
}

/** Numbers of one order, over all its exchanges. */
const MAX_QUANTITY = 100
const NPA_NXX = /^[2-9]\d\d[2-9]\d\d$/

export interface Quantity {
  npaNxx: string
  quantity: number
}

const line = v.pipe(
  v.tuple([
    v.pipe(v.string(), v.regex(NPA_NXX, 'Value.Invalid')),
    v.pipe(v.string('Value.Invalid'), integer(1, MAX_QUANTITY)),
  ]),
  v.transform(([npaNxx, quantity]): Quantity => ({ npaNxx, quantity })),
)

/** `NpaNxx[212789]=2`: an exchange, and how many numbers of it. */
export const quantities = v.pipe(
  v.optional(v.unknown(), ''),
  shownAs({ type: 'object', patternProperties: { [NPA_NXX.source]: { type: 'integer', minimum: 1 } } }),
  v.check(value => value !== '', 'Value.Required'),
  v.custom<ActionArray>(isActionArray, 'Value.Invalid'),
  // a key that was only counted is none of the client's, even where it looks like an exchange
  v.transform(({ elements, counted }) => [...elements].map(([key, each]) => [counted.has(key) ? '' : key, each])),
  v.array(line),
  v.check((lines: Quantity[]) => lines.reduce((sum, each) => sum + each.quantity, 0) <= MAX_QUANTITY, 'Integer.TooBig'),
)

/** Members of a group at most. */
const MAX_MEMBERS = 100

const priority = v.pipe(v.string('Value.Invalid'), integer(0, 1_000_000))

export interface Member {
  address: SipAddress
  priority: number
}

/** `MemberAddresses[ann@example.onsip.com]=1`: who rings, and when. */
export function members(call: Call) {
  const field = v.pipeAsync(v.tupleAsync([v.pipeAsync(v.string(), address(call)), priority]), v.transform(toMember))
  return v.pipeAsync(
    v.optional(v.unknown(), ''),
    shownAs({ type: 'object', patternProperties: { '^[^@]+@[^@]+$': { type: 'integer', minimum: 0 } } }),
    v.check(value => value !== '', 'Value.Required'),
    v.custom<ActionArray>(isActionArray, 'Value.Invalid'),
    v.transform(({ elements }) => [...elements]),
    v.maxLength(MAX_MEMBERS, 'Integer.TooBig'),
    v.arrayAsync(field),
  )
}

const toMember = ([address, priority]: [SipAddress, number]): Member => ({ address, priority })

/** A time with its zone, or a day of UTC; clients also write a space for the `T`, and leave the zone out. */
export const optionalTime = v.pipe(
  optionalText,
  shownAs<string | undefined>({ type: 'string', examples: ['2026-06-01T00:00:00+00:00'] }),
  v.optional(
    v.pipe(
      v.string(),
      v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
        // a plus sign that was not escaped is a space by now
        const written = dataset.value
          .trim()
          .replace(/ (\d\d:?\d\d)$/, (all, zone) => (/T.*:.* /.test(dataset.value) ? `+${zone}` : all))
        const found = parseMoment(written) ?? parseMoment(`${written.replace(' ', 'T')}Z`)
        if (found) return found.at
        addIssue({ message: 'Value.Invalid' })
        return NEVER
      }),
    ),
  ),
)
