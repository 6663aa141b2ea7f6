import { appendFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Answered } from '../../src/http/serve-dialect.ts'

/** One answer that a test had. */
export interface Recorded {
  dialect: string
  /** The operation by its first spelling. */
  on: string
  status: number
  test: string
}

/** For the table of what is covered (`npm run docs`): every answer goes, one a line, into the file that this names. */
export function recordAnswer({ inbound, response }: Answered, dialect: string | undefined): void {
  const file = process.env.RECORD_ANSWERS
  const { operation } = inbound
  if (!file || !operation || dialect === undefined) return
  const test = expect.getState().currentTestName ?? ''
  const line: Recorded = { dialect, on: [operation.on].flat()[0] as string, status: response.status, test }
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
