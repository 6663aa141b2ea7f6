/** What a unit did, by kind: how often each kind of number event, and of transaction. */
export interface Tally {
  numberEvents: Map<string, number>
  transactions: Map<string, number>
}

export const noTally = (): Tally => ({ numberEvents: new Map(), transactions: new Map() })

export function count(kinds: Map<string, number>, kind: string, times = 1): void {
  kinds.set(kind, (kinds.get(kind) ?? 0) + times)
}
