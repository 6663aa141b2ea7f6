/**
 * The inventory by area code, rendered once per area code and format. The full tree of a country is megabytes long, and
 * an area code changes only when one of its exchanges sells out or comes back.
 */
import { setImmediate } from 'node:timers/promises'
import type { Block } from '../../core/model.ts'
import type { Core } from '../../core/verbs.ts'
import { branch, leaf, prepare, prepareList, type XmlPrepared } from '../kit/xml.ts'

export interface ShelfFilter {
  npa?: string
  state?: string
  /** Area codes at most. */
  limit?: number
}

export interface Shelf {
  /** The element Npas. */
  npas(filter: ShelfFilter): Promise<XmlPrepared>
}

interface AreaCode {
  version: number
  state: string
  element: XmlPrepared
}

interface Rendered {
  version: number
  /** By area code, ascending. */
  byNpa: ReadonlyMap<string, AreaCode>
  whole: XmlPrepared
}

/** Countries that share the North American plan, whose region codes do not collide. */
const COUNTRIES = ['US', 'CA']

export function createShelf(core: Core): Shelf {
  let rendered: Rendered | undefined
  let rendering: Promise<Rendered> | undefined
  const current = async () => {
    const version = await core.inventory.version()
    if (rendered?.version === version) return rendered
    rendering ??= render(core, version, rendered?.byNpa).finally(() => {
      rendering = undefined
    })
    rendered = await rendering
    return rendered
  }
  return {
    async npas({ npa, state, limit }) {
      const { byNpa, whole } = await current()
      if (npa === undefined && state === undefined && limit === undefined) return whole
      const found = [...byNpa].filter(([num, each]) => (npa ?? num) === num && (state ?? each.state) === each.state)
      return list(found.slice(0, limit).map(([, each]) => each))
    },
  }
}

function list(areaCodes: Iterable<AreaCode>): XmlPrepared {
  return prepareList(
    'Npas',
    [...areaCodes].map(each => each.element),
  )
}

/** The version was read before the blocks, so that a change in between is seen the next time. */
async function render(core: Core, version: number, old: Rendered['byNpa'] = new Map()): Promise<Rendered> {
  const versions = [...(await core.inventory.npaVersions())].sort(([one], [other]) => (one < other ? -1 : 1))
  const moved = new Map(versions.filter(([npa, each]) => old.get(npa)?.version !== each))
  const blocks = group(moved.size > 0 ? await core.inventory.blocks({ npas: [...moved.keys()] }) : [])
  const names = await regionNames(core)
  const byNpa = new Map<string, AreaCode>()
  for (const [npa, each] of versions) {
    const kept = moved.has(npa) ? undefined : old.get(npa)
    byNpa.set(npa, kept ?? areaCode(npa, each, blocks.get(npa) ?? [], names))
    // a whole country takes a good part of a second: others are served in between
    if (!kept) await setImmediate()
  }
  return { version, byNpa, whole: list(byNpa.values()) }
}

function group(blocks: readonly Block[]): Map<string, Block[]> {
  const byNpa = new Map<string, Block[]>()
  for (const block of blocks) {
    const held = byNpa.get(block.npa)
    if (held) held.push(block)
    else byNpa.set(block.npa, [block])
  }
  return byNpa
}

async function regionNames(core: Core): Promise<Map<string, string>> {
  const places = await Promise.all(COUNTRIES.map(country => core.places.list({ kind: 'region', country })))
  return new Map(places.flat().map(place => [place.code, place.name]))
}

/** The area code itself is its id: stable, and no known action takes it. */
function areaCode(npa: string, version: number, blocks: readonly Block[], names: Map<string, string>): AreaCode {
  const state = blocks.find(block => /^[A-Z]{2}$/.test(block.region))?.region ?? ''
  const postalCode = branch('PostalCode', [leaf('Code', state), leaf('Name', names.get(state) ?? state)])
  const sorted = [...blocks].sort((one, other) => (one.npaNxx < other.npaNxx ? -1 : 1))
  const element = branch('Npa', [
    leaf('NpaId', npa),
    leaf('Num', npa),
    ...(state === '' ? [] : [postalCode]),
    branch('Nxxs', sorted.map(nxx)),
  ])
  return { version, state, element: prepare(element) }
}

function nxx(block: Block) {
  return branch('Nxx', [
    leaf('Num', block.npaNxx.slice(3)),
    leaf('Status', block.available > 0 ? 'available' : 'unavailable'),
    leaf('Ratecenter', block.rateCenter),
  ])
}
