import type { LineMessage } from '../../verbs.ts'

/** More messages than this help nobody. */
export const MAX_MESSAGES = 1000

/** What is said about lines: counted in full, kept up to a limit. */
export interface Messages {
  add(line: number, message: string): void
  readonly count: number
  readonly kept: readonly LineMessage[]
}

export function createMessages(): Messages {
  const kept: LineMessage[] = []
  let count = 0
  return {
    add(line, message) {
      count++
      if (kept.length < MAX_MESSAGES) kept.push({ line, message })
    },
    get count() {
      return count
    },
    kept,
  }
}

/** In order of line, with the true count where not all of them are kept. */
export function toldErrors({ kept, count }: Messages): { errors: LineMessage[]; errorCount?: number } {
  const errors = [...kept].sort((a, b) => a.line - b.line)
  return { errors, ...(count > errors.length ? { errorCount: count } : {}) }
}
