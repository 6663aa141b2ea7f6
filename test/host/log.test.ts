import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createLog, logRequest, logWith } from '../../src/logs/log.ts'
import { redactText } from '../../src/logs/redact.ts'

const SECRET = 'S3cr3t-value.42'

function captured(level = 'info') {
  const lines: string[] = []
  return { lines, log: createLog(level, { write: line => void lines.push(line) }) }
}

describe('log', () => {
  const entry = {
    requestId: 'r-1',
    dialect: 'onsip',
    operation: 'DidBrowse',
    method: 'GET',
    url: `/api?Action=DidBrowse&SessionId=${SECRET}`,
    status: 200,
    ms: 1.234,
    fault: undefined,
  }

  it('writes one line per request, with its url redacted', () => {
    const { lines, log } = captured()
    logRequest(log, entry)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      level: 'info',
      requestId: 'r-1',
      dialect: 'onsip',
      operation: 'DidBrowse',
      url: '/api?Action=DidBrowse&SessionId=[hidden]',
      status: 200,
      ms: 1.2,
      msg: 'request',
    })
  })

  it('raises the level of a failure of ours', () => {
    const { lines, log } = captured('error')
    logRequest(log, { ...entry, status: 500, fault: 'internal' })
    logRequest(log, { ...entry, status: 404, fault: 'not_found' })
    expect(lines.map(line => JSON.parse(line).fault)).toEqual(['internal'])
  })

  it.each([
    [500, undefined, 'error'],
    [500, 'timeout', 'error'],
    [503, 'temporarily_unavailable', 'error'],
    [500, 'number_unavailable', 'info'],
    [499, 'timeout', 'info'],
    [499, undefined, 'info'],
    [200, 'internal', 'error'],
  ])('a request that was answered with %i for %s is told as %s: %s', (status, fault, level) => {
    const { lines, log } = captured()
    logRequest(log, { ...entry, status, fault })
    expect(lines.map(line => JSON.parse(line))).toMatchObject([{ level, status, ...(fault && { fault }) }])
  })

  it('each line is told with its time and level, a request and all else alike', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { lines, log } = captured()
    for (const time of ['2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.001Z', '2026-06-01T00:00:00.000Z']) {
      vi.setSystemTime(time)
      log.warn({ n: 1 }, 'said')
      logRequest(log, entry)
      const told = lines.splice(0).map(line => JSON.parse(line))
      expect(told[0]).toEqual({ level: 'warn', time, n: 1, msg: 'said' })
      expect(told[1]).toMatchObject({ level: 'info', time, msg: 'request' })
    }
    vi.useRealTimers()
  })

  it('what is said of one space is told of it in each of its lines, and of those of a part of it', () => {
    const { lines, log } = captured()
    const own = { space: 'a}"{', place: 'x' }
    const part = logWith(logWith(log, own), { part: 'b' })
    for (const one of [part, logWith(log, own), log]) {
      one.info('said')
      logRequest(one, entry)
    }
    const told = lines.map(line => JSON.parse(line))
    const members = told.map(({ space, place, part }) => ({ space, place, part }))
    const whole = { ...own, part: 'b' }
    const none = { space: undefined, place: undefined, part: undefined }
    expect(members).toEqual([whole, whole, { ...none, ...own }, { ...none, ...own }, none, none])
    expect(told.map(({ msg }) => msg)).toEqual(['said', 'request', 'said', 'request', 'said', 'request'])
  })

  it('redacts messages and errors too', () => {
    const { lines, log } = captured()
    log.error({ err: new Error(`GET /v1/mydids?appid=${SECRET}`) }, `refused appid=${SECRET}`)
    log.error(new Error(`Authorization: Basic ${SECRET}`))
    log.info(`token=${SECRET} and %s`, `Password=${SECRET}`)
    log.warn({ password: SECRET, rows: 7, nested: { token: SECRET, left: true } }, 'members')
    expect(lines).toHaveLength(4)
    expect(lines.join('')).not.toContain(SECRET)
    expect(JSON.parse(lines[3] as string)).toMatchObject({
      ...{ level: 'warn', password: '[hidden]', rows: 7, nested: { token: '[hidden]', left: true }, msg: 'members' },
    })
  })

  it('an error is told with its kind and stack, under its own words or those beside it', () => {
    const { lines, log } = captured()
    log.error(new TypeError('broken'))
    log.error(new TypeError('broken'), 'in %s of %s', 'part', 2)
    log.error({ err: new TypeError('broken'), n: 1 }, 'beside')
    log.info('%s and %s', 'one', 'two')
    const told = lines.map(line => JSON.parse(line))
    expect(told.map(({ msg }) => msg)).toEqual(['broken', 'in part of 2', 'beside', 'one and two'])
    const err = { type: 'TypeError', message: 'broken', stack: expect.stringMatching(/^TypeError: broken\n +at /) }
    expect(told.map(line => line.err)).toEqual([err, err, err, undefined])
    expect(told[2].n).toBe(1)
  })
})

/** Sentences that a command or a start ends with pass the redaction: it must find nothing in our own words. */
it('what is thrown in our own words is told as it was written', () => {
  const folders = ['src', 'core'].map(name => resolve(import.meta.dirname, '../..', name))
  const files = folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(join(folder, name), 'utf8')),
  )
  const thrown = files.flatMap(text => [...text.matchAll(/new Error\(\s*(['`])((?:\\.|(?!\1)[^\\])*)\1/g)])
  const sentences = thrown.map(([, , sentence = '']) => sentence)
  expect(sentences.length).toBeGreaterThan(50)
  for (const sentence of sentences) expect(redactText(sentence)).toBe(sentence)
})
