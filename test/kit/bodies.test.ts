/** Bodies: read to their end or refused, and never more of them than is allowed. */
import { describe, expect, it } from 'vitest'
import { isEmpty, readBody, readStart } from '../../adapters/kit/body.ts'
import type { BodyShare } from '../../adapters/kit/body-budget.ts'
import { objectBody, parseJson } from '../../adapters/kit/json-body.ts'
import { DEFAULT_BODY_LIMIT, MAX_DEPTH, MAX_VALUES } from '../../adapters/kit/limits.ts'
import { Fault } from '../../core/ground/fault.ts'

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))
const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

function post(body: string | ReadableStream | null, headers: Record<string, string> = {}): Request {
  return new Request('http://h.test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
}

/** Comes piece by piece, and may break off; `cancelled` tells whether somebody wanted no more. */
function pieces(texts: readonly string[], end: 'whole' | 'torn' = 'whole') {
  const state = { cancelled: false, sent: 0 }
  const left = texts.map(bytesOf)
  const body = new ReadableStream(
    {
      pull(controller) {
        const next = left.shift()
        if (next) {
          state.sent++
          return controller.enqueue(next)
        }
        if (end === 'torn') controller.error(new Error('gone'))
        else controller.close()
      },
      cancel() {
        state.cancelled = true
        // whoever sends may mind
        throw new Error('no')
      },
    },
    { highWaterMark: 0 },
  )
  return { state, body }
}

function share(most = Number.POSITIVE_INFINITY) {
  const taken: number[] = []
  const own: BodyShare = {
    take(bytes) {
      taken.push(bytes)
      if (taken.reduce((sum, each) => sum + each, 0) > most) throw new Fault('overloaded', { retrySeconds: 1 })
    },
    release() {},
  }
  return { own, taken }
}

const sized = (text: string) => post(text, { 'content-length': String(text.length) })
const tooLarge = (limit: number) => ({ code: 'body_too_large', details: { limit } })
const torn = { code: 'unreadable_body', details: { reason: 'the body ended early' }, cause: expect.any(Error) }

describe('the body of a request', () => {
  it('is read whole, in whatever pieces and with or without its length', async () => {
    expect(textOf(await readBody(sized('abc')))).toBe('abc')
    expect(textOf(await readBody(post(pieces(['ab', 'c', 'de']).body)))).toBe('abcde')
    expect(textOf(await readBody(post(pieces(['ab', 'c']).body, { 'content-length': '3' })))).toBe('abc')
    expect(isEmpty(await readBody(post(null)))).toBe(true)
    expect(isEmpty(await readBody(post(pieces([]).body)))).toBe(true)
    expect(isEmpty(bytesOf('a'))).toBe(false)
  })

  it('is refused unread where its length is said to be more than the limit, to the byte', async () => {
    const request = post(pieces(['abcd']).body, { 'content-length': '4' })
    await expect(readBody(request, 3)).rejects.toMatchObject(tooLarge(3))
    expect(request.bodyUsed).toBe(false)
    expect(textOf(await readBody(request, 4))).toBe('abcd')
    const most = post(null, { 'content-length': String(DEFAULT_BODY_LIMIT + 1) })
    await expect(readBody(most)).rejects.toMatchObject(tooLarge(DEFAULT_BODY_LIMIT))
  })

  it('of unknown length is refused as soon as it passes the limit, and no more of it is taken', async () => {
    const chunked: Record<string, string> = { 'content-length': '1', 'transfer-encoding': 'chunked' }
    for (const headers of [{}, chunked]) {
      const { body, state } = pieces(['ab', 'cd', 'ef', 'gh'])
      const kept: Uint8Array[] = []
      const reading = readBody(post(body, headers), 3, undefined, start => kept.push(start))
      await expect(reading).rejects.toMatchObject(tooLarge(3))
      expect([state, kept.map(textOf)]).toEqual([{ cancelled: true, sent: 2 }, ['abcd']])
    }
    expect(textOf(await readBody(post(pieces(['ab', 'c']).body), 3))).toBe('abc')
    await expect(readBody(post(pieces(['abcd']).body), 3)).rejects.toMatchObject(tooLarge(3))
  })

  it('takes its share beside others: at once where it is small, else as it comes', async () => {
    const whole = share()
    expect(textOf(await readBody(sized('abc'), undefined, whole.own))).toBe('abc')
    expect([whole.taken, textOf(whole.own.read)]).toEqual([[3], 'abc'])
    const inPieces = share()
    await readBody(post(pieces(['ab', 'c']).body), undefined, inPieces.own)
    expect([inPieces.taken, textOf(inPieces.own.read)]).toEqual([[2, 1], 'abc'])
    for (const [length, taken] of [
      [65_536, [65_536]],
      [65_537, [60_000, 5537]],
    ] as const) {
      const { own, taken: got } = share()
      const body = pieces(['x'.repeat(60_000), 'x'.repeat(length - 60_000)]).body
      await readBody(post(body, { 'content-length': String(length) }), undefined, own)
      expect(got).toEqual(taken)
    }
  })

  it('is refused where it does not fit beside others', async () => {
    await expect(readBody(sized('abc'), undefined, share(2).own)).rejects.toMatchObject({ code: 'overloaded' })
    const { body, state } = pieces(['ab', 'cd', 'ef'])
    await expect(readBody(post(body), undefined, share(3).own)).rejects.toMatchObject({ code: 'overloaded' })
    expect(state).toEqual({ cancelled: true, sent: 2 })
  })

  it('that breaks off is told to have ended early', async () => {
    await expect(readBody(post(pieces(['ab'], 'torn').body))).rejects.toMatchObject(torn)
    await expect(readBody(post(pieces(['ab'], 'torn').body, { 'content-length': '4' }))).rejects.toMatchObject(torn)
  })

  it('that comes in one piece is not copied', async () => {
    const piece = bytesOf('abc')
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(piece)
        controller.close()
      },
    })
    expect(await readBody(post(body))).toBe(piece)
  })

  it('may be looked into where it is refused, for as much as is wanted and whatever becomes of it', async () => {
    const { body, state } = pieces(['abc', 'def', 'ghi'])
    expect(textOf(await readStart(post(body), 4))).toBe('abcd')
    expect(state).toEqual({ cancelled: true, sent: 2 })
    const exact = pieces(['abc', 'def'])
    expect(textOf(await readStart(post(exact.body), 3))).toBe('abc')
    expect(exact.state.sent).toBe(1)
    expect(textOf(await readStart(post(pieces(['ab', 'c']).body), 9))).toBe('abc')
    expect(textOf(await readStart(post(pieces(['ab'], 'torn').body), 9))).toBe('ab')
    expect(textOf(await readStart(post(null), 9))).toBe('')
    const used = sized('abc')
    await used.text()
    expect(textOf(await readStart(used, 9))).toBe('')
  })
})

