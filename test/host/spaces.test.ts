/** Spaces: isolated worlds inside of one gateway, reached by path, by host and by ports of their own. */
import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import { spaceNamed } from '../../src/spaces/names.ts'
import { CONTRACT_NUMBERS, contractWorld, RICH } from '../contract/world.ts'
import { clientPackage } from '../support/client-package.ts'
import { type Program, startProgram } from '../support/spaces.ts'

const sdk = clientPackage('@sinch/sdk-core') as typeof import('@sinch/sdk-core') | undefined

const names = dialectModules.map(({ name }) => name)
const NUMBER = CONTRACT_NUMBERS[0] as string
const WAVIX = { authorization: 'Bearer demo-wavix-acme' }

let program: Program
beforeAll(async () => {
  program = await startProgram()
  expect((await program.admin('POST', '/spaces', { name: 'origin', seed: contractWorld })).status).toBe(201)
  expect((await program.admin('POST', '/spaces/origin/snapshots', { name: 'start' })).status).toBe(201)
}, 60_000)
afterAll(() => program.didgate.close())

const FORK = { snapshot: 'start', space: 'origin' }
const made = async (body: object) => {
  const { status, body: space } = await program.admin('POST', '/spaces', body)
  expect([status, space]).toEqual([201, expect.objectContaining({ name: expect.any(String) })])
  return space
}

/** As a client asks that names a host which leads to this machine. */
function byHost(host: string, path: string, headers: Record<string, string>) {
  const { hostname, port } = new URL(program.didgate.addresses.data)
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, headers: { host: `${host}:${port}`, ...headers } }, response => {
      let text = ''
      response.on('data', chunk => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end()
  })
}

describe('isolation', () => {
  it('200 spaces at once each sell the same number by another dialect, and none sees another', {
    timeout: 120_000,
  }, async () => {
    const all = await Promise.all(Array.from({ length: 200 }, (_, n) => made({ name: `many-${n}`, seed: FORK })))
    const bought = await Promise.all(
      all.map(({ base_urls: urls }, n) => {
        const dialect = names[n % names.length] as string
        return program.client(dialect, urls[dialect], RICH).buy(NUMBER)
      }),
    )
    expect(new Set(bought)).toEqual(new Set(['bought']))
    const owned = await Promise.all(
      all.map(({ base_urls: urls }, n) => {
        const other = names[(n + 3) % names.length] as string
        return program.client(other, urls[other], RICH).owned()
      }),
    )
    expect(new Set(owned.map(String))).toEqual(new Set([NUMBER]))
    for (const { name } of all.slice(0, names.length)) {
      expect((await program.admin('GET', `/spaces/${name}/invariants`)).body.violations).toEqual([])
    }
    const { body } = await program.admin('GET', `/spaces/origin/numbers/${encodeURIComponent(NUMBER)}`)
    expect(body.state).toBe('available')
    expect((await program.admin('GET', '/accounts')).body.total).toBe(0)
    const ended = await Promise.all(all.map(({ name }) => program.admin('DELETE', `/spaces/${name}`)))
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set([204]))
  })

  const SPACES = ['p-0', 'p-1', 'p-2']
  const NUMBERS = CONTRACT_NUMBERS.slice(0, 2)
  const command = fc.record({
    space: fc.constantFrom(...SPACES),
    verb: fc.constantFrom('buy', 'clock', 'keep', 'restore'),
    dialect: fc.constantFrom(...names),
    e164: fc.constantFrom(...NUMBERS),
  })

  it('whatever is done in several spaces, each is as if it were alone', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 12 }), async commands => {
        const start = '2031-01-01T00:00:00.000Z'
        const models = new Map(SPACES.map(name => [name, { days: 0, owned: [] as string[], kept: '' }]))
        const urls = new Map<string, Record<string, string>>()
        for (const name of SPACES) {
          urls.set(name, (await made({ name, seed: FORK, now: start, freeze: true })).base_urls)
        }
        try {
          // the spaces side by side, the commands of one in order
          await Promise.all(
            SPACES.map(async name => {
              for (const { space, verb, dialect, e164 } of commands) {
                if (space === name)
                  await act(models.get(name) as Model, name, verb, dialect, e164, urls.get(name) ?? {})
              }
            }),
          )
          for (const [name, { days, owned }] of models) {
            const { body } = await program.admin('GET', `/spaces/${name}/clock`)
            expect(Date.parse(body.now)).toBe(Date.parse(start) + days * 86_400_000)
            expect(await program.client('wavix', urls.get(name)?.wavix ?? '', RICH).owned()).toEqual([...owned].sort())
            expect((await program.admin('GET', `/spaces/${name}/invariants`)).body.violations).toEqual([])
          }
        } finally {
          for (const name of SPACES) await program.admin('DELETE', `/spaces/${name}`)
        }
      }),
      { numRuns: 6 },
    )
  })

  interface Model {
    days: number
    owned: string[]
    kept: string
  }

  async function act(
    model: Model,
    name: string,
    verb: string,
    dialect: string,
    e164: string,
    urls: Record<string, string>,
  ) {
    if (verb === 'clock') {
      expect((await program.admin('POST', `/spaces/${name}/clock`, { advance_seconds: 86_400 })).status).toBe(200)
      model.days++
    } else if (verb === 'keep') {
      expect((await program.admin('POST', `/spaces/${name}/snapshots`, { name: 'kept' })).status).toBe(201)
      model.kept = JSON.stringify([model.days, model.owned])
    } else if (verb === 'restore') {
      const { status } = await program.admin('POST', `/spaces/${name}/snapshots/kept/restore`)
      expect(status).toBe(model.kept === '' ? 404 : 200)
      if (model.kept !== '') [model.days, model.owned] = JSON.parse(model.kept)
    } else if (!model.owned.includes(e164)) {
      expect(await program.client(dialect, urls[dialect] as string, RICH).buy(e164)).toBe('bought')
      model.owned.push(e164)
    }
  }
})

