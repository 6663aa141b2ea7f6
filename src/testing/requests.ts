/** Never more than this is kept of one body; every limit of the gateway itself is lower. */
const MAX_BODY = 64 * 1024 * 1024

/** Of whatever class: test environments and libraries bring their own. */
type Signal = Pick<AbortSignal, 'aborted' | 'reason' | 'addEventListener' | 'removeEventListener'>

/** A request of a class that is not this process's own: undici's, node-fetch's, a polyfill's. */
interface ForeignRequest {
  url: string
  method: string
  headers: Iterable<[string, string]>
  signal?: Signal | null
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface Asked {
  signal: Signal | undefined
  /** With its whole body, so that nothing in the gateway waits for the one who sends. Rejects when a signal aborts. */
  whole(signals: readonly Signal[]): Promise<Request>
}

/** As the global fetch reads its arguments. */
export function readAsked(origin: string, input: unknown, init: RequestInit = {}): Asked {
  const { signal: own, ...rest } = init
  if (input instanceof Request) return asked(new Request(input, rest), own ?? input.signal)
  if (isForeign(input)) {
    const signal = own ?? input.signal ?? undefined
    const ofInput = async (signals: readonly Signal[]) => requestOf(input, rest, await bytesOf(input, signals))
    return { signal, whole: ofInput }
  }
  if (typeof input === 'string' || input instanceof URL || isUrlLike(input)) {
    return asked(new Request(new URL(String(input), origin), rest), own ?? undefined)
  }
  throw new TypeError('fetch takes a Request, a URL, or a path that begins with "/"')
}

const isUrlLike = (value: unknown) => typeof value === 'object' && value !== null && 'href' in value

function isForeign(value: unknown): value is ForeignRequest {
  const like = value as Partial<ForeignRequest> | null | undefined
  return (
    typeof like === 'object' &&
    typeof like?.url === 'string' &&
    typeof like.method === 'string' &&
    typeof like.arrayBuffer === 'function'
  )
}

async function bytesOf(request: ForeignRequest, signals: readonly Signal[]): Promise<Uint8Array | null> {
  if (/^(GET|HEAD)$/i.test(request.method)) return null
  return new Uint8Array(await orAborted(() => request.arrayBuffer(), signals))
}

function requestOf({ url, method, headers }: ForeignRequest, init: RequestInit, body: Uint8Array | null): Request {
  const own = new Request(url, { method, headers: [...headers], body: body as Uint8Array<ArrayBuffer> | null })
  return new Request(own, init)
}

function asked(request: Request, signal: Signal | undefined): Asked {
  return {
    signal,
    async whole(signals) {
      if (!request.body) return request
      const { url, method, headers } = request
      return new Request(url, { method, headers, body: await readAll(request.body, signals) })
    },
  }
}

async function readAll(body: ReadableStream<Uint8Array>, signals: readonly Signal[]): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await orAborted(() => reader.read(), signals)
      if (done) return Buffer.concat(chunks)
      length += value.byteLength
      if (length > MAX_BODY) throw new TypeError(`a body has at most ${MAX_BODY} bytes here`)
      chunks.push(value)
    }
  } catch (error) {
    void reader.cancel(error).catch(() => {})
    throw error
  }
}

/** The work, unless a signal aborts before it begins or while it runs: then at once what the global fetch rejects with. */
export function orAborted<T>(work: () => Promise<T>, signals: readonly Signal[]): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(reasonOf(signals.find(each => each.aborted)))
    if (signals.some(each => each.aborted)) return abort()
    for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
    const settled = () => {
      for (const signal of signals) signal.removeEventListener('abort', abort)
    }
    work().then(resolve, reject).finally(settled)
  })
}

function reasonOf(signal: Signal | undefined): unknown {
  return signal?.reason ?? new DOMException('This operation was aborted', 'AbortError')
}
