/** Receivers of callbacks without a socket: names with drawn addresses, answers by name, everything that arrives is kept. */
import { callbackTargets } from '../../../adapters/kit/callback-url.ts'
import type { Delivery } from '../../../core/verbs.ts'
import type { AttemptOnce, Outcome } from '../../../src/callbacks/attempt.ts'
import { type Address, guardedLookup, isRefusal } from '../../../src/callbacks/lookup.ts'
import type { Dice } from './dice.ts'

const PUBLIC = ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '151.101.1.69']
const PRIVATE = ['10.0.0.7', '127.0.0.1', '169.254.169.254', '::1', 'fd00::7', '192.168.1.1', '::ffff:10.0.0.7']

const HOSTS = ['good', 'slow', 'failing', 'moody', 'silent', 'split', 'private'] as const
export const FORBIDDEN: readonly string[] = ['split.example', 'private.example']

export const callbackUrlOf = (dice: Dice, nth: number) => `http://${dice.pick(HOSTS)}.example/calls/${nth}`

const familyOf = (address: string) => ({ address, family: address.includes(':') ? 6 : 4 })

/** One private address among public ones, wherever it stands, is enough for no call at all. */
function addressesOf(dice: Dice, host: string): Address[] {
  const open = PUBLIC.slice(0, 1 + dice.int(PUBLIC.length)).map(familyOf)
  if (host.startsWith('private')) return [familyOf(dice.pick(PRIVATE))]
  if (host.startsWith('split')) open.splice(dice.int(open.length + 1), 0, familyOf(dice.pick(PRIVATE)))
  return open
}

const answer = (status: number): Outcome => {
  const delivered = status < 300
  return { status, error: delivered ? null : `answered ${status}`, delivered, final: false }
}
const nothing = (error: string, final = false): Outcome => ({ status: null, error, delivered: false, final })

export interface Arrival {
  host: string
  url: string
  body: string
}

export function createReceivers(dice: Dice) {
  const targets = callbackTargets(false)
  const arrived: Arrival[] = []
  let isCut = false
  const lookUp = ({ url }: Delivery, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const { hostname } = new URL(url)
      const look = guardedLookup(targets, async () => addressesOf(dice, hostname), signal)
      look(hostname, { all: true }, error => (error ? reject(error) : resolve()))
    })
  const answerOf = (host: string): Outcome => {
    if (host.startsWith('silent')) return nothing('timed out')
    if (host.startsWith('failing')) return answer(503)
    return answer(host.startsWith('moody') && dice.chance(0.6) ? 500 : 204)
  }
  const attempt: AttemptOnce = async (delivery, signal) => {
    try {
      await lookUp(delivery, signal)
    } catch (error) {
      return nothing((error as Error).message, isRefusal(error))
    }
    const { hostname: host } = new URL(delivery.url)
    arrived.push({ host, url: delivery.url, body: delivery.body })
    // whoever sent it is gone before an answer comes
    if (isCut) return new Promise<Outcome>(() => {})
    if (host.startsWith('slow')) await new Promise(resolve => setImmediate(resolve))
    return answerOf(host)
  }
  return {
    attempt,
    arrived,
    /** Attempts whose sender died before it could write them down. */
    unwritten: 0,
    async whileCut(fn: () => Promise<void>) {
      isCut = true
      await fn()
      isCut = false
    },
  }
}

export type Receivers = ReturnType<typeof createReceivers>
