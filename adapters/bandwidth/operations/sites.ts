import type { JsonObject, Resource } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { childOf, type Element } from '../../kit/xml-read.ts'
import { refuse, statusFaults } from '../faults.ts'
import { shortText } from '../fields/documents.ts'
import { DIALECT } from '../ids.ts'
import { MOST_PLACES, SITE, siteNamed, sitesOf } from '../settings.ts'
import { narrowing, ownedPage, ownedTotal, tnsNode } from '../ways/owned.ts'
import { doc, el } from '../wire/nodes.ts'
import { pageOf } from '../wire/paging.ts'
import { ACCOUNT, type Acting, common, errors } from './common.ts'
import { keptOperations } from './kept.ts'

const ROOT = 'SiteResponse'
const ONE = `${ACCOUNT}/sites/:site`
const shared = { ...common, faults: statusFaults(ROOT) } as const

const ADDRESS = [
  ...['HouseNumber', 'HouseSuffix', 'PreDirectional', 'StreetName', 'StreetSuffix', 'PostDirectional', 'AddressLine2'],
  ...['City', 'StateCode', 'Zip', 'PlusFour', 'County', 'Country', 'AddressType'],
]

/** Faults: invalid_input (1003). */
function addressOf(element: Element): JsonObject {
  const sent = childOf(element, 'address')
  if (!sent) return refuse(1003, 'Address is required')
  const parts = ADDRESS.flatMap((name): [string, string][] => {
    const text = shortText(sent, name)
    return text === undefined ? [] : [[name, text]]
  })
  return parts.length === 0 ? refuse(1003, 'Address is required') : Object.fromEntries(parts)
}

/** Faults: invalid_input. */
function siteOf(element: Element): { name: string; data: JsonObject } {
  const name = shortText(element, 'Name')
  if (name === undefined) return refuse(1003, 'Name is required')
  const description = shortText(element, 'Description')
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
const livingIn = (found: Resource) => ({ setting: { key: 'siteId', value: String(found.id) } })

const kept = keptOperations({
  ...{ path: `${ACCOUNT}/sites`, parameter: 'site', element: 'Site', root: ROOT, makingFails: [400] },
  read: (_, element) => siteOf(element),
  listed: {
    root: 'SitesResponse',
    of: async ({ core, caller }) => doc('Sites', ...(await sitesOf(core, caller)).map(briefNode)),
  },
  shown: siteNode,
  find: site,
  make: async ({ core, caller }, input) =>
    (await core.resources.create(caller, { ...input, kind: SITE, limit: MOST_PLACES })).id,
  async change({ core, caller }, { id }, input) {
    await core.resources.update(caller, id, () => input)
  },
  keptBy: {
    named: { dialect: DIALECT, key: 'siteId' },
    told: {
      has_parts: [12017, 'The site has SIP peers and cannot be deleted.'],
      in_use: [12018, 'The site has telephone numbers and cannot be deleted.'],
    },
  },
})

const total = operation({
  ...shared,
  on: `GET ${ONE}/totaltns`,
  scope: 'numbers:read',
  answers: { 200: 'SiteTNsResponse', ...errors(ROOT, 404) },
  async handle(call) {
    const count = await ownedTotal(call.core, call.caller, livingIn(await site(call)))
    return { body: doc('SiteTNsResponse', doc('SiteTNs', el('TotalCount', count))) }
  },
})

const numbers = operation({
  ...shared,
  on: `GET ${ONE}/inserviceNumbers`,
  scope: 'numbers:read',
  answers: { 200: 'TNs', 204: 'empty', ...errors(ROOT, 400, 404) },
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

export const siteOperations: readonly Operation[] = [...kept, total, numbers]
