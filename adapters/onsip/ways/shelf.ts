/**
 * The inventory by area code, rendered once per area code and format. The full tree of a country is megabytes long, and
 * an area code changes only when one of its exchanges sells out or comes back.
 */
import { setImmediate } from 'node:timers/promises'
import type { Block } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { branch, type Format, leaf, type XmlPrepared } from '../../kit/xml.ts'
import { prepareItem, prepareList, prepareRun, type XmlItem, type XmlRun } from '../../kit/xml-shelf.ts'

export interface ShelfFilter {
  npa?: string
  state?: string
  /** Area codes at most. */
  limit?: number
}

export interface Shelf {
  /** The element Npas. The format is the one that it will be shown in: rendered beforehand, because it takes time. */
  npas(filter: ShelfFilter, format: Format): Promise<XmlPrepared>
}

interface AreaCode {
  version: number
  state: string
  element: XmlItem
}

/** Area codes that are next to each other: sent as one piece, copied when one of them changes. */
interface Page {
  areaCodes: ReadonlyMap<string, AreaCode>
  run: XmlRun
}

interface Known {
  version: number
  /** By `pageOf`, ascending. */
  pages: ReadonlyMap<number, Page>
}

/** Countries that share the North American plan, whose region codes do not collide. */
const COUNTRIES = ['US', 'CA']
/** Area codes read at once: a turn of some milliseconds, and little in memory at a time. */
const AT_ONCE = 10
/** Area codes of a page: about a megabyte. Many small pieces cost each answer more, a large one each change. */
const PAGE = 25
/** Rendering lets others in after so many milliseconds. */
const TURN_MS = 10

export function createShelf(core: Core): Shelf {
  let known: Known = { version: Number.NaN, pages: new Map() }
  let reading: Promise<void> | undefined
  const current = async () => {
    const version = await core.inventory.version()
    // one that has begun already may have missed what this caller knows of
    if (known.version !== version) await reading
    if (known.version === version) return known
    reading ??= read(core, version, known.pages)
      .then(fresh => {
        known = fresh
      })
      .finally(() => {
        reading = undefined
      })
    await reading
    return known
  }
  return {
    async npas(filter, format) {
      const runs = select([...(await current()).pages.values()], filter)
      await render(runs, format)
      return prepareList('Npas', runs)
    },
  }
}

function select(pages: readonly Page[], { npa, state, limit }: ShelfFilter): readonly XmlRun[] {
  if (npa === undefined && state === undefined && limit === undefined) return pages.map(({ run }) => run)
  const all = pages.flatMap(({ areaCodes }) => [...areaCodes])
  const found = all.filter(([num, each]) => (npa ?? num) === num && (state ?? each.state) === each.state)
  return found.slice(0, limit).map(([, { element }]) => element)
}

/** A whole country takes a good part of a second: others are served in between. */
async function render(runs: readonly XmlRun[], format: Format): Promise<void> {
  let turnEndsAt = performance.now() + TURN_MS
  for (const run of runs) {
    run.bytes(format)
    if (performance.now() < turnEndsAt) continue
    await setImmediate()
    turnEndsAt = performance.now() + TURN_MS
  }
}

/** The version was read before the blocks, so that a change in between is seen the next time. */
async function read(core: Core, version: number, old: Known['pages']): Promise<Known> {
  const versions = [...(await core.inventory.npaVersions())].sort(([one], [other]) => (one < other ? -1 : 1))
  const moved = versions.filter(([npa, each]) => areaCodeOf(old, npa)?.version !== each)
  const fresh = await readAreaCodes(core, moved)
  const pages = new Map<number, Map<string, AreaCode>>()
  for (const [npa] of versions) {
    const areaCode = fresh.get(npa) ?? areaCodeOf(old, npa)
    const page = pages.get(pageOf(npa)) ?? new Map<string, AreaCode>()
    if (areaCode) pages.set(pageOf(npa), page.set(npa, areaCode))
  }
  return { version, pages: new Map([...pages].map(([name, areaCodes]) => [name, keep(old.get(name), areaCodes)])) }
}

