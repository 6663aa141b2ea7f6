import { lookup as resolveName } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Addresses that a delivery may go to: public ones, and this machine's own in double mode. */
export function isAllowedAddress(text: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(text)) return false
  // an IPv4 address dressed as IPv6 is judged as what it is
  const range = ipaddr.process(text).range()
  return range === 'unicast' || (allowLoopback && range === 'loopback')
}

/**
 * A look-up for http(s) requests that answers only allowed addresses, so that the address checked is the address
 * connected to. One forbidden address among several refuses the name.
 */
export function guardedLookup(allowLoopback: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const wrong = addresses.find(({ address }) => !isAllowedAddress(address, allowLoopback))
      if (wrong || addresses.length === 0) return callback(refused(hostname), [])
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      callback(null, first?.address ?? '', first?.family)
    })
  }
}

const REFUSED = 'DIDGATE_REFUSED_TARGET'

function refused(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`target refused: ${host} is a private or local address`), { code: REFUSED })
}

export function isRefusal(error: unknown): boolean {
  return (error as { code?: unknown }).code === REFUSED
}

/** Faults of the URL itself: no http(s), credentials in it, or a literal address that is not allowed. */
export function checkTarget(text: string, allowLoopback: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw refused(text.slice(0, 100))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !isAllowedAddress(host, allowLoopback)) throw refused(host)
  return url
}
