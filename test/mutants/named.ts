/** Faults that no test can see, or need not, and why. `change`: as it is told, or how that begins. */
export const NAMED: readonly { source: string; change: string; why: string }[] = []