describe('ways in', () => {
  it('by path, by host, and by ports of its own; links say the same way', async () => {
    const { ports, base_urls: urls, credentials } = await made({ name: 'ways', ports: ['vobiz', 'twilio'] })
    expect(Object.keys(ports)).toEqual(['vobiz', 'twilio'])
    expect(Object.keys(urls)).toEqual(names)
    const { origin, port } = new URL(program.didgate.addresses.data)
    const { accountSid, authToken } = credentials.twilio
    const headers = { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` }
    const path = `/2010-04-01/Accounts/${accountSid}/AvailablePhoneNumbers/US/Local.json?PageSize=1`
    for (const base of [urls.twilio, `http://127.0.0.1:${ports.twilio}`, `${origin}/%7Eways/twilio`]) {
      const response = await fetch(base + path, { headers })
      expect([base, response.status]).toEqual([base, 200])
    }
    // the current Sinch dialect answers with absolute links
    const cart = await byHost('ways.localhost', '/wavix/v1/buy/countries', WAVIX)
    expect([cart.status, JSON.parse(cart.text).countries.length > 0]).toEqual([200, true])
    const rng = await fetch(`${origin}/~ways/onsip/rng/jnctn.rng`)
    expect(rng.status).toBe(200)
    const unknown = await byHost('nobody.localhost', '/wavix/v1/buy/countries', WAVIX)
    expect([unknown.status, JSON.parse(unknown.text).message]).toEqual([
      404,
      'There is no space "nobody" here (any more): POST /admin/v1/spaces makes one.',
    ])
    expect((await byHost('localhost', '/', {})).status).toBe(200)
    await program.admin('DELETE', '/spaces/ways')
    await expect(fetch(`http://127.0.0.1:${ports.twilio}/`)).rejects.toThrow()
    expect((await fetch(`${urls.wavix}/v1/buy/countries`, { headers: WAVIX })).status).toBe(404)
    expect(Number(port)).toBeGreaterThan(0)
  })

  it.each([
    ['http://127.0.0.1:80/~mine/wavix/v1', { name: 'mine', prefix: '/~mine' }],
    ['http://127.0.0.1:80/%7Emine', { name: 'mine', prefix: '/%7Emine' }],
    ['http://mine.localhost:80/wavix', { name: 'mine', prefix: undefined }],
    ['http://MINE.localhost./x', { name: 'mine', prefix: undefined }],
    ['http://localhost:80/wavix', undefined],
    ['http://127.0.0.1/wavix/~mine', undefined],
    ['http://a.example/?x=.localhost/', undefined],
  ])('%s names its space', (url, named) => {
    expect(spaceNamed(url)).toEqual(named)
  })

  it.skipIf(!sdk)("the provider's own client, told another base URL", async () => {
    const { base_urls: urls, credentials } = await made({ name: 'sdk' })
    const { projectId, keyId, keySecret } = credentials.sinch
    const client = new (sdk as NonNullable<typeof sdk>).SinchClient({
      projectId,
      keyId,
      keySecret,
      numbersHostname: urls.sinch,
      authHostname: urls.sinch,
    })
    const { availableNumbers = [] } = await client.numbers.searchForAvailableNumbers({
      regionCode: 'US',
      type: 'LOCAL',
      size: 1,
    })
    const phoneNumber = availableNumbers[0]?.phoneNumber as string
    const rented = await client.numbers.rent({ phoneNumber, numberRentRequestBody: {} } as never)
    expect(rented.phoneNumber).toBe(phoneNumber)
    expect((await program.admin('GET', `/spaces/sdk/numbers/${encodeURIComponent(phoneNumber)}`)).body.state).toBe(
      'active',
    )
    await program.admin('DELETE', '/spaces/sdk')
  })
})

