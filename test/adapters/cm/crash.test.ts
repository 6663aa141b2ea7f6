import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createCore } from '../../../core/core.ts'
import { openStore } from '../../../core/store/open.ts'
import { loadWorld } from '../../../src/worlds/seed.ts'
import { fill } from '../../support/fill.ts'
import { programFile } from '../../support/program.ts'
import { receiver } from '../../support/receiver.ts'
import { cmWorld, dutch, P1 } from './client.ts'

const WANTED = 50

const stock = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => dutch(`+3120700${String(from + i).padStart(4, '0')}`))

/** Ends with its exit code, or undefined when it was killed. */
async function runChild(url: string, dieAfter: number, numbers: object[]) {
  const args = [await programFile('test/support/fill-child.ts'), url, String(dieAfter), JSON.stringify(numbers)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', chunk => {
    output += String(chunk)
  })
  return new Promise<{ code: number | null; output: string }>(done =>
    child.once('exit', code => done({ code, output })),
  )
}

async function open(url: string) {
  const store = await openStore(url)
  await store.migrate()
  return { store, core: createCore({ store, clock: { now: Date.now }, key: 'test' }) }
}

/** 20 in stock and a request for 50 that waits. */
async function prepare(url: string, callbackUrl: string): Promise<string> {
  const { store, core } = await open(url)
  await loadWorld(core, cmWorld(stock(0, 20)))
  const account = await core.accounts.get(12)
  const profile = await core.companyProfiles.byGuid(P1)
  const order = await core.orders.place(core.accounts.callerFor(account as NonNullable<typeof account>), {
    dialect: 'cm',
    filter: { country: 'NL', types: ['local'], areaCode: '20' },
    quantity: WANTED,
    rangeSize: 0,
    data: { companyProfileGuid: P1, countryCode: 'NL', phoneNumberType: 'LOCAL', emailAddresses: [] },
    companyProfileId: profile?.id ?? 0,
    callbackUrl,
  })
  expect(order.status).toBe('pending')
  expect((await core.ledger.balance(12, 'EUR'))?.balance).toBe(1_000_000_000)
  await store.close()
  return order.guid
}

async function judge(url: string, guid: string): Promise<void> {
  const { store, core } = await open(url)
  expect(await core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
  const order = await core.orders.byGuid(guid)
  const owned = await core.numbers.owned({ accountIds: [12] }, { limit: 100, offset: 0 })
  const balance = (await core.ledger.balance(12, 'EUR'))?.balance
  const expected = order?.status === 'completed' ? [WANTED, 1_000_000_000 - WANTED * 3_000_000] : [0, 1_000_000_000]
  expect([owned.total, balance]).toEqual(expected)
  await store.close()
}

it('an import completes a waiting request in one transaction, killed at any step', async () => {
  const target = await receiver()
  const folder = mkdtempSync(join(tmpdir(), 'didgate-cm-'))
  try {
    const prepared = join(folder, 'prepared.db')
    const guid = await prepare(`sqlite:${prepared}`, target.url)
    const copied = (name: string) => {
      copyFileSync(prepared, join(folder, name))
      return `sqlite:${join(folder, name)}`
    }
    const rehearsal = copied('rehearsal.db')
    const { output } = await runChild(rehearsal, 0, stock(20, 40))
    const steps = Number(/done after (\d+) units/.exec(output)?.[1])
    expect(steps).toBeGreaterThan(4)
    expect(target.accepted).toHaveLength(1)

    for (let step = 1; step <= steps; step += 0.5) {
      target.accepted.length = 0
      const url = copied(`${step}.db`)
      expect((await runChild(url, step, stock(20, 40))).code, `killed at step ${step}`).toBe(null)
      await judge(url, guid)
      await fill(url, stock(20, 40))
      await judge(url, guid)
      const { store, core } = await open(url)
      expect((await core.orders.byGuid(guid))?.status, `after step ${step}`).toBe('completed')
      // the process may die between the receiver's answer and noting it: at least once, and nothing else
      const [delivery] = (await core.outbox.deliveries({}, { limit: 5, offset: 0 })).items
      if (delivery?.status !== 'delivered') expect(delivery?.nextAttemptAt).not.toBeNull()
      else expect(target.accepted.length).toBeGreaterThanOrEqual(1)
      await store.close()
    }
  } finally {
    target.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
