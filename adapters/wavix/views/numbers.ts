import { digitsOf } from '../../../core/ground/e164.ts'
import type { Document, DocumentType, Owned, PhoneNumber, Place, Route, Trunk } from '../../../core/ground/model.ts'
import { shortestText } from '../../kit/money-text.ts'
import { pageCount } from '../../kit/paging.ts'
import type { Paging } from '../fields/common.ts'
import { docTypeId, numberId } from '../ids.ts'
import { canSms, settingsOf } from '../settings.ts'
import type { WireProfile } from '../wire/profile.ts'

/** Names of places by id; a city without a place keeps the number's own word. */
export interface PlaceNames {
  cities: ReadonlyMap<number, Place>
  /** By ISO code. */
  countries: ReadonlyMap<string, Place>
}

export function countryView({ id, name, country, hasRegions }: Place) {
  return { id, name, short_name: country, has_provinces_or_states: hasRegions }
}

export function regionView({ id, name }: Place) {
  return { id, name }
}

/** `area_code` is a number: NPA-NXX in the US, else the area code. */
export function cityView({ id, name, code }: Place) {
  return { id, name, area_code: Number(code) || 0 }
}

export function pagination({ page, perPage }: Paging, total: number) {
  return { total, total_pages: pageCount(total, perPage), current_page: page, per_page: perPage }
}

function placeFields(number: PhoneNumber, { cities, countries }: PlaceNames) {
  return {
    city: cities.get(number.cityId ?? 0)?.name ?? number.city,
    country: countries.get(number.country)?.name ?? number.country,
    country_short_name: number.country,
  }
}

function prices(number: PhoneNumber) {
  return {
    activation_fee: shortestText(number.setupPrice),
    monthly_fee: shortestText(number.monthlyPrice),
    per_min: shortestText(number.perMinutePrice),
  }
}

/** Text of ids for clients of the `appid` years, names for the newest. */
function requiredDocs(types: readonly DocumentType[], profile: WireProfile): string[] {
  return types.map(type => (profile === 'legacy' ? String(docTypeId(type)) : type))
}

export function availableView(number: PhoneNumber, places: PlaceNames, profile: WireProfile) {
  return {
    id: numberId(number.e164),
    number: digitsOf(number.e164),
    ...prices(number),
    free_min: 0,
    channels: profile === 'legacy' ? number.channels : String(number.channels),
    ...placeFields(number, places),
    cnam: number.capabilities.includes('cnam'),
    domestic_cli: true,
    require_docs: requiredDocs(number.requiredDocuments, profile),
    sms_enabled: canSms(number),
    sms_price: profile === 'legacy' ? '0.0' : 0,
  }
}

const TRANSPORTS: Record<Route['kind'], number> = { sip: 1, pstn: 4, trunk: 5 }

function destinationView(route: Route, trunks: ReadonlyMap<number, Trunk>) {
  return {
    id: route.id,
    destination: route.target,
    priority: route.priority,
    transport: TRANSPORTS[route.kind],
    trunk_id: route.trunkId,
    trunk_label: trunks.get(route.trunkId ?? 0)?.label ?? null,
  }
}

/** What an owned number is shown with. */
export interface Shown {
  places: PlaceNames
  trunks: ReadonlyMap<number, Trunk>
  documents: readonly Document[]
  /** Inbound seconds this month, by number. */
  seconds: ReadonlyMap<number, number>
  profile: WireProfile
  /** Absolute, up to the number's id: `…/v1/mydids` or `…/v1/numbers`. */
  collection: string
}

export function documentView(document: Document, e164: string, collection: string) {
  return {
    id: document.id,
    allow_replace: document.status === 'rejected',
    did_number: digitsOf(e164),
    doc_content_type: document.contentType,
    doc_file_name: document.fileName,
    doc_type: document.type,
    doc_type_id: docTypeId(document.type),
    status: document.status,
    url: `${collection}/${document.leaseId}/papers/${document.id}`,
  }
}

/** inactive: papers are missing, or an operator or lack of money has stopped it. */
function statusOf({ number }: Owned, documents: readonly Document[]): 'active' | 'inactive' {
  const approved = documents.filter(document => document.status === 'approved').map(document => document.type)
  const isComplete = number.requiredDocuments.every(type => approved.includes(type))
  return isComplete && number.state !== 'suspended' && number.state !== 'blocked' ? 'active' : 'inactive'
}

export function numberView(owned: Owned, shown: Shown) {
  const { number, lease, subscription, routes } = owned
  const documents = shown.documents.filter(document => document.leaseId === lease.id)
  const settings = settingsOf(owned)
  return {
    id: lease.id,
    number: digitsOf(number.e164),
    ...prices(number),
    // who holds a number keeps the price it was bought at
    monthly_fee: shortestText(subscription.amount),
    ...placeFields(number, shown.places),
    state: number.region === '' ? null : number.region,
    destination: routes.map(route => destinationView(route, shown.trunks)),
    channels: number.channels,
    require_docs: requiredDocs(number.requiredDocuments, shown.profile),
    documents: documents.map(document => documentView(document, number.e164, shown.collection)),
    label: lease.label || null,
    status: statusOf(owned, documents),
    seconds: String(shown.seconds.get(number.id) ?? 0),
    added: new Date(lease.startedAt).toISOString(),
    paid_until: new Date(subscription.paidUntil).toISOString().slice(0, 10),
    sms_enabled: settings.smsEnabled,
    sms_relay_url: settings.smsRelayUrl,
    call_status_url: settings.callStatusUrl,
    cnam: number.capabilities.includes('cnam'),
    domestic_cli: true,
    free_min: 0,
    unlimited: false,
    call_recording_enabled: settings.callRecording,
    transcription_enabled: settings.transcription,
    transcription_threshold: settings.transcriptionThreshold,
  }
}
