/** Callbacks that are late, come twice, out of order, never, or wrongly signed. */
import type { Taken } from '../../core/verbs.ts'
import type { AttemptOnce, Outcome } from '../callbacks/attempt.ts'
import type { Pauses } from './pauses.ts'
import type { Rules } from './rules.ts'
import { numbersIn } from './sent-numbers.ts'

/** One that is to come out of order waits so long for another to pass it. */
const PASSED_MS = 5_000

const LOST: Outcome = { status: null, error: 'lost by a fault on demand', delivered: false, final: true }

function spoilt(value: string): string {
  const middle = value.length >> 1
  const at = [...value].findIndex((each, n) => n >= middle && /[0-9a-z]/i.test(each))
  if (at < 0) return `${value}0`
  return value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1)
}

const wronglySigned = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, /signature|hmac/i.test(name) ? spoilt(value) : value]),
  )

function numbersOf(body: string): string[] {
  try {
    return numbersIn(JSON.parse(body))
  } catch {
    return numbersIn([...new URLSearchParams(body).values()], body.split(/[^\d+]+/))
  }
}

/** Whoever waits to be passed is told of every attempt to the same receiver that has ended. */
function createPassing(pauses: Pauses) {
  const waiting = new Map<string, Set<() => void>>()
  return {
    passed(receiver: string) {
      for (const go of waiting.get(receiver) ?? []) go()
    },
    async toBePassed(receiver: string) {
      const all = waiting.get(receiver) ?? new Set()
      waiting.set(receiver, all)
      let go = () => {}
      const passed = new Promise<void>(resolve => {
        go = resolve
      })
      all.add(go)
      await Promise.race([passed, pauses.pause(PASSED_MS)])
      all.delete(go)
      if (all.size === 0) waiting.delete(receiver)
    },
  }
}

export function faultyAttempts(rules: Rules, pauses: Pauses) {
  const passing = createPassing(pauses)
  return (attempt: AttemptOnce): AttemptOnce =>
    async (delivery, signal) => {
      const { dialect, url, body, accountId, receiver } = delivery as Taken
      const plan = rules.isEmpty()
        ? undefined
        : rules.decide({
            ...{ dialect, operations: [], account: [accountId], callback: url },
            numbers: () => numbersOf(body),
          })
      if (plan && plan.delayMs > 0) await pauses.pause(plan.delayMs)
      const effect = plan?.effect.callback
      if (effect === 'lost') return LOST
      if (effect === 'out_of_order') await passing.toBePassed(receiver)
      const first = effect === 'twice' ? await attempt(delivery, signal) : undefined
      const headers = effect === 'wrong_signature' ? wronglySigned(delivery.headers) : delivery.headers
      const outcome = await attempt({ ...delivery, headers }, signal)
      passing.passed(receiver)
      // what was taken is not sent again for what is said of its repetition
      return first?.delivered ? first : outcome
    }
}
