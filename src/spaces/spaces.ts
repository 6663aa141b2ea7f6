import { Fault } from '../../core/ground/fault.ts'
import { systemRandom } from '../../core/ground/random.ts'
import type { Seed } from '../worlds/place.ts'
import type { Moment } from '../worlds/world.ts'
import { createPorts, type OpenPorts } from './ports.ts'
import { openSpace, type Space, type SpaceParts } from './space.ts'

export interface OpenedSpace extends Space {
  ports: Readonly<Record<string, number>>
}

export interface AskedSpace {
  /** Undefined: drawn. */
  name?: string | undefined
  seed: Seed | Moment
  now?: number | undefined
  freeze?: boolean | undefined
  ttlSeconds: number
  /** Dialects that get a port of their own. */
  ports: readonly string[]
}

export interface Spaces {
  /** Faults: name_taken, limit_reached, and the seed's own. */
  create(asked: AskedSpace): Promise<OpenedSpace>
  find(name: string): OpenedSpace | undefined
  list(): readonly OpenedSpace[]
  /** Ends its timers and sockets. Faults: not_found. */
  delete(name: string): Promise<void>
  close(): Promise<void>
}

export interface SpacesOptions extends SpaceParts {
  /** How many at once. */
  limit: number
  host: string
  tls?: { cert: string; key: string } | undefined
}

/** What a space takes besides its data, about: what is made of the dialects, statements, the clock of its end. */
const OVERHEAD = 262_144
const NAME_LENGTH = 8
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

export function createSpaces(options: SpacesOptions): Spaces {
  const { memory, limit, log } = options
  const all = new Map<string, OpenedSpace>()
  const coming = new Set<string>()
  const ends = new Map<Space, { timer: NodeJS.Timeout; ports: OpenPorts }>()
  const ports = createPorts(options)
  const random = systemRandom()
  const end = async (space: OpenedSpace) => {
    all.delete(space.name)
    const ending = ends.get(space)
    ends.delete(space)
    clearTimeout(ending?.timer)
    await Promise.all([ending?.ports.close(), space.close()])
    memory.free(space)
    log.info({ space: space.name }, 'space ended')
  }
  const weigh = async () => {
    const touched = [...all.values()].filter(space => space.wasTouched())
    for (const space of touched) memory.take(space, OVERHEAD + (await space.bytes().catch(() => 0)))
  }
  const open = async (name: string, { seed, now, freeze, ttlSeconds, ports: dialects }: AskedSpace) => {
    await weigh()
    memory.check(OVERHEAD)
    const expiresAt = Date.now() + ttlSeconds * 1000
    const opened = await openSpace(options, { name, seed, now, freeze, expiresAt })
    try {
      const bytes = OVERHEAD + (await opened.bytes())
      memory.check(bytes)
      const own = await ports.open(
        dialects,
        dialect => (request, connection) => opened.fetch(request, { dialect, isOwnOrigin: true }, connection),
      )
      const space: OpenedSpace = { ...opened, ports: own.numbers }
      memory.take(space, bytes)
      const expire = () => void end(space).catch(err => log.error({ err, space: name }, 'a space did not end cleanly'))
      ends.set(space, { ports: own, timer: setTimeout(expire, ttlSeconds * 1000).unref() })
      return space
    } catch (error) {
      await opened.close()
      throw error
    }
  }
  return {
    async create(asked) {
      const name = asked.name ?? random.text(NAME_LENGTH, ALPHABET)
      if (all.has(name) || coming.has(name)) throw new Fault('name_taken', { what: 'space', name })
      if (all.size + coming.size >= limit) throw new Fault('limit_reached', { what: 'spaces (SPACES_LIMIT)', limit })
      coming.add(name)
      try {
        const space = await open(name, asked)
        all.set(name, space)
        return space
      } finally {
        coming.delete(name)
      }
    },
    find: name => all.get(name),
    list: () => [...all.values()],
    async delete(name) {
      const space = all.get(name)
      if (!space) throw new Fault('not_found', { what: 'space', id: name })
      await end(space)
    },
    async close() {
      await Promise.allSettled([...all.values()].map(end))
    },
  }
}
