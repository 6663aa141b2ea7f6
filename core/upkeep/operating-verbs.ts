import type { Actor, Micros, Owned, PhoneNumber } from '../ground/model.ts'

/** How a number comes to another account by the operator's hand. */
export interface HandOver {
  accountId: number
  /** Whose it is shown to be; default: the account's default user. */
  userId?: number | undefined
  /** The new owner pays for it as any buyer does. Else it goes on as it was paid, and pays from its next month on. */
  isCharged: boolean
  /** Only to an account of the same payer. */
  isInTree?: boolean | undefined
  /** Whatever its last call says. */
  force?: boolean | undefined
  reason: string
}

/** What an operator does with a number, whoever has it. Each is audited in its own unit. Faults: not_found, wrong_state. */
export interface Operating {
  block(actor: Actor, e164: string, reason: string): Promise<PhoneNumber>
  unblock(actor: Actor, e164: string, reason: string): Promise<PhoneNumber>
  retire(actor: Actor, e164: string, reason: string): Promise<PhoneNumber>
  reprice(
    actor: Actor,
    e164: string,
    prices: { setup?: Micros; monthly?: Micros; perMinute?: Micros },
  ): Promise<PhoneNumber>
  label(actor: Actor, e164: string, label: string | null): Promise<Owned>
  /**
   * To any account, of whichever tree: an owned number, or one from the shelf or at rest. Without a charge and with the
   * same payer the ownership goes on; else it ends and another one begins. A number that nobody owned has its first
   * month free where nothing is charged. Further faults: insufficient_funds, not_found (account, user).
   */
  handOver(actor: Actor, e164: string, terms: HandOver): Promise<Owned>
  /** For its owner, at no fee: at once, or when the paid period ends. */
  giveBack(actor: Actor, e164: string, when: 'now' | 'periodEnd', reason: string): Promise<void>
}
