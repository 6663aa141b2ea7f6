import type { Due } from '../../core/verbs.ts'

/** How many attempts this process has under way at once. */
export interface Limits {
  total: number
  /** Of one account: others always find room. */
  account: number
  /** To receivers that did not answer the last time, together. */
  silent: number
  /** To one receiver while few are under way; the more there are, the fewer, so that most slots are a receiver's first. */
  receiver: number
}

export const LIMITS: Limits = { total: 1024, account: 768, silent: 512, receiver: 8 }

/** Receivers that are remembered: when they had their last turn, and whether they answered. */
const REMEMBERED = 10_000

interface Known {
  turn: number
  isSilent: boolean
}

export interface Slots {
  /** How many of one lane are worth looking at; 0: everything is taken. */
  depth(): number
  /** Takes the free slots, the fairest first. */
  choose(waiting: readonly Due[]): Due[]
  /** `answered` undefined: it was not tried. */
  free(id: number, answered?: boolean): void
}

type Tally<K> = Map<K, number>

const countOf = <K>(tally: Tally<K>, key: K) => tally.get(key) ?? 0

function add<K>(tally: Tally<K>, key: K, change: number): void {
  const count = countOf(tally, key) + change
  if (count === 0) tally.delete(key)
  else tally.set(key, count)
}

/** In rounds: everybody's first, then everybody's second. Who has some under way has had those rounds. */
function inRounds<K>(waiting: readonly Due[], underWay: Tally<K>, keyOf: (due: Due) => K): Due[] {
  const counts = new Map(underWay)
  const placed = waiting.map(due => {
    add(counts, keyOf(due), 1)
    return { due, round: countOf(counts, keyOf(due)) }
  })
  return placed.sort((a, b) => a.round - b.round).map(({ due }) => due)
}

export function createSlots(limits: Limits = LIMITS): Slots {
  const taken = new Map<number, Due & { isSilent: boolean }>()
  const receivers: Tally<string> = new Map()
  const accounts: Tally<number> = new Map()
  const known = new Map<string, Known>()
  let turns = 0
  let silentTaken = 0
  const depth = () => {
    if (taken.size >= limits.total) return 0
    return Math.min(limits.receiver, Math.max(1, Math.floor(limits.total / 4 / (taken.size + 1))))
  }
  const remember = (receiver: string, what: Partial<Known>) => {
    const entry = { turn: turns, isSilent: false, ...known.get(receiver), ...what }
    known.delete(receiver)
    known.set(receiver, entry)
    const [oldest] = known.keys()
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
  }
  const isSilentOne = (receiver: string) => known.get(receiver)?.isSilent === true
  const hasRoom = ({ id, receiver, accountId }: Due) => {
    if (depth() === 0 || taken.has(id) || countOf(accounts, accountId) >= limits.account) return false
    if (!isSilentOne(receiver)) return countOf(receivers, receiver) < depth()
    return silentTaken < limits.silent && countOf(receivers, receiver) === 0
  }
  const take = (due: Due) => {
    const isSilent = isSilentOne(due.receiver)
    remember(due.receiver, { turn: ++turns })
    taken.set(due.id, { ...due, isSilent })
    add(receivers, due.receiver, 1)
    add(accounts, due.accountId, 1)
    if (isSilent) silentTaken++
  }
  /** Accounts among each other, then the receivers of one; among equals, whose last turn is longest ago. */
  const fairly = (waiting: readonly Due[]) => {
    const turnOf = ({ receiver }: Due) => known.get(receiver)?.turn ?? 0
    const inTurn = [...waiting].sort((a, b) => turnOf(a) - turnOf(b))
    const ofReceivers = inRounds(inTurn, receivers, due => due.receiver)
    return inRounds(ofReceivers, accounts, due => due.accountId)
  }
  return {
    depth,
    choose: waiting =>
      fairly(waiting).filter(due => {
        const isChosen = hasRoom(due)
        if (isChosen) take(due)
        return isChosen
      }),
    free(id, answered) {
      const due = taken.get(id)
      if (!due) return
      taken.delete(id)
      add(receivers, due.receiver, -1)
      add(accounts, due.accountId, -1)
      if (due.isSilent) silentTaken--
      if (answered !== undefined) remember(due.receiver, { isSilent: !answered })
    },
  }
}
