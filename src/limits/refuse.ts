import { Fault, type RateLimit } from '../../core/ground/fault.ts'
import { why } from '../../core/ground/why.ts'

/** Who asks. */
export interface Who {
  /** Where from: see source.ts. */
  source: string
  /** Whom: the name of a dialect, or `admin`. */
  surface: string
}

/** The refusal for whoever has to wait so many seconds; `current` is what was counted. */
export type Refuse = (per: RateLimit['per'], who: Who, seconds: number, current: number) => Fault<'rate_limited'>

/** What is limited, in the words of an operator: the setting, and how it is counted. */
export interface Sizes {
  address: number
  credential: number
  wrong_credentials: number
}

const SETTINGS = {
  address: ['LIMIT_ADDRESS', 'requests a second from one address'],
  credential: ['LIMIT_CREDENTIAL', 'requests a second with one credential'],
  wrong_credentials: ['LIMIT_WRONG_CREDENTIALS', 'wrong credentials in ten minutes from one address'],
} as const

/** `onRefused` counts them. */
export function createRefuse(sizes: Sizes, onRefused: (per: RateLimit['per'], surface: string) => void): Refuse {
  return (per, { source, surface }, seconds, current) => {
    onRefused(per, surface)
    const [setting, words] = SETTINGS[per]
    const limit = sizes[per]
    const retrySeconds = Math.max(1, Math.ceil(seconds))
    const sentence = `more than ${limit} ${words} (${setting}): ${source || 'this process'} may come again in ${retrySeconds} s`
    const reason = why('limits against floods', sentence, { per, source, setting, limit })
    return new Fault('rate_limited', { retrySeconds, per, limit, current: Math.ceil(current) }, { why: reason })
  }
}
