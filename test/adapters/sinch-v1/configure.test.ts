/** What a client of sinch-v1 changes, clears and sends back; its filters; its pages while numbers come and go. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { AC1, v1Client, v1World } from './client.ts'

const SEARCH = '/v1/api/AvailableNumbers'
const COLLECTION = `/v1/Account/${AC1}/ActiveNumbers/`
const INSTANCE = `/v1/Accounts/${AC1}/ActiveNumbers/ActiveNumbers/PN+12135550111`
const american = (v1World.numbers as Record<string, string>[])[0] as Record<string, string>
const many = Array.from({ length: 9 }, (_, i) => `+1213555020${i}`)
const world = {
  ...v1World,
  numbers: [
    ...(v1World.numbers as object[]),
    ...many.map(e164 => ({ ...american, e164 })),
    { ...american, e164: '+12135550301', required_documents: 'address' },
    { ...american, e164: '+12135550302', required_documents: 'localaddress' },
    { ...american, e164: '+12135550303', required_documents: 'address;localaddress' },
    { ...american, e164: '+46850550401', country: 'SE', region: '', city: 'Örebro', rate_center: '', lata: '' },
  ],
} as typeof v1World

const FULL = {
  friendlyName: 'Desk',
  configuration: {
    status_callback_url: 'cb.example',
    status_callback_method: 'GET',
    voice: {
      ...{ url: 'v.example', method: 'GET', fallback_url: 'f.example', fallback_method: 'GET', application_sid: 'AP1' },
    },
    sms: { url: 's.example', method: 'GET', application_sid: 'AP2' },
  },
}

describe.each(engines())('sinch-v1 configuration on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let api: ReturnType<typeof v1Client>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  beforeEach(async () => {
    w = await worlds.open(world)
    api = v1Client(w)
  })

  // biome-ignore lint/suspicious/noExplicitAny: answers are checked with their strict schemas; tests read freely
  type Body = any
  const at = (body: Body, path: string) => path.split('.').reduce((value, name) => value[name], body)
  const nested = (path: string, value: unknown): Body =>
    path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  const post = (body: unknown) => api.ask('POST', INSTANCE, body)
  const get = async () => (await api.ask('GET', INSTANCE)).body

  /** What is shown once it is cleared: a method falls back to POST as long as its URL is there. */
  const CLEARABLE: [path: string, cleared: string | null][] = [
    ['friendlyName', '(213) 555-0111'],
    ['statusCallback', null],
    ['statusCallbackMethod', 'POST'],
    ['configuration.status_callback_url', null],
    ['configuration.status_callback_method', 'POST'],
    ['configuration.voice.url', null],
    ['configuration.voice.method', 'POST'],
    ['configuration.voice.fallback_url', null],
    ['configuration.voice.fallback_method', 'POST'],
    ['configuration.voice.application_sid', null],
    ['configuration.sms.url', null],
    ['configuration.sms.method', 'POST'],
    ['configuration.sms.application_sid', null],
  ]

  it.each(CLEARABLE)('A33, B6: an empty text clears %s as null does, and nothing else', async (path, cleared) => {
    const answers: Body[] = []
    for (const sent of ['', null]) {
      const before = (await post(FULL)).body
      expect(at(before, path)).not.toBe(cleared)
      const { status, body } = await post(nested(path, sent))
      expect([status, at(body, path)]).toEqual([200, cleared])
      expect(await get()).toEqual(body)
      answers.push(body)
    }
    expect(answers[0]).toEqual(answers[1])
  })

  it('A33: a purchase takes empty texts as nothing', async () => {
    const body = { voice: { url: '', method: '' }, sms: { application_sid: '' }, status_callback_url: '' }
    const answer = await api.ask('POST', `${COLLECTION}?phoneNumber=%2B12135550112`, body)
    expect([answer.status, answer.body.configuration.voice]).toEqual([
      ...[200, { url: null, method: null, fallback_url: null, fallback_method: null, application_sid: null }],
    ])
  })

  it('B4: a placeholder at top level does not defeat the configuration beside it', async () => {
    const sample = {
      ...{ friendlyName: 'string', accountSid: AC1, statusCallback: 'string', statusCallbackMethod: 'string' },
      configuration: {
        ...{ status_callback_url: 'example.com', status_callback_method: 'POST' },
        voice: { url: 'example.com', method: 'POST', fallback_url: 'example.com', fallback_method: 'POST' },
        sms: { url: 'example.com', method: 'POST' },
      },
      ...{ phone_number: 'string', type: 'string', base_setup_price: '2.0', capabilities: {}, lifecycle: 'string' },
    }
    const { status, body } = await post(sample)
    expect([status, body.statusCallback, body.statusCallbackMethod]).toEqual([200, 'example.com', 'POST'])
    expect(body.configuration).toMatchObject(sample.configuration)
    // nothing to fall back to: it is what it says
    const alone = await post({ statusCallbackMethod: 'string' })
    expect([alone.status, alone.body.message]).toEqual([400, expect.stringContaining('statusCallbackMethod')])
  })

  it.each([
    ['statusCallback', 'other.example'],
    ['statusCallback', null],
    ['statusCallback', ''],
    ['statusCallbackMethod', 'post'],
    ['configuration.status_callback_url', 'other.example'],
    ['configuration.status_callback_url', ''],
    ['configuration.status_callback_method', 'POST'],
    ['configuration.voice.url', 'other.example'],
    ['configuration.sms.application_sid', ''],
    ['friendlyName', 'Other'],
  ])('B5: a number read, with %s changed to %j and sent back whole, is changed so', async (path, value) => {
    await post(FULL)
    const read = await get()
    const sent = structuredClone(read)
    const names = path.split('.')
    const parent = at(sent, names.slice(0, -1).join('.') || 'configuration')
    Object.assign(names.length > 1 ? parent : sent, { [names.at(-1) as string]: value })
    const { status, body } = await post(sent)
    const wanted = value === '' ? null : path.includes('ethod') ? String(value).toUpperCase() : value
    expect([status, at(body, path)]).toEqual([200, wanted])
    expect(body.statusCallback).toBe(body.configuration.status_callback_url)
    expect(body.statusCallbackMethod).toBe(body.configuration.status_callback_method)
  })

  it('B5: both places changed, to the same or one of them back: no contradiction', async () => {
    await post(FULL)
    const same = { statusCallback: 'n.example', configuration: { status_callback_url: 'n.example' } }
    expect((await post(same)).body.statusCallback).toBe('n.example')
    const back = { statusCallback: 'n.example', configuration: null }
    const cleared = (await post(back)).body
    expect([cleared.statusCallback, cleared.configuration.voice.url]).toEqual([null, null])
  })

  it.each([
    [{ statusCallback: 'a.example', configuration: { status_callback_url: 'b.example' } }, 'url'],
    [{ statusCallbackMethod: 'POST', configuration: { status_callback_method: null } }, 'method'],
    [{ statusCallback: 'a.example', configuration: null }, 'url'],
  ])('B5: %j differs twice and contradicts: refused, naming both', async (sent, what) => {
    await post({ ...FULL, configuration: { ...FULL.configuration, status_callback_method: 'GET' } })
    const before = await get()
    const isMethod = what === 'method'
    const { status, body } = await post(
      isMethod ? { statusCallbackMethod: 'POST', configuration: { status_callback_method: null } } : sent,
    )
    const named = isMethod
      ? ['statusCallbackMethod', 'configuration.status_callback_method']
      : ['statusCallback', 'configuration.status_callback_url']
    expect([status, body.code]).toEqual([400, 20001])
    for (const name of named) expect(body.message).toContain(name)
    expect(await get()).toEqual(before)
  })

  it.each([
    ['POST', INSTANCE, { configuration: { voice: { method: 'PUT' } } }, 'configuration.voice.method'],
    ['POST', INSTANCE, { configuration: { sms: 'x' } }, 'configuration.sms'],
    ['POST', `${COLLECTION}?phoneNumber=%2B12135550112`, { voice: { method: 'PUT' } }, ': voice.method'],
    ['GET', `${SEARCH}?capabilities.Voice.e911=maybe`, undefined, 'capabilities.Voice.e911'],
    ['GET', `${SEARCH}?Base_Setup_Price=two`, undefined, 'Base_Setup_Price'],
    ['GET', `${SEARCH}?capabilities.sms.inbound_mps=x`, undefined, 'capabilities.sms.inbound_mps'],
    ['GET', `${SEARCH}?page_size=0`, undefined, 'page_size'],
    ['GET', `${COLLECTION}?Page=-1`, undefined, 'Page'],
    ['GET', `${COLLECTION}?PageToken=x`, undefined, 'PageToken'],
  ])('E11: %s %s with %j names %s as it was sent', async (method, path, body, name) => {
    const answer = await api.ask(method, path, body)
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(name)])
  })

  it.each(['none', 'any', 'local', 'foreign'])('what ?regulatory.address_requirements=%s finds says so', async word => {
    const { body } = await api.ask('GET', `${SEARCH}?PageSize=1000`)
    const shown = body.items.filter((item: Body) => item.regulatory.address_requirements === word)
    const found = await api.ask('GET', `${SEARCH}?PageSize=1000&regulatory.address_requirements=${word}`)
    expect(found.body.items).toEqual(shown)
  })

  it('a number is found by every value that it shows', async () => {
    const { body } = await api.ask('GET', `${SEARCH}?PageSize=1000`)
    const paths = [
      ...['phone_number', 'type', 'lifecycle', 'base_setup_price', 'base_recurring_price'],
      ...['regulatory.address_requirements'],
      ...['iso_country', 'lata', 'rate_center', 'region', 'locality', 'postal_code'].map(each => `geography.${each}`),
    ]
    for (const item of [...body.items.slice(0, 1), ...body.items.slice(-5)]) {
      for (const path of paths) {
        const value = at(item, path)
        if (value === null) continue
        const query = new URLSearchParams({ PageSize: '1000', [path]: value })
        const found = (await api.ask('GET', `${SEARCH}?${query}`)).body.items
        expect(found, `${path}=${value}`).toContainEqual(item)
        for (const each of found) expect(at(each, path)).toBe(value)
      }
    }
  })

  it('an owned number is found by its application alone, which is no pattern', async () => {
    await post({ configuration: { voice: { application_sid: 'AP_1' } } })
    const count = async (sid: string) =>
      (await api.ask('GET', `${COLLECTION}?Configuration.voice.application_sid=${encodeURIComponent(sid)}`)).body.items
        .length
    expect([
      await count('AP_1'),
      await count('APX1'),
      await count('ap_1'),
      await count('%'),
      await count('AP'),
    ]).toEqual([...[1, 0, 0, 0, 0]])
  })

  const walk = async (
    start: string,
    change: (seen: string[], page: number) => Promise<unknown>,
    link = 'next_page_url',
  ) => {
    const pages: string[][] = []
    for (let url: string | null = start; url !== null; ) {
      const { status, body }: Body = await api.ask('GET', url)
      expect(status).toBe(200)
      pages.push(body.items.map((item: Body) => item.phone_number))
      url = body.meta[link]
      await change(pages.flat(), pages.length)
      if (url === null) return { pages, last: body.meta.url as string }
    }
    throw new Error('no page')
  }
  const buy = (e164: string) => api.ask('POST', `${COLLECTION}?phoneNumber=${encodeURIComponent(e164)}`)
  const drop = (e164: string) => api.ask('DELETE', `/v1/Accounts/${AC1}/ActiveNumbers/PN${e164}`)

  it('A34: links lead through owned numbers, to the end and back, while some come and go', async () => {
    for (const e164 of many) await buy(e164)
    const gone = new Set<string>()
    const release = async (e164: string | undefined) => {
      if (!e164 || gone.has(e164)) return
      gone.add(e164)
      await drop(e164)
    }
    // the very one that a page ended with, and one of the page before it
    const { pages, last } = await walk(`${COLLECTION}?PageSize=3`, async (seen, page) => {
      await release(seen.at(-1))
      if (page === 2) await release(seen[1])
    })
    const all = ['+12135550111', ...many]
    expect(pages.flat()).toEqual(all)
    await buy('+12135550112')
    const back = await walk(last, async seen => release(seen[0]), 'previous_page_url')
    const stayed = all.filter(each => !gone.has(each))
    const seen = back.pages.flat()
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(stayed))
  })

  it('an owned number tells what it costs its owner, whatever its next buyer would pay', async () => {
    const { base_recurring_price } = await get()
    await w.core.numbers.reprice(null, '+12135550111', { monthly: 99_000_000 })
    expect((await get()).base_recurring_price).toBe(base_recurring_price)
    const [first] = (await api.ask('GET', COLLECTION)).body.items
    expect(first.base_recurring_price).toBe(base_recurring_price)
  })

  it('A34: links lead through the catalogue while numbers are sold', async () => {
    const { pages } = await walk(`${SEARCH}?phone_number=%2B1213555020&PageSize=2`, async (seen, page) => {
      await buy(seen.at(-1) as string)
      if (page === 1) await buy(many[7] as string)
    })
    expect(pages.flat()).toEqual(many.filter(each => each !== many[7]))
  })

  it('A34: a token is of its list, filters and account', async () => {
    for (const e164 of many) await buy(e164)
    const next = async (url: string) =>
      new URL((await api.ask('GET', url)).body.meta.next_page_url).searchParams.get('PageToken')
    const token = await next(`${COLLECTION}?PageSize=2`)
    const catalogue = await next(`${SEARCH}?PageSize=1`)
    for (const url of [
      `${COLLECTION}?PageToken=${token}&geography.region=CA`,
      `${COLLECTION}?PageToken=${catalogue}`,
      `${COLLECTION}?PageToken=${token?.slice(0, -2)}`,
      `${SEARCH}?PageToken=${token}`,
      `${SEARCH}?PageToken=${catalogue}&type=local`,
    ]) {
      const { status, body } = await api.ask('GET', url)
      expect([status, body.message], url).toEqual([400, 'Invalid parameter: PageToken'])
    }
    expect((await api.ask('GET', `${COLLECTION}?PageToken=${token}&PageSize=7&Page=4`)).body.items).toHaveLength(7)
  })
})
