/** Where a server may be found: libpq's form of a URL with several hosts, which pg itself cannot read. */

/** What a server tells of itself when a connection to it begins. */
export interface Told {
  isReadOnly: boolean
  isStandby: boolean
}

const KINDS = {
  any: () => true,
  'read-write': ({ isReadOnly }: Told) => !isReadOnly,
  'read-only': ({ isReadOnly }: Told) => isReadOnly,
  primary: ({ isStandby }: Told) => !isStandby,
  standby: ({ isStandby }: Told) => isStandby,
} as const
type Kind = keyof typeof KINDS

export const MOST_HOSTS = 16
const MAX_PORT = 65_535
/** To reach a server and be let in: one alone, and each of several. */
const CONNECT_MS = 5_000
const EACH_MS = 2_000
const MOST_SECONDS = 600

const URL_PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)([^?#]*)(?:\?([^#]*))?/
const HOST = /^(\[[\da-fA-F:.%]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/

interface Wanted {
  urls: readonly string[]
  kind: Kind
  connectMs: number
}

function isHost(text: string): boolean {
  const [, , port = '1'] = HOST.exec(text) ?? ['', '', '0']
  return Number(port) >= 1 && Number(port) <= MAX_PORT
}

function kindOf(told: string | null, count: number): Kind {
  if (told === null) return count > 1 ? 'read-write' : 'any'
  if (Object.hasOwn(KINDS, told)) return told as Kind
  throw new Error(`target_session_attrs must be one of ${Object.keys(KINDS).join(', ')}`)
}

function connectMsOf(told: string | null, count: number): number {
  if (told === null) return count > 1 ? EACH_MS : CONNECT_MS
  const seconds = /^\d{1,3}$/.test(told) ? Number(told) : 0
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds * 1000
  throw new Error(`connect_timeout must be a whole number of seconds, 1 to ${MOST_SECONDS}`)
}

/** Throws a sentence that repeats nothing of the URL, which may hold a password. */
function wantedIn(url: string): Wanted {
  const [, before, authority = '', path = '', query = ''] = URL_PARTS.exec(url) ?? []
  if (before === undefined)
    throw new Error('must be postgres://HOST:PORT/DATABASE, with USER@ before the host where there is one')
  const parameters = new URLSearchParams(query)
  const hosts = authority.split(',')
  if (hosts.length > MOST_HOSTS) throw new Error(`must not name more than ${MOST_HOSTS} hosts`)
  if (authority !== '' && !hosts.every(isHost))
    throw new Error('must name its hosts as HOST or HOST:PORT, one comma between two')
  if (parameters.get('host')?.includes(','))
    throw new Error('must name several hosts before the database, not as a parameter')
  const kind = kindOf(parameters.get('target_session_attrs'), hosts.length)
  const connectMs = connectMsOf(parameters.get('connect_timeout'), hosts.length)
  for (const name of ['target_session_attrs', 'connect_timeout']) parameters.delete(name)
  const rest = parameters.size > 0 ? `?${parameters}` : ''
  return { urls: hosts.map(host => `${before}${host}${path}${rest}`), kind, connectMs }
}

/** What is wrong with a URL; undefined: nothing. */
export function wrongWith(url: string, mustWrite: boolean): string | undefined {
  try {
    const { kind } = wantedIn(url)
    const cannotWrite = mustWrite && (kind === 'read-only' || kind === 'standby')
    return cannotWrite ? 'must lead to a server that can be written to: target_session_attrs=read-write' : undefined
  } catch (error) {
    return (error as Error).message
  }
}

export interface Hosts {
  count: number
  /** Milliseconds to reach one of them and be let in. */
  connectMs: number
  /** The one that is to be tried now. The same object for as long as it is. */
  now(): string
  /** This one is of no use; whoever finds out first makes the next one the one to be tried. */
  passOver(url: string): void
  suits(told: Told): boolean
}

/** The last that was of use is tried first: one that is away costs its time once, and not each connection. */
export function createHosts(url: string): Hosts {
  const { urls, kind, connectMs } = wantedIn(url)
  let at = 0
  const now = () => urls[at] as string
  return {
    count: urls.length,
    connectMs,
    now,
    passOver(tried) {
      if (now() === tried) at = (at + 1) % urls.length
    },
    suits: KINDS[kind],
  }
}
