/**
 * The generated documents drive an independent validating proxy in front of a listening gateway: what we answer to the
 * kept exchanges violates nothing that the documents promise.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Listener, listen } from '../../src/http/listen.ts'
import { restDialects } from '../../src/reference/documents.ts'
import { openApi } from '../../src/reference/openapi.ts'
import { parameterNames, spellings } from '../../src/reference/operations.ts'
import { contractWorld } from '../contract/world.ts'
import { dialects } from '../support/dialects.ts'
import { readExchanges, toRequest } from '../support/exchange.ts'
import { type Exchanges, folderOf, valuesFor } from '../support/exchanges.ts'
import { netsOf } from '../support/nets.ts'
import { PRISM, type Proxied, startPrism } from '../support/prism.ts'
import { requestFor, type Samples } from '../support/proxy-samples.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

type Rest = ReturnType<typeof restDialects>[number]
/** Changes an answer on its way out. */
type Tamper = (status: number, body: string) => { status: number; body: string }

/** A request in the one spelling that is documented; as it is, where it is for no operation. */
function canonical({ dialect, reference }: Rest, request: Request): Request {
  const url = new URL(request.url)
  const arrival = { request, base: '', pathname: url.pathname, startedAt: 0, requestId: '' }
  const { operation, path } = dialect.wire.match(arrival)
  const names = Object.keys(path)
  const fits = (own: string[]) => own.length === names.length && own.every(name => names.includes(name))
  const entry = reference.operations.find(
    ({ on }) =>
      operation && on.startsWith(`${request.method} `) && spellings(operation).includes(on) && fits(parameterNames(on)),
  )
  if (!entry) return request
  const template = entry.on.split(' ')[1] as string
  url.pathname = parameterNames(template).reduce(
    (all, name) => all.replace(`:${name}`, encodeURIComponent(path[name] as string)),
    template,
  )
  return new Request(url, request)
}

async function tampered(response: Response, tamper: Tamper): Promise<Response> {
  const { status, body } = tamper(response.status, await response.text())
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(body, { status, headers })
}

/** An answer that has come through, and where it came from. */
interface Heard extends Proxied {
  label: string
}

/** What the document forbids, and what it refuses although we take it. */
function problems({ label, status, request, response }: Heard): string[] {
  const wrong = status < 300 ? [...request, ...response] : response
  return wrong.map(({ location, message }) => `${label} ${status}: ${location.join('.')} ${message}`)
}

/** Prism answers by itself what it cannot parse; it passes on what it does not know. */
const UNREADABLE = /\.(unreadable|no-json|broken)$/

const TAMPERS: Record<string, Tamper> = {
  'a member that is not documented': (status, body) => ({ status, body: body.replace('{', '{"surprise":1,') }),
  'a member that is missing': (status, body) => ({ status, body: JSON.stringify(without(JSON.parse(body))) }),
  'another type': (status, body) => ({ status, body: JSON.stringify(renumbered(JSON.parse(body))) }),
  'a status that is not documented': (_, body) => ({ status: 418, body }),
  'a list in the place of an object': status => ({ status, body: '[]' }),
}

/** The first member is gone. */
function without(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).slice(1))
}

/** A value for a parameter of a path; a literal word after one stays. */
function filled(parameter: string, at: number, path: string): string {
  return path[at - 1] === '/' ? '1' : parameter
}

/** Every member is a list of lists. */
function renumbered(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(value).map(key => [key, [[]]]))
}

const judged = restDialects(dialects).flatMap(rest => {
  const { name } = rest.dialect
  const { samples } = netsOf(name)
  if (typeof samples !== 'string') return [[name, rest, samples] as const]
  process.stderr.write(`${name} is not sent through the proxy: ${samples}\n`)
  return []
})

/** Where no exchanges are kept. */
const NONE: Exchanges = { world: contractWorld, given: {}, headers: [] }

describe.skipIf(!PRISM).each(judged)('%s through a validating proxy', (name, rest: Rest, samples: Samples) => {
  const kept = netsOf(name).exchanges
  const setting = typeof kept === 'string' ? NONE : kept
  const exchanges = typeof kept === 'string' ? [] : readExchanges(folderOf(name, kept))
  if (exchanges.length === 0) process.stderr.write(`${name}: no exchanges are kept, samples are sent instead\n`)
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let listener: Listener
  let prism: Awaited<ReturnType<typeof startPrism>>
  let world: TestWorld
  let tamper: Tamper | undefined

  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
    world = await worlds.open(setting.world)
    const fetch = async (request: Request) => {
      const response = await world.send(request)
      return tamper ? tampered(response, tamper) : response
    }
    listener = await listen({ name: 'PORT', host: '127.0.0.1', port: 0, fetch })
    const server = `${listener.url}/${name}`
    prism = await startPrism(await openApi(rest.dialect, rest.reference, { server, version: '0' }), server)
  })
  afterAll(async () => {
    await prism?.close()
    await listener?.close(1000)
    await worlds?.drop()
  })

  const send = async (label: string, request: Request): Promise<Heard> => ({
    label,
    ...(await prism.send(canonical(rest, request))),
  })

  it.skipIf(exchanges.length === 0)('answers the kept exchanges as documented', async () => {
    const heard: Heard[] = []
    for (const exchange of exchanges) {
      world = await worlds.open(setting.world)
      const label = `${exchange.operation}.${exchange.case}`
      const values = await valuesFor(setting, exchange, world)
      if (values) heard.push(await send(label, toRequest(exchange, 'http://didgate.test', values)))
      else process.stderr.write(`${name} ${label} is not sent: nobody here knows how to give ${exchange.given}\n`)
    }
    expect(heard.flatMap(problems)).toEqual([])
    const lost = heard.filter(({ isOurs }) => !isOurs).map(({ label }) => label)
    expect(lost.filter(label => !UNREADABLE.test(label))).toEqual([])
    expect(heard).not.toEqual([])
  })

  it('answers its samples as documented', async () => {
    world = await worlds.open(setting.world)
    const heard: Heard[] = []
    for (const sample of samples.requests) {
      heard.push(await send(sample.slice(0, 2).join(' '), requestFor(samples, sample)))
    }
    expect(heard.flatMap(problems)).toEqual([])
    expect(heard.filter(({ isOurs }) => !isOurs)).toEqual([])
    expect(heard[0]?.status).toBe(200)
    // most of them are meant to succeed: refusals alone would show little
    expect(heard.filter(({ status }) => status < 300).length).toBeGreaterThan(heard.length / 2)
  })

  it('knows every operation of the document again', async () => {
    tamper = TAMPERS['a status that is not documented']
    const missed: string[] = []
    for (const { on } of rest.reference.operations) {
      const [method = '', path = ''] = on.split(' ')
      const request = new Request(`http://didgate.test${path.replace(/:[a-z]\w*(?=[/:]|$)/gi, filled)}`, { method })
      const { isOurs, response } = await prism.send(request)
      if (!isOurs || response.length === 0) missed.push(on)
    }
    tamper = undefined
    expect(missed).toEqual([])
  })

  it.each(Object.entries(TAMPERS))('reports %s', async (_, change) => {
    world = await worlds.open(setting.world)
    tamper = change
    const [sample] = samples.requests as [Samples['requests'][number]]
    const { isOurs, response } = await send('tampered', requestFor(samples, sample)).finally(() => {
      tamper = undefined
    })
    expect([isOurs, response.length > 0]).toEqual([true, true])
  })
})
