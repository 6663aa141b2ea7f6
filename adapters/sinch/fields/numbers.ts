import * as v from 'valibot'
import { Fault, type Issue } from '../../../core/ground/fault.ts'
import type { Capability } from '../../../core/ground/model.ts'
import type { DecidedChange, NumberFilter, ScheduledChange } from '../../../core/verbs.ts'
import type { Call } from '../../kit/dialect.ts'
import { checkList, MAX_LIST } from '../../kit/limits.ts'
import { wholeNumber } from '../../kit/paging.ts'
import { objectOnly, queryValues } from '../../kit/schema.ts'
import { capabilityOf, DIALECT, TYPES, type TypeWord, typesOf } from '../ids.ts'
import { type Sms, VOICE_KEYS, VOICE_TYPES, type Voice, type VoiceType } from '../settings.ts'

type Pairs = readonly [string, string][]

export function issue(field: string, message: string): Issue {
  return { field, problem: 'format', message }
}

export function refuse(field: string, message: string): never {
  throw new Fault('invalid_input', { issues: [issue(field, message)] })
}

/** A word of a list, and the parameter that it came in. */
export interface Sent {
  field: string
  word: string
}

export interface Criteria {
  regionCode?: string | undefined
  type?: string | undefined
  capabilities: readonly Sent[]
  pattern?: string | undefined
  searchPattern?: string | undefined
}

/** Repeated, or joined by commas, under any of these names: SDKs differ in both. Faults: invalid_input. */
export function listOf(query: Pairs, ...names: readonly string[]): Sent[] {
  const words = query.flatMap(pair => {
    const isMeant = names.some(name => queryValues([pair], name).length > 0)
    return (isMeant ? pair[1].split(',', MAX_LIST + 1) : []).map(word => ({ field: pair[0], word }))
  })
  checkList(names[0] ?? '', words)
  return words.filter(({ word }) => word !== '')
}

export function criteriaOf(query: Pairs): Criteria {
  const read = (name: string) => query.findLast(([key]) => key === name)?.[1] || undefined
  return {
    regionCode: read('regionCode'),
    type: read('type'),
    // `capabilities` is documented for searches and `capability` for rented numbers; the Python SDK has one for both
    capabilities: listOf(query, 'capabilities', 'capability'),
    pattern: read('numberPattern.pattern'),
    searchPattern: read('numberPattern.searchPattern'),
  }
}

const PLACES = new Map([
  ['START', 'starts'],
  ['CONTAINS', 'contains'],
  ['CONTAIN', 'contains'],
  ['END', 'ends'],
] as const)

/** A `+` that was not escaped arrives as a space; what begins a number may leave it out. */
function patternFilter({ pattern, searchPattern }: Criteria, issues: Issue[]): NumberFilter {
  const kind = PLACES.get((searchPattern || 'CONTAINS') as 'CONTAINS')
  if (!kind) issues.push(issue('numberPattern.searchPattern', 'must be START, CONTAINS or END'))
  if (!pattern) return {}
  const digits = pattern.replace(/^[+ ]/, '')
  if (!/^\d{1,15}$/.test(digits)) issues.push(issue('numberPattern.pattern', 'must be digits'))
  return { pattern: { kind: kind ?? 'contains', digits } }
}

/** Named once however often it is wrong: a client may send any number of them. */
function wrongWords(sent: readonly Sent[], isRight: (word: string) => boolean, message: string): Issue[] {
  const fields = sent.filter(({ word }) => !isRight(word)).map(({ field }) => field)
  return [...new Set(fields)].map(field => issue(field, message))
}

function capabilitiesOf(sent: readonly Sent[], issues: Issue[]): Capability[] {
  issues.push(...wrongWords(sent, word => capabilityOf(word) !== undefined, 'must be SMS or VOICE'))
  return [...new Set(sent.flatMap(({ word }) => capabilityOf(word) ?? []))].sort()
}

const isType = (word: string) => TYPES.includes(word as TypeWord)
const ONE_OF_TYPES = `must be one of ${TYPES.join(', ')}`

