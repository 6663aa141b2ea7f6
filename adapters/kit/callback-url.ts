import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { CallbackProblem, CallbackRules } from './callback-rules.ts'

/** Which addresses callbacks may go to, beside public ones. */
export interface CallbackTargets {
  /** This machine's own: in double mode. */
  loopback: boolean
  /** Private networks that the operator has named. */
  networks: readonly Network[]
}

export type Network = ReturnType<typeof ipaddr.parseCIDR>

/** An address and the length of its prefix, such as `172.16.0.0/12`; undefined: it names no network. */
export function networkOf(text: string): Network | undefined {
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined
}

export function callbackTargets(loopback: boolean, networks: readonly string[] = []): CallbackTargets {
  return { loopback, networks: networks.map(text => networkOf(text)).filter(network => network !== undefined) }
}

/** What the ranges that are nobody's in public are called. */
const RANGES = new Map([
  ['loopback', 'an address of this machine'],
  ['private', 'a private address'],
  ['uniqueLocal', 'a private address'],
  ['carrierGradeNat', 'a private address'],
  ['linkLocal', 'a link-local address'],
  ['unspecified', 'no address of a receiver'],
  ['multicast', 'a multicast address'],
  ['broadcast', 'a broadcast address'],
])

const V4_BYTES = 4

/** Why callbacks do not go to this address; undefined: they may. */
export function whyNotAddress(text: string, { loopback, networks }: CallbackTargets): string | undefined {
  if (!ipaddr.isValid(text)) return 'is no address'
  // an IPv4 address dressed as IPv6 is judged as what it is
  const address = ipaddr.process(text)
  const isNamed = networks.some(([of, bits]) => of.kind() === address.kind() && address.match(of, bits))
  // `::a.b.c.d`, an old spelling of IPv4 addresses
  const isOldSpelling =
    address.kind() === 'ipv6' &&
    address
      .toByteArray()
      .slice(0, -V4_BYTES)
      .every(byte => byte === 0)
  const range = address.range()
  if (isNamed || (loopback && range === 'loopback')) return undefined
  if (range === 'unicast' && !isOldSpelling) return undefined
  return `is ${RANGES.get(range) ?? 'a reserved address'}`
}

const MAX_LENGTH = 2048
/** A word and a colon that no port follows. */
const SCHEME = /^[a-z][a-z0-9+.-]*:(?!\d)/i

/** The URL that is called, without its fragment, which is nobody's but a browser's; undefined: there is none. */
export function callbackUrl(text: string, { schemeOptional }: CallbackRules = {}): URL | undefined {
  const full = schemeOptional && !SCHEME.test(text) ? `https://${text}` : text
  // what is told to be absolute is written so: the parser would also mend `http:host`, spaces and line ends
  if (!/^https?:\/\/[^/\\?#\s]/i.test(full) || /[\s\p{Cc}]/u.test(full) || !URL.canParse(full)) return undefined
  const url = new URL(full)
  url.hash = ''
  return url
}

/** An absolute http or https URL, as providers ask for where a client names an address of its own. */
export const isWebUrl = (text: string): boolean => callbackUrl(text) !== undefined

/** The host of a URL as an address, where it is one. */
export function literalAddress({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? undefined : host
}

/** The one checker of callback URLs, for every dialect. */
export function callbackProblem(targets: CallbackTargets): CallbackProblem {
  return (text, rules = {}) => {
    const { maxLength = MAX_LENGTH } = rules
    if (text.length > maxLength) return `must have ${maxLength} characters at most`
    const url = callbackUrl(text, rules)
    if (!url) return 'must be an absolute http or https URL'
    const address = literalAddress(url)
    const why = address === undefined ? undefined : whyNotAddress(address, targets)
    return why === undefined ? undefined : `names ${address}, which ${why}`
  }
}

/**
 * Whom a URL belongs to, however it is spelt: host and port. Ports of one machine are receivers of their own, since
 * what listens on one tells nothing of the other.
 */
export function receiverOf(url: URL): string {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const address = literalAddress(url)
  return `${address === undefined ? url.hostname.replace(/\.$/, '') : ipaddr.process(address)}:${port}`
}
