/** Mailboxes. Each is an address of the organization, where calls may go; its number is one of the organization's own. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { JsonObject, SipAddress } from '../../../core/ground/model.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { list } from '../views/people.ts'
import { administer, type KnownCall } from '../ways/access.ts'
import { adminScope } from '../ways/scope.ts'
import { time } from '../wire/text.ts'
import { ownOrganization } from './address-input.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ VoicemailboxId: 'id', OrganizationId: 'organization_id', Mailbox: 'name' } as const)
const writing = { scope: 'account:write', caller: 'required' } as const
const reading = { scope: 'account:read', caller: 'required' } as const

const ZONES = ['us_eastern', 'us_central', 'us_mountain', 'us_pacific'] as const
const digits = v.regex(/^\d{1,7}$/, 'Value.Invalid')
const mailbox = v.pipe(fields.required, digits)
const optionalDigits = v.pipe(fields.optionalText, v.optional(v.pipe(v.string(), digits)))

/** Its PIN opens nothing here, and is kept nowhere. */
const settings = (call: Call) => ({
  Timezone: fields.optionalWord(...ZONES),
  SayCallerId: fields.optionalFlag,
  SayDuration: fields.optionalFlag,
  SayDatetime: fields.optionalFlag,
  NotifyEmail: fields.optionalWord('no', 'yes', 'attach', 'delete', 'false'),
  Email: fields.optionalEmail,
  NotifyPager: fields.optionalWord('no', 'yes'),
  Pager: fields.optionalEmail,
  Mwi: fields.optionalAddress(call),
})

type Settings = {
  [K in 'Timezone' | 'NotifyEmail' | 'Email' | 'NotifyPager' | 'Pager']?: string | undefined
} & { [K in 'SayCallerId' | 'SayDuration' | 'SayDatetime']?: boolean | undefined } & { Mwi?: SipAddress | undefined }

const DEFAULTS: JsonObject = {
  ...{ Fullname: '', Timezone: 'us_eastern', SayCallerId: false, SayDuration: false, SayDatetime: false },
  ...{ NotifyEmail: 'no', NotifyPager: 'no', Email: '', Pager: '' },
}

/** Who is to be told must be named. Faults: invalid_input. */
function checkTold(data: JsonObject): void {
  for (const [told, at] of [
    ['NotifyEmail', 'Email'],
    ['NotifyPager', 'Pager'],
  ] as const) {
    if (data[told] === 'no' || data[at] !== '') continue
    throw new Fault('invalid_input', {
      issues: [{ field: at, problem: 'missing', message: 'is missing', code: 'Value.Required' }],
    })
  }
}

function dataOf({ Mwi, NotifyEmail, ...rest }: Settings): JsonObject {
  return defined({
    ...rest,
    NotifyEmail: NotifyEmail === 'false' ? 'no' : NotifyEmail,
    mwiId: Mwi?.id,
  }) as JsonObject
}

const PIN_MASK = '******'

async function view({ core }: KnownCall, shown: SipAddress): Promise<XmlNode> {
  const data = { ...DEFAULTS, ...shown.data }
  const mwi = typeof data.mwiId === 'number' ? await core.directory.addressById(data.mwiId) : undefined
  const kept = (...names: string[]) => names.map(name => leaf(name, data[name] as string | boolean))
  return branch('Voicemailbox', [
    leaf('VoicemailboxId', shown.id),
    leaf('OrganizationId', shown.organizationId),
    leaf('AccountId', shown.accountId),
    leaf('Status', 'enabled'),
    leaf('Mailbox', shown.name),
    leaf('Password', PIN_MASK),
    ...kept(
      'Fullname',
      'Timezone',
      'SayCallerId',
      'SayDuration',
      'SayDatetime',
      'NotifyEmail',
      'NotifyPager',
      'Email',
      'Pager',
    ),
    leaf('Mwi', mwi ? `${mwi.username}@${mwi.domain}` : ''),
    leaf('Created', time(shown.createdAt)),
    leaf('Modified', time(shown.updatedAt)),
    // where calls reach it
    leaf('Username', shown.username),
    leaf('Domain', shown.domain),
  ])
}

const add = operation({
  ...writing,
  on: 'VoicemailboxAdd',
  ...answers('VoicemailboxAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.localPart,
      Domain: fields.requiredDomain(call),
      Mailbox: mailbox,
      Fullname: fields.required,
      ...settings(call),
    }),
  async handle(call, { OrganizationId, Username, Domain, Mailbox, Fullname, ...rest }) {
    const { caller } = await ownOrganization(call, OrganizationId, Domain)
    const data = { ...DEFAULTS, ...dataOf(rest), Fullname }
    checkTold(data)
    const address = { organizationId: OrganizationId, username: Username, kind: 'voicemail', name: Mailbox } as const
    return completed(
      call,
      await view(call, await call.core.directory.addAddress(caller, { ...address, isNameUnique: true, data })),
    )
  },
})

/** A mailbox of an account that the caller administers. Foreign and unknown ids answer the same. Faults: forbidden. */
async function administered(call: KnownCall, id: number) {
  const found = await call.core.directory.addressById(id)
  const box = found?.kind === 'voicemail' ? found : undefined
  const caller = await administer(call, box?.accountId)
  if (!box) throw new Fault('forbidden', { reason: 'account' })
  return { caller, box }
}

const read = operation({
  ...reading,
  on: 'VoicemailboxRead',
  ...answers('VoicemailboxRead'),
  input: fields.parameters({ VoicemailboxId: fields.id }),
  async handle(call, { VoicemailboxId }) {
    return completed(call, await view(call, (await administered(call, VoicemailboxId)).box))
  },
})

const browse = operation({
  ...reading,
  on: 'VoicemailboxBrowse',
  ...answers('VoicemailboxBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    ...fields.paging('VoicemailboxBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'id', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.addresses({ ...filter, kind: 'voicemail' }, page, order)
    const items = await Promise.all(found.items.map(each => view(call, each)))
    return completed(call, list('Voicemailboxes', items, input, found.total))
  },
})

const edit = operation({
  ...writing,
  on: 'VoicemailboxEdit',
  ...answers('VoicemailboxEdit'),
  input: call =>
    fields.parameters({
      VoicemailboxId: fields.id,
      Mailbox: optionalDigits,
      Password: optionalDigits,
      Fullname: fields.optionalText,
      ...settings(call),
    }),
  async handle(call, { VoicemailboxId, Mailbox, Password: _, Fullname, ...rest }) {
    const { caller, box } = await administered(call, VoicemailboxId)
    const data = { ...dataOf(rest), ...defined({ Fullname }) }
    checkTold({ ...DEFAULTS, ...box.data, ...data })
    const change = { ...defined({ name: Mailbox }), isNameUnique: true, data }
    return completed(call, await view(call, await call.core.directory.editAddress(caller, box.id, change)))
  },
})

const remove = operation({
  ...writing,
  on: 'VoicemailboxDelete',
  ...answers('VoicemailboxDelete'),
  input: fields.parameters({ VoicemailboxId: fields.id }),
  async handle(call, { VoicemailboxId }) {
    const { caller, box } = await administered(call, VoicemailboxId)
    await call.core.directory.removeAddress(caller, box.id)
    return completed(call)
  },
})

export const voicemailboxOperations: readonly Operation[] = [add, read, browse, edit, remove]
