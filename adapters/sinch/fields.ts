import * as v from 'valibot'
import { Fault, type Issue } from '../../core/fault.ts'
import type { Capability } from '../../core/model.ts'
import type { NumberFilter, ScheduledChange } from '../../core/verbs.ts'
import type { Call } from '../kit/dialect.ts'
import { checkList, MAX_LIST } from '../kit/limits.ts'
import { wholeNumber } from '../kit/paging.ts'
import { objectOnly, queryValues } from '../kit/schema.ts'
import { table } from '../kit/table.ts'
import { capabilityOf, DIALECT, TYPES, type TypeWord, typesOf } from './ids.ts'
import { type Sms, VOICE_KEYS, VOICE_TYPES, type Voice, type VoiceType } from './settings.ts'

type Pairs = readonly [string, string][]

export function issue(field: string, message: string): Issue {
  return { field, problem: 'format', message }
}

export function refuse(field: string, message: string): never {
  throw new Fault('invalid_input', { issues: [issue(field, message)] })
}

export interface Criteria {
  regionCode?: string | undefined
  type?: string | undefined
  capabilities: readonly string[]
  pattern?: string | undefined
  searchPattern?: string | undefined
}

/** Repeated, or joined by commas. Faults: invalid_input. */
export function listOf(query: Pairs, name: string): string[] {
  const values = queryValues(query, name).flatMap(value => value.split(',', MAX_LIST + 1))
  checkList(name, values)
  return values.filter(value => value !== '')
}

export function criteriaOf(query: Pairs, capabilities: string): Criteria {
  const read = (name: string) => query.findLast(([key]) => key === name)?.[1] || undefined
  return {
    regionCode: read('regionCode'),
    type: read('type'),
    capabilities: listOf(query, capabilities),
    pattern: read('numberPattern.pattern'),
    searchPattern: read('numberPattern.searchPattern'),
  }
}

const PLACES = table({ START: 'starts', CONTAINS: 'contains', CONTAIN: 'contains', END: 'ends' } as const)

/** A `+` that was not escaped arrives as a space; what begins a number may leave it out. */
function patternFilter(pattern: string, place: string | undefined, issues: Issue[]): NumberFilter {
  const digits = pattern.replace(/^[+ ]/, '')
  const kind = PLACES[place ?? 'CONTAINS']
  if (!kind) issues.push(issue('numberPattern.searchPattern', 'must be START, CONTAINS or END'))
  if (!/^\d{1,15}$/.test(digits)) issues.push(issue('numberPattern.pattern', 'must be digits'))
  return { pattern: { kind: kind ?? 'contains', digits } }
}

function capabilitiesOf(words: readonly string[], issues: Issue[]): Capability[] {
  const found = words.map(capabilityOf)
  if (found.includes(undefined)) issues.push(issue('capabilities', 'must be SMS or VOICE'))
  return found.filter(each => each !== undefined)
}

/** All mistakes are told together. Faults: invalid_input. */
export function filterOf(criteria: Criteria, required: boolean): NumberFilter {
  const issues: Issue[] = []
  const { regionCode, type, pattern } = criteria
  if (required && regionCode === undefined) issues.push(issue('regionCode', 'must not be empty'))
  if (regionCode !== undefined && !/^[A-Za-z]{2}$/.test(regionCode))
    issues.push(issue('regionCode', 'must have two letters'))
  if (required && type === undefined) issues.push(issue('type', 'must not be empty'))
  if (type !== undefined && !TYPES.includes(type as TypeWord))
    issues.push(issue('type', `must be one of ${TYPES.join(', ')}`))
  const capabilities = capabilitiesOf(criteria.capabilities, issues)
  const filter: NumberFilter = {
    ...(regionCode !== undefined && { country: regionCode.toUpperCase() }),
    ...(type !== undefined && { types: typesOf(type as TypeWord) }),
    ...(capabilities.length > 0 && { capabilities }),
    ...(pattern !== undefined && patternFilter(pattern, criteria.searchPattern, issues)),
  }
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
  return filter
}

export function countOf(query: Pairs, name: string, fallback: number, most: number): number {
  const sent = query.findLast(([key]) => key === name)?.[1]
  if (sent === undefined || sent === '') return fallback
  const value = wholeNumber(sent)
  return value === undefined || value < 1 ? refuse(name, 'must be 1 or more') : Math.min(value, most)
}

const text = v.pipe(v.string('must be a string'), v.maxLength(2048, 'is too long'))

const smsSchema = objectOnly({ servicePlanId: v.optional(text), campaignId: v.optional(text) })
const voiceSchema = objectOnly({
  type: v.optional(v.picklist(VOICE_TYPES, 'must be RTC, EST or FAX')),
  appId: v.optional(text),
  trunkId: v.optional(text),
  serviceId: v.optional(text),
})

/** A configuration that is not wanted is left out: an empty one, and null, are errors. */
const hasMember = <T extends object>(value: T) => Object.values(value).some(member => member !== undefined)

export const configurationFields = {
  smsConfiguration: v.optional(v.pipe(smsSchema, v.check(hasMember, 'must not be empty'))),
  voiceConfiguration: v.optional(v.pipe(voiceSchema, v.check(hasMember, 'must not be empty'))),
  callbackUrl: v.optional(v.nullable(text)),
}

export type Configurations = v.InferOutput<v.ObjectSchema<typeof configurationFields, undefined>>

/** Empty and null clear it. Faults: invalid_input. */
export function checkCallback(
  { callbackProblem }: Pick<Call, 'callbackProblem'>,
  url: string | null | undefined,
): void {
  const problem = url ? callbackProblem(url) : undefined
  if (problem !== undefined) refuse('callbackUrl', problem)
}

/** Finished on the job runner's next round. */
const DELAY_MS = 1

/** Test hook of double mode and documented: an id that contains `fail` ends in FAILED. */
const outcomeOf = (...ids: string[]) => (ids.some(id => id.includes('fail')) ? 'failed' : 'done')

export function smsChange(sent: NonNullable<Configurations['smsConfiguration']>, before: Sms): ScheduledChange {
  const value: Sms = {
    servicePlanId: sent.servicePlanId ?? before.servicePlanId,
    campaignId: sent.servicePlanId === '' ? '' : (sent.campaignId ?? before.campaignId),
  }
  const outcome = outcomeOf(value.servicePlanId, value.campaignId)
  // what is unlinked is so at once
  const delayMs = value.servicePlanId === '' ? 0 : DELAY_MS
  return { dialect: DIALECT, service: 'sms', value: { ...value }, outcome, delayMs }
}

function voiceTypeOf(sent: NonNullable<Configurations['voiceConfiguration']>): VoiceType {
  return sent.type ?? VOICE_TYPES.find(type => sent[VOICE_KEYS[type]] !== undefined) ?? 'RTC'
}

export function voiceChange(sent: NonNullable<Configurations['voiceConfiguration']>): ScheduledChange {
  const type = voiceTypeOf(sent)
  const value: Voice = { type, id: sent[VOICE_KEYS[type]] ?? '' }
  return { dialect: DIALECT, service: 'voice', value: { ...value }, outcome: outcomeOf(value.id), delayMs: DELAY_MS }
}