const pageOf = (npa: string) => Math.floor(Number(npa) / PAGE)

function areaCodeOf(pages: Known['pages'], npa: string): AreaCode | undefined {
  return pages.get(pageOf(npa))?.areaCodes.get(npa)
}

function keep(old: Page | undefined, areaCodes: ReadonlyMap<string, AreaCode>): Page {
  const isSame =
    old?.areaCodes.size === areaCodes.size && [...areaCodes].every(([npa, each]) => old.areaCodes.get(npa) === each)
  const elements = [...areaCodes.values()].map(({ element }) => element)
  return isSame ? old : { areaCodes, run: prepareRun('Npa', elements) }
}

async function readAreaCodes(
  core: Core,
  moved: readonly (readonly [string, number])[],
): Promise<Map<string, AreaCode>> {
  const found = new Map<string, AreaCode>()
  const names = moved.length > 0 ? await regionNames(core) : new Map<string, string>()
  for (let at = 0; at < moved.length; at += AT_ONCE) {
    const some = moved.slice(at, at + AT_ONCE)
    const blocks = group(await core.inventory.blocks({ npas: some.map(([npa]) => npa) }))
    for (const [npa, version] of some) found.set(npa, areaCode(npa, version, blocks.get(npa) ?? [], names))
    await setImmediate()
  }
  return found
}

function group(blocks: readonly Block[]): Map<string, Block[]> {
  const byNpa = new Map<string, Block[]>()
  for (const block of blocks) {
    const npa = block.npaNxx.slice(0, 3)
    const held = byNpa.get(npa)
    if (held) held.push(block)
    else byNpa.set(npa, [block])
  }
  return byNpa
}

async function regionNames(core: Core): Promise<Map<string, string>> {
  const places = await Promise.all(COUNTRIES.map(country => core.places.list({ kind: 'region', country })))
  return new Map(places.flat().map(place => [place.code, place.name]))
}

/** What an exchange shows. */
type Exchange = readonly [num: string, isAvailable: 0 | 1, rateCenter: string]

/** Where most of its exchanges lie: an odd one does not move the area. */
function stateOf(blocks: readonly Block[]): string {
  const votes = new Map<string, number>()
  for (const { region } of blocks) if (/^[A-Z]{2}$/.test(region)) votes.set(region, (votes.get(region) ?? 0) + 1)
  const most = Math.max(0, ...votes.values())
  return [...votes.keys()].find(region => votes.get(region) === most) ?? ''
}

function areaCode(npa: string, version: number, blocks: readonly Block[], names: Map<string, string>): AreaCode {
  const state = stateOf(blocks)
  // as text they take a tenth of what they take as objects, and a format may be asked for much later
  const exchanges = JSON.stringify(blocks.map(exchange))
  const postalCode = { code: state, name: names.get(state) ?? state }
  const element = prepareItem('Npa', () => npaElement(npa, postalCode, JSON.parse(exchanges) as Exchange[]))
  return { version, state, element }
}

function exchange({ npaNxx, available, rateCenter }: Block): Exchange {
  return [npaNxx.slice(3), available > 0 ? 1 : 0, rateCenter]
}

/** The area code itself is its id: stable, and no known action takes it. */
function npaElement(npa: string, { code, name }: { code: string; name: string }, exchanges: readonly Exchange[]) {
  return branch('Npa', [
    leaf('NpaId', npa),
    leaf('Num', npa),
    ...(code === '' ? [] : [branch('PostalCode', [leaf('Code', code), leaf('Name', name)])]),
    branch('Nxxs', exchanges.map(nxx)),
  ])
}

function nxx([num, isAvailable, rateCenter]: Exchange) {
  const status = isAvailable ? 'available' : 'unavailable'
  return branch('Nxx', [leaf('Num', num), leaf('Status', status), leaf('Ratecenter', rateCenter)])
}
