import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../../core/ground/model.ts'
import { engines, freshStore, postgresIsHere } from '../../support/engines.ts'
import { file } from '../../support/lines.ts'
import { startServer, workFolder } from '../../support/process.ts'
import { receiver } from '../../support/receiver.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { AMSTERDAM, cmClient, cmWorld, dutch } from './client.ts'

const stock = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => dutch(`+3120700${String(from + i).padStart(4, '0')}`))

const filter = { country: 'NL', areaCode: '20' }

describe.each(engines())('waiting requests on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const callerOf = async ({ core }: TestWorld, id: number): Promise<Caller> => {
    const account = await core.accounts.get(id)
    return core.accounts.callerFor(account as NonNullable<typeof account>)
  }
  const place = async (w: TestWorld, id: number, quantity: number, rangeSize = 0) =>
    w.core.orders.place(await callerOf(w, id), {
      dialect: 'cm',
      filter,
      quantity,
      rangeSize,
      data: { emailAddresses: [] },
    })

  it('50 wanted and 20 there: an import of 40 completes it, with one callback', async () => {
    const target = await receiver()
    const w = await worlds.open(cmWorld(stock(0, 20)))
    const { body } = await cmClient(w).request({ quantity: 50, callbackUrl: target.url })
    expect(body.status).toBe('PENDING')
    await w.core.imports.run(file(stock(20, 40)), { owned: false, keepGood: false })
    await w.sender.tick()
    target.close()
    expect((await cmClient(w).read(body.guid)).body.phoneNumberRanges).toHaveLength(50)
    expect(target.accepted.map(each => each.status)).toEqual(['COMPLETED'])
    expect((await w.core.ledger.balance(12, 'EUR'))?.balance).toBe(850_000_000)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('a receiver that fails twice gets exactly one accepted delivery', async () => {
    const target = await receiver(2)
    const w = await worlds.open(cmWorld())
    const { body } = await cmClient(w).request({ callbackUrl: target.url })
    const start = w.core.clock.now()
    for (const seconds of [0, 5, 60, 120]) {
      w.setClockOnly(start + seconds * 1000)
      await w.sender.tick()
    }
    target.close()
    expect([target.received.length, target.accepted.length]).toEqual([3, 1])
    expect(target.accepted[0].guid).toBe(body.guid)
    const { items } = await w.core.outbox.deliveries({ status: 'delivered' }, { limit: 9, offset: 0 })
    expect(items[0]?.attempts.map(({ status }) => status)).toEqual([503, 503, 200])
    const mails = await w.core.outbox.deliveries({ status: 'recorded' }, { limit: 9, offset: 0 })
    expect(mails.items[0]?.url).toBe('mailto:ann@example.com')
  })

  it('oldest first, each completely or skipped; what remains is for others', async () => {
    const w = await worlds.open(cmWorld([]))
    const orders = [await place(w, 12, 8), await place(w, 13, 3), await place(w, 12, 2), await place(w, 13, 4)]
    await w.core.imports.run(file(stock(0, 5)), { owned: false, keepGood: false })
    const statuses = async () => {
      const found = await Promise.all(orders.map(order => w.core.orders.byGuid(order.guid)))
      return found.map(order => order?.status)
    }
    expect(await statuses()).toEqual(['pending', 'completed', 'completed', 'pending'])
    await w.core.imports.run(file(stock(5, 9)), { owned: false, keepGood: false })
    expect(await statuses()).toEqual(['completed', 'completed', 'completed', 'pending'])
    expect((await w.core.numbers.search(filter, { limit: 9, offset: 0 })).items).toHaveLength(1)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('released numbers, and those whose rest ends, go to who waits before anybody else', async () => {
    const w = await worlds.open({ ...cmWorld(stock(0, 1)), quarantine_days: { '*': 1 } })
    const [rich, other] = [await callerOf(w, 12), await callerOf(w, 13)]
    const e164 = '+31207000000'
    const { owned } = await w.core.numbers.purchase(other, [e164], { documents: 'allow' })
    const waiting = await place(w, 12, 1)
    await w.core.numbers.release(other, [owned[0]?.lease.id ?? 0], { kind: 'now' })
    w.setClockOnly(w.core.clock.now() + 86_400_000)
    // no job has run: the purchase itself finds that the rest is over, and that somebody waits
    const jump = w.core.numbers.purchase(other, [e164], { documents: 'allow' })
    await expect(jump).rejects.toMatchObject({ code: 'number_unavailable' })
    await w.setClock(w.core.clock.now())
    expect((await w.core.orders.byGuid(waiting.guid))?.ranges[0]?.start).toBe(e164)
    expect((await w.core.numbers.owned({ accountIds: [rich.account.id] }, { limit: 2, offset: 0 })).total).toBe(1)
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('without money it goes on waiting, with the reason, and holds up nobody', async () => {
    const w = await worlds.open(cmWorld([]))
    const poor = await place(w, 12, 400)
    const small = await place(w, 13, 2)
    await w.core.imports.run(file(stock(0, 402)), { owned: false, keepGood: false })
    expect(await w.core.orders.byGuid(poor.guid)).toMatchObject({
      status: 'pending',
      reason: expect.stringMatching(/balance/),
    })
    expect((await w.core.orders.byGuid(small.guid))?.status).toBe('completed')
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })

  it('a range that only incoming stock completes', async () => {
    const w = await worlds.open(cmWorld(AMSTERDAM.slice(0, 14)))
    const order = await place(w, 12, 10, 10)
    expect(order.status).toBe('pending')
    await w.core.imports.run(file(AMSTERDAM.slice(14)), { owned: false, keepGood: false })
    expect((await w.core.orders.byGuid(order.guid))?.ranges).toMatchObject([{ start: '+31201234560', size: 10 }])
  })
})

it.skipIf(!postgresIsHere)(
  'ten waiting requests, purchases and incoming stock at once over two processes: nothing sold twice, every callback sent',
  async () => {
    const target = await receiver()
    const { url, drop } = await freshStore('postgres')
    const { seed, remove } = workFolder(cmWorld([]))
    const env = { DATABASE_URL: url, DIDGATE_SEED: seed, DIDGATE_KEY: 'a-key-that-both-processes-share-0123' }
    const [one, two] = [await startServer(env), await startServer(env)]
    try {
      const requests = '/cm/voice-phonenumberrequestapi/v1'
      const place = async (i: number) => {
        const [account, token, profile] =
          i % 2
            ? ['0f3c0000-0000-4000-8000-00000000000a', 'T', '7c1d0000-0000-4000-8000-000000000001']
            : ['0f3c0000-0000-4000-8000-00000000000b', 'U', '7c1d0000-0000-4000-8000-000000000004']
        const body = {
          companyProfileGuid: profile,
          quantity: 5,
          phoneNumberType: 'LOCAL',
          areaCode: '020',
          callbackUrl: target.url,
        }
        const server = i % 2 ? one : two
        const answer = await fetch(`${server.url}${requests}/${account}/numberRequests`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-cm-producttoken': token as string },
          body: JSON.stringify(body),
        })
        return (await answer.json()) as { guid: string; status: string }
      }
      const placed = []
      for (let i = 0; i < 10; i++) placed.push(await place(i))
      expect(placed.map(each => each.status)).toEqual(Array(10).fill('PENDING'))
      const csv = (from: number, count: number) =>
        ['e164,country,type,area_code,currency,setup_price,monthly_price']
          .concat(stock(from, count).map(row => `${row.e164},NL,local,20,EUR,1,2`))
          .join('\n')
      const bring = (server: typeof one, from: number, count: number) =>
        fetch(`${server.admin}/admin/v1/numbers/import`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: csv(from, count),
        })
      await Promise.all([bring(one, 0, 30), bring(two, 30, 30), bring(one, 60, 10)])
      const giveUpAt = Date.now() + 30_000
      while (target.accepted.length < 10 && Date.now() < giveUpAt) await new Promise(done => setTimeout(done, 100))
      expect(new Set(target.accepted.map(each => each.guid)).size).toBe(10)
      const numbers = target.accepted.flatMap(each =>
        each.phoneNumberRanges.map((range: { start: string }) => range.start),
      )
      expect(new Set(numbers).size).toBe(50)
      const answer = await fetch(`${two.admin}/admin/v1/invariants`)
      expect(await answer.json()).toEqual({ ok: true, checked: 10, violations: [] })
    } finally {
      target.close()
      await Promise.all([one.stop(), two.stop()])
      remove()
      await drop()
    }
  },
)
