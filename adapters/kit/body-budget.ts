import { Fault } from '../../core/ground/fault.ts'

/** What the bodies that are being read and worked on may take, all of them together. */
export interface BodyBudget {
  /** For one request. */
  open(): BodyShare
}

export interface BodyShare {
  /** The whole body as it came, once it has been read. */
  read?: Uint8Array
  /** Faults: overloaded. */
  take(bytes: number): void
  /** Once the request has been answered. */
  release(): void
}

/** In bytes: a dozen of the largest uploads at once. */
export const BODIES_AT_ONCE = 128 * 1024 * 1024
const RETRY_SECONDS = 2

export function createBodyBudget(most: number = BODIES_AT_ONCE): BodyBudget {
  let taken = 0
  return {
    open() {
      let own = 0
      return {
        take(bytes) {
          if (taken + bytes > most) throw new Fault('overloaded', { retrySeconds: RETRY_SECONDS })
          taken += bytes
          own += bytes
        },
        release() {
          taken -= own
          own = 0
        },
      }
    },
  }
}
