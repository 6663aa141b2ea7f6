import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLog, logRequest } from '../../src/logs/log.ts'
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

  it('redacts messages and errors too', () => {
    const { lines, log } = captured()
    log.error({ err: new Error(`GET /v1/mydids?appid=${SECRET}`) }, `refused appid=${SECRET}`)
    log.error(new Error(`Authorization: Basic ${SECRET}`))
    log.info(`token=${SECRET} and %s`, `Password=${SECRET}`)
    expect(lines).toHaveLength(3)
    expect(lines.join('')).not.toContain(SECRET)
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
