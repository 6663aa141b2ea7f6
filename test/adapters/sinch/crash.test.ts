import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { signature } from '../../../adapters/sinch/outbound.ts'
import { type ServerProcess, startServer, workFolder } from '../../support/process.ts'
import { basic, P1, sinchWorld } from './client.ts'

const NUMBER = '+12025550134'
const SECRET = 'crash-secret'

interface Accepted {
  body: string
  signature: string | undefined
}

/** Lets callers wait without an answer until it is opened. */
async function receiver() {
  const accepted: Accepted[] = []
  const waiting: ServerResponse[] = []
  let isOpen = false
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      if (!isOpen) return void waiting.push(response)
      const sent = request.headers['x-sinch-signature']
      accepted.push({ body: Buffer.concat(chunks).toString(), signature: String(sent) })
      response.writeHead(200).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const open = () => {
    isOpen = true
  }
  return { url, accepted, waiting, open, close }
}

async function ask({ url }: ServerProcess, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/sinch/v1/projects/${P1}${path}`, {
    method,
    headers: { authorization: basic('k', 's'), 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect(response.status, `${method} ${path}`).toBe(200)
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are checked elsewhere; this reads freely
  return (await response.json()) as any
}

async function admin(server: ServerProcess, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
  return (await fetch(`${server.admin}/admin/v1${path}`, init)).json()
}

type Target = Awaited<ReturnType<typeof receiver>>

/** When the first process dies. */
const MOMENTS: [string, (target: Target, server: ServerProcess) => Promise<unknown>][] = [
  ['after the purchase', async () => {}],
  [
    'after the provisioning',
    (_, server) =>
      expect
        .poll(async () => (await ask(server, 'GET', `/activeNumbers/${NUMBER}`)).voiceConfiguration.appId, {
          interval: 2,
          timeout: 10_000,
        })
        .toBe('app1'),
  ],
  ['amid the delivery', target => expect.poll(() => target.waiting.length, { timeout: 10_000 }).toBe(1)],
]

it.each(MOMENTS)('kill -9 %s: one signed callback all the same', async (_, moment) => {
  const target = await receiver()
  const { folder, seed, remove } = workFolder(sinchWorld)
  const env = { DATABASE_URL: `sqlite:${folder}/sinch.db`, DIDGATE_SEED: seed }
  try {
    const before = await startServer(env)
    await ask(before, 'PATCH', '/callbackConfiguration', { hmacSecret: SECRET })
    const body = { voiceConfiguration: { appId: 'app1' }, callbackUrl: target.url }
    await ask(before, 'POST', `/availableNumbers/${NUMBER}:rent`, body)
    await moment(target, before)
    await before.kill()
    expect(target.accepted).toEqual([])
    target.open()

    const after = await startServer(env)
    try {
      const number = await ask(after, 'GET', `/activeNumbers/${NUMBER}`)
      expect(number.callbackUrl).toBe(target.url)
      // a delivery that was under way is held for a while, lest two processes send it
      await admin(after, '/clock', { advance_seconds: 300 })
      await expect.poll(() => target.accepted.length, { timeout: 10_000 }).toBe(1)
      await admin(after, '/clock', { advance_seconds: 3600 })
      await sleep(1500)
      expect(target.accepted).toHaveLength(1)
      const [accepted] = target.accepted as [Accepted]
      expect(accepted.signature).toBe(signature(SECRET, accepted.body))
      const told = { resourceId: NUMBER, eventType: 'PROVISIONING_TO_VOICE_PLATFORM', status: 'SUCCEEDED' }
      expect(JSON.parse(accepted.body)).toMatchObject(told)
      expect(await admin(after, '/invariants')).toEqual({ ok: true, checked: 10, violations: [] })
    } finally {
      await after.stop()
    }
  } finally {
    target.close()
    remove()
  }
})
