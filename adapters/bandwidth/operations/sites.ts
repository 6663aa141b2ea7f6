import type { JsonObject, Resource } from '../../../core/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { childOf, type Element } from '../../kit/xml-read.ts'
import { rootOf, shortText } from '../documents.ts'
import { refuse, statusFaults } from '../faults.ts'
import { doc, el } from '../nodes.ts'
import { narrowing, ownedPage, ownedTotal, tnsNode } from '../owned.ts'
import { pageOf } from '../paging.ts'
import { MOST_PLACES, peersOf, SITE, siteNamed, sitesOf } from '../settings.ts'
import { ACCOUNT, type Acting, common, created, errors } from './common.ts'

const ROOT = 'SiteResponse'
const ONE = `${ACCOUNT}/sites/:site`
const shared = { ...common, faults: statusFaults(ROOT) } as const
const failing = errors(ROOT)

const ADDRESS = [
  ...['HouseNumber', 'HouseSuffix', 'PreDirectional', 'StreetName', 'StreetSuffix', 'PostDirectional', 'AddressLine2'],
  ...['City', 'StateCode', 'Zip', 'PlusFour', 'County', 'Country', 'AddressType'],
]

/** Faults: invalid_input (1003). */
function addressOf(element: Element): JsonObject {
  const sent = childOf(element, 'address')
  if (!sent) return refuse(1003, 'Address is required')
  const parts = ADDRESS.flatMap((name): [string, string][] => {
    const text = shortText(sent, name.toLowerCase())
    return text === undefined ? [] : [[name, text]]
  })
  return parts.length === 0 ? refuse(1003, 'Address is required') : Object.fromEntries(parts)
}

/** Faults: invalid_input. */
function siteOf(element: Element): { name: string; data: JsonObject } {
  const name = shortText(element, 'name')
  if (name === undefined) return refuse(1003, 'Name is required')
  const description = shortText(element, 'description')
  return { name, data: { ...(description && { description }), address: addressOf(element) } }
}

const briefNode = ({ id, name, data }: Resource): XmlNode =>
  doc('Site', el('Id', id), el('Name', name), el('Description', data.description as string | undefined))

function siteNode({ id, name, data }: Resource): XmlNode {
  const address = (data.address ?? {}) as Record<string, string>
  return doc(
    'Site',
    el('Id', id),
    el('Name', name),
    el('Description', data.description as string | undefined),
    doc('Address', ...ADDRESS.map(part => el(part, address[part]))),
  )
}

const site = ({ core, caller, inbound }: Acting) => siteNamed(core, caller, inbound.path.site ?? '')
export const livingIn = (found: Resource) => ({ setting: { key: 'siteId', value: String(found.id) } })

const list = operation({
  ...shared,
  on: `GET ${ACCOUNT}/sites`,
  scope: 'account:read',
  answers: { 200: 'SitesResponse', ...failing },
  async handle({ core, caller }) {
    return { body: doc('SitesResponse', doc('Sites', ...(await sitesOf(core, caller)).map(briefNode))) }
  },
})

const create = operation({
  ...shared,
  on: `POST ${ACCOUNT}/sites`,
  scope: 'account:write',
  answers: { 201: 'empty', ...failing },
  async handle(call) {
    const input = siteOf(rootOf(call.inbound, 'Site'))
    const { id } = await call.core.resources.create(call.caller, { ...input, kind: SITE, limit: MOST_PLACES })
    return created(call, id)
  },
})

const read = operation({
  ...shared,
  on: `GET ${ONE}`,
  scope: 'account:read',
  answers: { 200: ROOT, ...failing },
  handle: async call => ({ body: doc(ROOT, siteNode(await site(call))) }),
})

const change = operation({
  ...shared,
  on: `PUT ${ONE}`,
  scope: 'account:write',
  answers: { 200: 'empty', ...failing },
  async handle(call) {
    const input = siteOf(rootOf(call.inbound, 'Site'))
    const { id } = await site(call)
    await call.core.resources.update(call.caller, id, () => input)
    return { status: 200 }
  },
})

const remove = operation({
  ...shared,
  on: `DELETE ${ONE}`,
  scope: 'account:write',
  answers: { 200: 'empty', ...failing },
  async handle(call) {
    const { core, caller } = call
    const found = await site(call)
    if ((await peersOf(core, caller, found)).length > 0) refuse(12017, 'The site has SIP peers and cannot be deleted.')
    if ((await ownedTotal(core, caller, livingIn(found))) > 0) {
      refuse(12018, 'The site has telephone numbers and cannot be deleted.')
    }
    await core.resources.remove(caller, found.id)
    return { status: 200 }
  },
})

const total = operation({
  ...shared,
  on: `GET ${ONE}/totaltns`,
  scope: 'numbers:read',
  answers: { 200: 'SiteTNsResponse', ...failing },
  async handle(call) {
    const count = await ownedTotal(call.core, call.caller, livingIn(await site(call)))
    return { body: doc('SiteTNsResponse', doc('SiteTNs', el('TotalCount', count))) }
  },
})

const numbers = operation({
  ...shared,
  on: `GET ${ONE}/inserviceNumbers`,
  scope: 'numbers:read',
  answers: { 200: 'TNs', 204: 'empty', ...failing },
  async handle(call) {
    const { core, caller, inbound } = call
    const asked = pageOf(inbound, { most: 5_000, usual: 500 })
    const paged = await ownedPage(core, caller, asked, { ...narrowing(inbound), ...livingIn(await site(call)) })
    if (paged.total === 0) return { status: 204 }
    return {
      body: tnsNode(
        inbound,
        asked,
        paged,
        paged.items.map(({ number }) => number.e164),
      ),
    }
  },
})

export const siteOperations: readonly Operation[] = [list, create, read, change, remove, total, numbers]
