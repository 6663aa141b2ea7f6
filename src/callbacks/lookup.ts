import { promises as dns, lookup as systemLookup } from 'node:dns'
import { readFile } from 'node:fs/promises'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { type CallbackTargets, whyNotAddress } from '../../adapters/kit/callback-url.ts'

export interface Address {
  address: string
  family: number
}

/** All addresses of a name. It may take any time, and is given up with its signal. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly Address[]>

const REFUSED = 'DIDGATE_REFUSED_TARGET'

/** `why` follows the name of what is refused. */
export function refused(host: string, why: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`target refused: ${host} ${why}`), { code: REFUSED })
}

export function isRefusal(error: unknown): boolean {
  return (error as { code?: unknown }).code === REFUSED
}

/**
 * A look-up for http(s) requests that answers only allowed addresses, so that the address checked is the address
 * connected to. One forbidden address among several refuses the name, wherever it stands.
 */
export function guardedLookup(targets: CallbackTargets, resolve: Resolve, signal: AbortSignal): LookupFunction {
  const find = async (hostname: string) => {
    const addresses = await resolve(hostname, signal)
    if (addresses.length === 0) throw new Error(`${hostname} has no address`)
    for (const { address } of addresses) {
      const why = whyNotAddress(address, targets)
      if (why !== undefined) throw refused(hostname, `has the address ${address}, which ${why}`)
    }
    return addresses
  }
  return (hostname, options, callback) => {
    find(hostname).then(
      addresses => {
        if (options.all) return callback(null, [...addresses])
        callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
      },
      error => callback(error, []),
    )
  }
}

const LOOPBACK: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
const QUERY_MS = 2_000
const QUERY_TRIES = 2
/** Answers that say that there is no such name or no such server, as against none in time. */
const NOT_THERE = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'])

/** Who is asked. */
export interface Sources {
  hostsFile?: string
  /** Other ones than the system's. */
  servers?: readonly string[]
  system?: (hostname: string, options: { all: true }) => Promise<Address[]>
}

/** The machine's own names, which name servers do not know. */
async function fromHostsFile(hostname: string, file: string): Promise<Address[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').map(line => line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/))
  return lines
    .filter(([, ...names]) => names.includes(hostname))
    .map(([address = '']) => ({ address, family: address.includes(':') ? 6 : 4 }))
}

/** Both families from the name servers, without a thread of the pool; undefined: they know no such name. */
async function fromServers(
  hostname: string,
  signal: AbortSignal,
  servers?: readonly string[],
): Promise<Address[] | undefined> {
  const resolver = new dns.Resolver({ timeout: QUERY_MS, tries: QUERY_TRIES })
  if (servers) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel)
  const asked = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  signal.removeEventListener('abort', cancel)
  const found = asked.flatMap((answer, index) =>
    answer.status === 'fulfilled' ? answer.value.map(address => ({ address, family: index === 0 ? 4 : 6 })) : [],
  )
  if (found.length > 0) return found
  const late = asked.find(answer => answer.status === 'rejected' && !NOT_THERE.has(answer.reason?.code))
  if (late) throw (late as PromiseRejectedResult).reason
  return undefined
}

/** Threads of the pool that may wait for the system's own look-up; all the others have their work. */
const SYSTEM_AT_ONCE = 2

/**
 * The system's look-up holds a thread until it is answered and cannot be given up: four names whose servers are silent
 * would stop every other one, and the password checks with them. So strangers' names are asked of the name servers
 * directly, and only short names (of a search domain, of this network) and unknown ones of the system, two at once.
 */
export function createResolver(sources: Sources = {}): Resolve {
  const { hostsFile = '/etc/hosts', servers, system = promisify(systemLookup) } = sources
  let running = 0
  const waiting: (() => void)[] = []
  const fromSystem = async (hostname: string, signal: AbortSignal): Promise<Address[]> => {
    if (running >= SYSTEM_AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
    if (signal.aborted) {
      waiting.shift()?.()
      throw new Error('given up')
    }
    running++
    try {
      return await system(hostname, { all: true })
    } finally {
      running--
      waiting.shift()?.()
    }
  }
  return async (name, signal) => {
    const hostname = name.toLowerCase().replace(/\.$/, '')
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) return LOOPBACK
    const own = await fromHostsFile(hostname, hostsFile)
    if (own.length > 0) return own
    const found = hostname.includes('.') ? await fromServers(hostname, signal, servers) : undefined
    return found ?? fromSystem(hostname, signal)
  }
}
