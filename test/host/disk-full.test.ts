/** C20: a disk that is full refuses what is written and nothing else, is told by readyz, and is no reason for a restart. */
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createReadiness } from '../../src/process/readiness.ts'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { digest } from '../support/digest.ts'
import { startServer, workFolder } from '../support/process.ts'
import { smallDisk } from '../support/small-disk.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const temporary = () => {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const MEGABYTE = 1024 * 1024

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20)
}

const readiness = async (admin: string) => (await (await fetch(`${admin}/readyz`)).json()) as Record<string, unknown>

describe('a full disk under SQLite', () => {
  it('C20: temporary errors, readers go on, readyz tells; freed, it goes on by itself, and so do the checkpoints', async context => {
    const small = smallDisk(24)
    if (!small) return context.skip()
    closing.push(small.remove)
    const { folder: disk, free } = small
    const { seed, remove } = workFolder(shopWorld(2000, '10000.00'))
    closing.push(remove)
    const server = await startServer({ DATABASE_URL: `sqlite:${disk}/didgate.db`, DIDGATE_SEED: seed })
    closing.push(() => server.kill())
    const { buy, login, owned } = shopper(server.url)
    const session = await login()
    let bought = 0
    const tryToBuy = () =>
      buy(session).then(
        dids => dids !== undefined && ++bought > 0,
        () => false,
      )
    while (bought < 50) await tryToBuy()
    writeFileSync(join(disk, 'other'), Buffer.alloc(4 * MEGABYTE))
    writeFileSync(join(disk, 'more'), Buffer.alloc(free()))
    await until(async () => !(await tryToBuy()))
    const order = 'Action=DidRequest&UserId=501&Protocol=sip&NpaNxx[212789]=1'
    const refused = await fetch(`${server.url}/onsip/api?${order}&SessionId=${session}`)
    expect(await refused.text()).toContain('The service is not available just now')
    expect(await readiness(server.admin)).toEqual({ ok: false, reason: 'nothing can be written: the disk is full' })
    expect((await fetch(`${server.admin}/healthz`)).status).toBe(200)
    expect(await owned(session)).toHaveLength(bought)

    truncateSync(join(disk, 'other'), 0)
    await until(async () => (await readiness(server.admin)).ok === true)
    const logSize = () => statSync(join(disk, 'didgate.db-wal')).size
    const [before, size] = [bought, logSize()]
    for (let n = 0; n < 300; n++) await tryToBuy()
    expect(bought - before).toBe(300)
    // without checkpoints they would take 40 MB
    expect(logSize() - size).toBeLessThan(2 * MEGABYTE)
    expect(await owned(session)).toHaveLength(bought)
    expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({ ok: true })
    expect(server.output()).not.toContain('"fault":"internal"')
    expect(await server.stop()).toBe(0)
  })

  it('C20: a unit for which there is no room leaves nothing behind, and others go on; with room it is written', async () => {
    const store = await openStore(`sqlite:${join(temporary(), 'didgate.db')}`)
    closing.push(() => store.close())
    await store.migrate()
    const ready = createReadiness(
      () => store,
      () => false,
    )
    // SQLite allows no fewer pages than there are
    const allow = (pages: number) => store.write(db => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db))
    const put = (npa: string) => store.write(db => db.insertInto('npa_versions').values({ npa, version: 1 }).execute())
    const large = '9'.repeat(100_000)
    await allow(1)
    const before = await digest(store)
    await expect(put(large)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(await digest(store)).toBe(before)
    expect(await ready()).toBe(undefined)
    await allow(10_000)
    await put(large)
    expect(await digest(store)).not.toBe(before)
  })
})
