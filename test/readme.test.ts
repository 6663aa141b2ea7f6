import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServerProcess, startServer } from './support/process.ts'

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const run = promisify(execFile)

/** The shell walks of the README, by the heading they stand under. */
const walks = [...README.matchAll(/^## A walk through the `([\w-]+)` dialect$([\s\S]*?)^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, dialect = '', , script = '']) => ({ dialect, script }),
)

/** What each walk must have shown by its end. */
const SHOWN: Record<string, RegExp[]> = {
  onsip: [/<Status>available/, /<Filled>2</, /<CallerIdNumberRequired>true/, /"Found":"2"/, /<DidDelete\/>/],
  vobiz: [
    /purchased successfully/,
    /"account_id":"SA_DEMO0001"/,
    /"refund_amount":700/,
    /"net_amount"/,
    /number released/,
  ],
  cm: [/"allowedRangeSizes":\[10,100\]/, /"status":"COMPLETED"/, /"status":"REJECTED","statusReason":"No such block"/],
  sinch: [/"status":"WAITING"/, /"displayName":"Desk"/, /"expireAt":"20/],
  'sinch-v1': [/"key":"items"/, /"url":"voice.example.com\/in","method":"POST"/, /"friendlyName":"Front desk"/],
  wavix: [/"city":"LOS ANGELES, CA"/, /"success":true/, /"destination":"\[did\]@pbx.example"/],
}

describe('README', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServer({ DATABASE_URL: 'sqlite::memory:' })
  }, 60_000)
  afterAll(() => server.stop())

  it('has a walk for every dialect it is asked for', () => {
    expect(walks.map(({ dialect }) => dialect).sort()).toEqual(Object.keys(SHOWN).sort())
  })

  it.each(walks)('the walk through $dialect does what it says', async ({ dialect, script }) => {
    const here = script
      .replaceAll('http://127.0.0.1:8080', server.url)
      .replaceAll('http://127.0.0.1:8081', server.admin)
    // bash -x would show credentials; -e stops at the first failing command
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here])
    for (const pattern of SHOWN[dialect] ?? []) expect(stdout).toMatch(pattern)
    expect(stdout).not.toMatch(/IsCompleted>false|"IsCompleted":"false"|"success":false|"error"/)
  })
})