/** All of them where none is named. Faults: invalid_input. */
export function typesAsked(query: Pairs): TypeWord[] {
  const sent = listOf(query, 'types', 'type')
  const issues = wrongWords(sent, isType, ONE_OF_TYPES)
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
  return TYPES.filter(type => sent.length === 0 || sent.some(({ word }) => word === type))
}

/** All mistakes are told together. Faults: invalid_input. */
export function filterOf(criteria: Criteria, required: boolean): NumberFilter {
  const issues: Issue[] = []
  const { regionCode, type } = criteria
  if (required && regionCode === undefined) issues.push(issue('regionCode', 'must not be empty'))
  if (regionCode !== undefined && !/^[A-Za-z]{2}$/.test(regionCode))
    issues.push(issue('regionCode', 'must have two letters'))
  if (required && type === undefined) issues.push(issue('type', 'must not be empty'))
  if (type !== undefined && !isType(type)) issues.push(issue('type', ONE_OF_TYPES))
  const capabilities = capabilitiesOf(criteria.capabilities, issues)
  const filter: NumberFilter = {
    ...(regionCode !== undefined && { country: regionCode.toUpperCase() }),
    ...(type !== undefined && { types: typesOf(type as TypeWord) }),
    ...(capabilities.length > 0 && { capabilities }),
    ...patternFilter(criteria, issues),
  }
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
  return filter
}

/** What is rented at once. Numbers that need documents are to be had by number orders. */
export const RENTABLE = { documents: 'none' } as const satisfies NumberFilter

export function countOf(query: Pairs, name: string, fallback: number, most: number): number {
  const sent = query.findLast(([key]) => key === name)?.[1]
  if (sent === undefined || sent === '') return fallback
  const value = wholeNumber(sent)
  return value === undefined || value < 1 ? refuse(name, 'must be 1 or more') : Math.min(value, most)
}

const text = v.pipe(v.string('must be a string'), v.maxLength(2048, 'is too long'))

/** Of what was read and is sent back: never a wish. */
const readBack = v.optional(v.unknown())

const smsSchema = objectOnly({
  servicePlanId: v.optional(text),
  campaignId: v.optional(text),
  scheduledProvisioning: readBack,
})
const voiceSchema = objectOnly({
  type: v.optional(v.picklist(VOICE_TYPES, 'must be RTC, EST or FAX')),
  appId: v.optional(text),
  trunkId: v.optional(text),
  serviceId: v.optional(text),
  scheduledVoiceProvisioning: readBack,
})

/** A configuration that is not wanted is left out: an empty one, and null, are errors. */
const hasMember = <T extends object>(value: T) =>
  Object.entries(value).some(([name, member]) => member !== undefined && !name.startsWith('scheduled'))

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

/** Members that are not named stay as they are, or as they are about to be. Faults: invalid_input. */
export function smsUpdate(sent: NonNullable<Configurations['smsConfiguration']>, stored: Sms): DecidedChange {
  return {
    dialect: DIALECT,
    service: 'sms',
    decide(waiting) {
      const change = smsChange(sent, (waiting as unknown as Sms | undefined) ?? stored)
      const { servicePlanId, campaignId } = change.value as unknown as Sms
      if (servicePlanId === '' && campaignId !== '') refuse('smsConfiguration.servicePlanId', 'must not be empty')
      return change
    },
  }
}

function voiceTypeOf(sent: NonNullable<Configurations['voiceConfiguration']>): VoiceType {
  return sent.type ?? VOICE_TYPES.find(type => sent[VOICE_KEYS[type]] !== undefined) ?? 'RTC'
}

export function voiceOf(sent: NonNullable<Configurations['voiceConfiguration']>): Voice {
  const type = voiceTypeOf(sent)
  return { type, id: sent[VOICE_KEYS[type]] ?? '' }
}

export function voiceChange(sent: NonNullable<Configurations['voiceConfiguration']>): ScheduledChange {
  const value = voiceOf(sent)
  return { dialect: DIALECT, service: 'voice', value: { ...value }, outcome: outcomeOf(value.id), delayMs: DELAY_MS }
}
