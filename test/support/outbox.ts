/** Callbacks and events of nobody's making, for what the outbox keeps of them. */
import type { Attempt, Worded } from '../../core/verbs.ts'
import type { Bench } from './callbacks.ts'

type Message = Worded['deliveries'][number]

export const MINUTE = 60_000

export const message = (host: string, more: Partial<Message> = {}): Message => ({
  ...{ dialect: 'd', url: `http://${host}/`, method: 'POST', headers: { a: 'b' }, body: 'hello' },
  ...{ receiver: `${host}:80`, ...more },
})

export const saying = (...deliveries: Message[]): Worded => ({ deliveries, told: ['d'], failed: [] })

export const failing = (...dialects: string[]): Worded => ({
  ...{ deliveries: [], told: [], failed: dialects.map(dialect => ({ dialect, error: `${dialect} has no words` })) },
})

/** One event of which these callbacks are made. */
export async function tell(bench: Bench, ...deliveries: Message[]): Promise<number[]> {
  const before = new Set((await bench.stored()).map(({ id }) => id))
  await bench.happen([{ urls: [] }])
  await bench.core.outbox.expand(() => saying(...deliveries))
  return (await bench.stored()).map(({ id }) => id).filter(id => !before.has(id))
}

/** An attempt that failed and is made again in a minute. */
export const failure = (bench: Bench, id: number, more: Partial<Attempt> = {}): Attempt => ({
  ...{ id, status: 500, error: 'answered 500', durationMs: 7, delivered: false, headers: { sig: 's' } },
  ...{ nextAttemptAt: bench.now() + MINUTE, ...more },
})

export const success = (bench: Bench, id: number) =>
  failure(bench, id, { status: 200, error: null, delivered: true, nextAttemptAt: null })