describe('the admin plane below a space', () => {
  it('makes accounts and credentials that work there and nowhere else', async () => {
    await made({ name: 'own', seed: 'none' })
    const { body: account } = await program.admin('POST', '/spaces/own/accounts', { name: 'Mine' })
    const { body } = await program.admin('POST', `/spaces/own/accounts/${account.id}/credentials`, { realm: 'wavix' })
    expect(body.base_url).toBe(`${program.didgate.addresses.data}/~own/wavix`)
    const headers = { authorization: `Bearer ${body.secret}` }
    expect((await fetch(`${body.base_url}/v1/numbers`, { headers })).status).toBe(200)
    expect((await fetch(`${program.didgate.addresses.data}/wavix/v1/numbers`, { headers })).status).toBe(401)
    expect((await program.admin('POST', '/spaces/own/reset', { seed: 'demo' })).body).toEqual({ ok: true })
    expect((await program.admin('GET', '/spaces/own')).body.credentials.wavix).toEqual({ key: 'demo-wavix-acme' })
    expect((await program.admin('POST', '/spaces/own/spaces', {})).status).toBe(404)
    await program.admin('DELETE', '/spaces/own')
  })

  it('lists, and tells what is not there', async () => {
    await made({ name: 'listed', seed: 'none' })
    const { body } = await program.admin('GET', '/spaces?limit=100')
    expect(body.spaces.map((each: { name: string }) => each.name)).toContain('listed')
    expect(body).toMatchObject({ total: body.spaces.length, limit: 100, offset: 0 })
    await program.admin('DELETE', '/spaces/listed')
    for (const [method, path] of [
      ['GET', '/spaces/listed'],
      ['DELETE', '/spaces/listed'],
      ['GET', '/spaces/listed/clock'],
      ['POST', '/spaces/listed/reset'],
    ] as const) {
      expect((await program.admin(method, path)).body.error).toEqual({ code: 'not_found', message: 'no space listed' })
    }
  })

  it.each([
    [{ name: 'Mine' }, 'name'],
    [{ name: '-a' }, 'name'],
    [{ seed: 'dmeo' }, 'seed'],
    [{ seed: { path: '/etc' } }, 'seed'],
    [{ seed: { image: '' } }, 'seed'],
    [{ seed: { acounts: [] } }, 'acounts'],
    [{ now: 'soon' }, 'now'],
    [{ ttl_seconds: 0 }, 'ttl_seconds'],
    [{ ttl_seconds: 1e9 }, 'ttl_seconds'],
    [{ ports: ['nobody'] }, 'ports'],
    [{ other: 1 }, 'other'],
  ])('%j is refused, and makes nothing', async (body, field) => {
    const before = (await program.admin('GET', '/spaces')).body.total
    const answer = await program.admin('POST', '/spaces', body)
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_input'])
    expect(answer.body.error.issues.map((issue: { field: string }) => issue.field)).toContain(field)
    expect((await program.admin('GET', '/spaces')).body.total).toBe(before)
  })

  it('a name that is taken, a snapshot that is not there', async () => {
    expect((await program.admin('POST', '/spaces', { name: 'origin' })).body.error).toEqual({
      code: 'name_taken',
      message: 'there is already a space named origin',
    })
    const { status, body } = await program.admin('POST', '/spaces', { seed: { snapshot: 'gone', space: 'origin' } })
    expect([status, body.error.message]).toEqual([404, 'no snapshot gone'])
  })
})

