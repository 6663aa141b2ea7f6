import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Connection } from '../http/listen.ts'

/** Words of an IPv6 address that name the network: behind it one party has as many addresses as it likes. */
const NETWORK_WORDS = 4
/** Whoever has hung up already is nobody in particular. */
const UNKNOWN = 'unknown'

/** As a socket that listens for both kinds tells an IPv4 address. */
const MAPPED = '::ffff:'

/** An IPv4 address; of IPv6 the network of 64 bits; undefined: neither. */
export function networkOf(text: string): string | undefined {
  const bare = text.startsWith(MAPPED) ? text.slice(MAPPED.length) : text
  if (isIPv4(bare)) return bare
  const plain = text.replace(/%.*$/, '')
  if (!ipaddr.IPv6.isValid(plain)) return undefined
  const address = ipaddr.IPv6.parse(plain)
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString()
  return `${address.parts
    .slice(0, NETWORK_WORDS)
    .map(word => word.toString(16))
    .join(':')}::/64`
}

/** Some proxies tell the port too. */
const withoutPort = (text: string) => text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

/**
 * Where a request comes from. Behind a proxy that is trusted: what that proxy says, who is the last to have written; all
 * before it is what a client said of itself. Empty: from this process.
 */
export function sourceOf(connection: Partial<Connection> | undefined, trustProxy: boolean): string {
  const incoming = connection?.incoming
  if (!incoming) return ''
  const peer = incoming.socket.remoteAddress
  if (trustProxy) {
    const said = String(incoming.headers['x-forwarded-for'] ?? '')
    const last = said.slice(said.lastIndexOf(',') + 1).trim()
    const network = networkOf(withoutPort(last))
    if (network !== undefined) return network
  }
  return (peer && networkOf(peer)) || UNKNOWN
}

/** It comes by a proxy that is not trusted: all its clients are one to us. */
export function isThroughProxy({ incoming }: Connection): boolean {
  return incoming.headers['x-forwarded-for'] !== undefined
}