describe('a JSON body', () => {
  const json = (text: string, limits?: Parameters<typeof parseJson>[2]) => parseJson(bytesOf(text), '', limits)
  const refused = (text: string, limits?: Parameters<typeof parseJson>[2]) => {
    try {
      return json(text, limits)
    } catch (error) {
      return (error as Fault<'unreadable_body'>).details.reason
    }
  }
  const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

  it('is what it says, and none is none', () => {
    expect(json('')).toBeUndefined()
    expect(json('{"a":[1,"b",null,true,{}]}')).toEqual({ a: [1, 'b', null, true, {}] })
    for (const text of [' ', '{', '"a', '"a\\', "{'a':1}"]) expect(refused(text)).toBe('the body is not valid JSON')
    expect(() => parseJson(Uint8Array.of(34, 255, 34))).toThrow(
      expect.objectContaining({ details: { reason: 'the body is not valid UTF-8' } }),
    )
    expect(() => json('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }))
  })

  it('has as many levels as are allowed and no more', () => {
    for (const nested of [lists, objects]) {
      expect(json(nested(MAX_DEPTH))).toEqual(JSON.parse(nested(MAX_DEPTH)))
      expect(refused(nested(MAX_DEPTH + 1))).toBe(`the body has more than ${MAX_DEPTH} levels`)
      expect(refused(nested(3), { depth: 2 })).toBe('the body has more than 2 levels')
    }
    // what is beside each other is not in each other
    for (const one of ['[]', '{}']) expect(json(`[${Array(9).fill(one)}]`, { depth: 2 })).toHaveLength(9)
  })

  it('has as many values as are allowed and no more, over all its levels', () => {
    expect(json(`[${'1,'.repeat(MAX_VALUES - 1)}1]`)).toHaveLength(MAX_VALUES)
    expect(refused(`[${'1,'.repeat(MAX_VALUES)}1]`)).toBe(`the body has more than ${MAX_VALUES} values`)
    expect(json('[1,{"a":1}]', { values: 3 })).toEqual([1, { a: 1 }])
    for (const text of ['[1,2,3,4]', '[[[[]]]]', '{"a":{"b":{"c":{}}}}', '[1,{"a":[]}]'])
      expect(refused(text, { values: 3 })).toBe('the body has more than 3 values')
  })

  it('may have anything in its texts', () => {
    const texts = ['[[[{{{,,,', '"[', '\\', '\\"[[', ']]}}']
    expect(json(JSON.stringify(texts), { depth: 1, values: 5 })).toEqual(texts)
  })

  it('has no text that could not be kept, neither as a value nor as a name, however deep', () => {
    for (const text of ['"\\u0000"', '["a",["\\ud800"]]', '{"a":{"b\\udc00":1}}', '{"a":[{"b":"\\u0000"}]}'])
      expect(refused(text)).toBe('the body has a character that no text may have')
    expect(json('["\\ud83d\\ude00",null,1,{"\\u00e9":"\\\\"}]')).toEqual(['😀', null, 1, { é: '\\' }])
  })

  it('that is to name things is an object or nothing', () => {
    expect(objectBody(undefined)).toBeUndefined()
    expect(objectBody({ a: 1 })).toEqual({ a: 1 })
    for (const other of [null, [], 'a', '', 0, 1, false, true])
      expect(() => objectBody(other)).toThrow(
        expect.objectContaining({ details: { reason: 'the body is not a JSON object' } }),
      )
  })
})
