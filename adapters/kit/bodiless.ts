/** Statuses whose answers end with their head (RFC 9110, 15.3.5, 15.3.6, 15.4.5): no Response can be made with a body of them. */
export const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])
