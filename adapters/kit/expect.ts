/** What contract cases and dialect rules say with: they know no test framework and throw when something does not hold. */

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, want] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== want) throw new Error(`${what}: expected ${want}, got ${got}`)
}

export function expectTrue(value: boolean, what: string): asserts value {
  if (!value) throw new Error(what)
}

export interface NotApplicable extends Error {
  notApplicable: true
}

/** Thrown where a check cannot be made here: that is neither passed nor failed. */
export function notApplicable(reason: string): NotApplicable {
  return Object.assign(new Error(reason), { notApplicable: true as const })
}

export function isNotApplicable(error: unknown): error is NotApplicable {
  return error instanceof Error && 'notApplicable' in error
}
