import type { Instant } from '../../../core/ground/model.ts'

/** Numeric offset, no `Z`, no fraction: a client cuts the date out of the first ten characters. */
export function time(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}