describe('time', () => {
  it('D16: begins at any time, also in the past, and stands still when asked to', async () => {
    for (const now of ['1999-01-01T00:00:00.000Z', '2020-06-01T00:00:00.000Z', '2050-01-01T00:00:00.000Z']) {
      const space = await made({ name: 'then', now, freeze: true })
      expect([space.now, space.frozen]).toEqual([now, true])
      const { wavix } = space.base_urls
      expect((await fetch(`${wavix}/v1/buy/countries`, { headers: WAVIX })).status).toBe(200)
      expect(
        (await program.admin('POST', '/spaces/then/clock', { advance_seconds: 60, freeze: false })).body.frozen,
      ).toBe(undefined)
      await program.admin('DELETE', '/spaces/then')
    }
  })

  it('ends by itself when its time is over, ports and all', async () => {
    const { ports, expires_at: expiresAt } = await made({ name: 'brief', ttl_seconds: 1, ports: ['wavix'] })
    await expect.poll(async () => (await program.admin('GET', '/spaces/brief')).status, { timeout: 20_000 }).toBe(404)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${ports.wavix}/`).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed')
  })

  it('what falls due in a space runs there, and calls back from there', async () => {
    await made({ name: 'due', now: '2031-01-01T00:00:00Z', freeze: true })
    const { body } = await program.admin('POST', '/spaces/due/clock', { advance_seconds: 40 * 86_400 })
    expect(body).toMatchObject({ now: '2031-02-10T00:00:00.000Z', frozen: true })
    await program.admin('DELETE', '/spaces/due')
  })
})

it('limits on number and memory are told, and nothing is left of what was refused', async () => {
  const small = await startProgram({ SPACES_LIMIT: '2', SPACES_MEGABYTES: '5' })
  try {
    for (const name of ['a', 'b']) expect((await small.admin('POST', '/spaces', { name })).status).toBe(201)
    const { status, body } = await small.admin('POST', '/spaces', {})
    expect([status, body.error.message]).toEqual([409, 'limit reached: 2 spaces (SPACES_LIMIT)'])
    await small.admin('DELETE', '/spaces/a')
    for (const name of ['x', 'y']) {
      expect((await small.admin('POST', '/spaces/b/snapshots', { name })).status).toBe(201)
    }
    const full = await small.admin('POST', '/spaces', { name: 'c' })
    expect([full.status, full.body.error.message]).toEqual([
      409,
      'limit reached: 5 megabytes of spaces and snapshots (SPACES_MEGABYTES)',
    ])
    await small.admin('DELETE', '/spaces/b/snapshots/x')
    await small.admin('DELETE', '/spaces/b/snapshots/y')
    expect((await small.admin('POST', '/spaces', { name: 'c' })).status).toBe(201)
  } finally {
    await small.didgate.close()
  }
})
