import { createHash } from 'node:crypto'
import { Fault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import type { Call, Reply } from './dialect.ts'

export interface OnceOptions {
  /** Begins every key, so that two dialects' keys cannot meet. */
  dialect: string
  /** Header that carries the client's key. */
  header: string
}

const MAX_KEY = 255

/** The same members in whatever order are the same request. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return { members: members.map(([name, each]) => [name, inOrder(each)]) }
}

/** The caller with the request's key; undefined when none was sent. Faults: invalid_input (unusable key). */
function keyed({ inbound, caller }: Call<'required'>, { dialect, header }: OnceOptions): Caller | undefined {
  const sent = inbound.request.headers.get(header)?.trim() ?? ''
  if (sent === '') return undefined
  if (sent.length > MAX_KEY) {
    const message = `must not be longer than ${MAX_KEY} characters`
    throw new Fault('invalid_input', { issues: [{ field: header, problem: 'too_big', message }] })
  }
  const body = createHash('sha256')
    .update(JSON.stringify(inOrder(inbound.fields)))
    .digest('hex')
  const fingerprint = `${inbound.request.method} ${[inbound.operation?.on].flat()[0]} ${body}`
  return { ...caller, idempotency: { key: `${dialect}:${sent}`, fingerprint, field: header } }
}

/**
 * A request with a key has one effect, and every repeat gets the same bytes. `work` checks what it must, asks the core
 * for exactly one change with the key it is given, and returns that verb's result; `view` makes the answer from the
 * result alone, because for a repeat there is nothing else to make it from.
 */
export function createOnce(options: OnceOptions) {
  return async <T>(
    call: Call<'required'>,
    work: (key: Pick<Caller, 'idempotency'>, core: Core) => Promise<T>,
    view: (result: T) => Reply,
  ): Promise<Reply> => {
    const { core } = call
    const caller = keyed(call, options)
    if (!caller?.idempotency) return view(await work({}, core))
    const before = await core.idempotency.earlier<T>(caller)
    if (before) return view(before.value)
    try {
      return view(await work({ idempotency: caller.idempotency }, core))
    } catch (error) {
      // the same request may have come through while this one was on its way
      const meanwhile = await core.idempotency.earlier<T>(caller)
      if (meanwhile) return view(meanwhile.value)
      throw error
    }
  }
}
