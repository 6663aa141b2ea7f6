/**
 * What a restricted credential may do, for all dialects: a noun, and whether it is looked at or changed. Buying is
 * changing numbers. A credential without scopes may do everything.
 */
export const SCOPES = [
  'account:read',
  'account:write',
  'billing:read',
  'numbers:read',
  'numbers:write',
  'trunks:read',
  'trunks:write',
] as const

/** `open`: nothing of anybody is shown or changed, so that no scope is needed. */
export type Scope = (typeof SCOPES)[number] | 'open'

export function isReading(scope: Scope | undefined): boolean {
  return scope?.endsWith(':read') === true
}
