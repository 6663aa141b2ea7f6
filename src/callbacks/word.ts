import { callbackUrl, receiverOf } from '../../adapters/kit/callback-url.ts'
import type { Dialect } from '../../adapters/kit/dialect.ts'
import type { Core, CoreEvent, Worded } from '../../core/verbs.ts'

/** Of an error, for operators to read. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 300)

/** What every dialect that has not spoken yet says of an event. */
export async function word(dialects: readonly Dialect[], core: Core, event: CoreEvent, told: readonly string[]) {
  const worded = {
    deliveries: [] as Worded['deliveries'][number][],
    told: [] as string[],
    failed: [] as { dialect: string; error: string }[],
  }
  for (const { name, outbound } of dialects) {
    const say = outbound?.[event.kind]
    if (!say || told.includes(name)) continue
    try {
      const deliveries = await say(event, core)
      worded.deliveries.push(...deliveries.map(delivery => ({ ...delivery, receiver: receiverFor(delivery.url) })))
      worded.told.push(name)
    } catch (error) {
      worded.failed.push({ dialect: name, error: messageOf(error) })
    }
  }
  return worded
}

/** A mail is kept for an operator to read; everything else is sent, or refused when it is to be sent. */
function receiverFor(url: string): string | undefined {
  if (/^mailto:/i.test(url)) return undefined
  const target = callbackUrl(url)
  return target ? receiverOf(target) : '?'
}
