/** Exchanges as they happen, by server-sent events. Whoever reads too slowly is cut off, and holds nobody up. */

import type { Exchange } from './exchange.ts'
import type { Filter, Journal } from './journal.ts'
import { LISTED_CHARACTERS, view } from './view.ts'

/** Characters that wait for a reader. */
const MOST_WAITING = 4_194_304
const BEAT_MS = 15_000

const eventOf = (id: number, value: unknown) => `id: ${id}\nevent: exchange\ndata: ${JSON.stringify(value)}\n\n`

export interface Streams {
  /** Undefined: there are too many already. */
  open(filter: Filter, signal: AbortSignal): ReadableStream<Uint8Array> | undefined
}

export const MOST_STREAMS = 50

export function createStreams(journal: Pick<Journal, 'watch'>): Streams {
  let open = 0
  return {
    open(filter, signal) {
      if (open >= MOST_STREAMS) return undefined
      open++
      let close = () => {}
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const beat = setInterval(() => send(': still here\n\n'), BEAT_MS)
            beat.unref()
            const stop = journal.watch(filter, exchange => void tell(exchange))
            close = () => {
              close = () => {}
              open--
              stop()
              clearInterval(beat)
              try {
                controller.close()
              } catch {
                // the reader has gone already
              }
            }
            const send = (text: string) => {
              if ((controller.desiredSize ?? 0) < -MOST_WAITING) close()
              else controller.enqueue(Buffer.from(text))
            }
            const tell = async (exchange: Exchange) => {
              const shown = await view(exchange, { most: LISTED_CHARACTERS })
              try {
                send(eventOf(exchange.id, shown))
              } catch {
                close()
              }
            }
            signal.addEventListener('abort', () => close())
            send(': exchanges follow\n\n')
          },
          cancel: () => close(),
        },
        { highWaterMark: 0, size: chunk => chunk.byteLength },
      )
    },
  }
}
