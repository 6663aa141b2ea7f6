import type { Inbound } from '../../kit/dialect.ts'

/** Clients of the `appid` years and of the Bearer years read a few fields as different types. */
export type WireProfile = 'legacy' | 'current'

/** `legacy` if an `appid` query key is present, else `current`. */
export function wireProfile({ query }: Inbound): WireProfile {
  return query.some(([name]) => name === 'appid') ? 'legacy' : 'current'
}
