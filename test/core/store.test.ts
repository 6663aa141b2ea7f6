import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClock } from '../../core/ground/clock.ts'
import { openStore } from '../../core/store/open.ts'
import { demand, tell } from '../../core/store/statements.ts'
import type { Store, Writer } from '../../core/store/store.ts'
import { engines, freshStore, postgresIsHere } from '../support/engines.ts'
import { programFile } from '../support/program.ts'

const run = promisify(execFile)

const addNpa = (db: Writer, npa: string) => db.insertInto('npa_versions').values({ npa, version: 1 }).execute()

const npas = (store: Store) =>
  store.read(async db => (await db.selectFrom('npa_versions').select('npa').orderBy('npa').execute()).map(r => r.npa))

function signal(): [given: Promise<void>, give: () => void] {
  let give = () => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return [given, give]
}

for (const engine of engines(['sqlite', 'pglite', 'postgres'])) {
  describe(`store on ${engine}`, () => {
    let store: Store
    let drop: () => Promise<void>
    beforeAll(async () => {
      const fresh = await freshStore(engine)
      store = fresh.store
      drop = fresh.drop
    })
    afterAll(() => drop())

    it('a change that fails is undone alone among those that are committed together', async () => {
      await store.empty()
      const results = await Promise.allSettled(
        ['201', '202', '203'].map(npa =>
          store.write(async db => {
            await addNpa(db, npa)
            if (npa === '202') throw new Error('no')
            return npa
          }),
        ),
      )
      expect(results.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await npas(store)).toEqual(['201', '203'])
    })

    it('what nobody waits for fails its unit all the same, for its own reason, and leaves nothing', async () => {
      await store.empty()
      const add = (db: Writer, npa: string) => db.insertInto('npa_versions').values({ npa, version: 1 })
      const twice = store.write(async db => {
        await tell(db, add(db, '501'))
        await tell(db, add(db, '501'))
        await addNpa(db, '502')
      })
      await expect(twice).rejects.toThrow(/unique/i)
      const last = store.write(async db => {
        await tell(db, add(db, '503'))
        await tell(db, add(db, '503'))
      })
      await expect(last).rejects.toThrow(/unique/i)
      const counted = store.write(async db => {
        await tell(db, add(db, '504'))
        const moved = db.updateTable('npa_versions').set({ version: 2 }).where('npa', '=', 'nowhere')
        await demand({ db, engine: store.engine }, moved, 1, () => new Error('nothing was moved'))
        await tell(db, add(db, '504'))
      })
      await expect(counted).rejects.toThrow('nothing was moved')
      expect(await npas(store)).toEqual([])
    })

    it('nobody reads what is not yet committed', async () => {
      await store.empty()
      const [hasStarted, start] = signal()
      const [hasSeen, see] = signal()
      const writing = store.write(async db => {
        await addNpa(db, '301')
        start()
        // on one connection the reader waits for this unit, which therefore cannot wait for it
        await (engine === 'postgres' ? hasSeen : new Promise(resolve => setTimeout(resolve, 20)))
      })
      await hasStarted
      const seen = await npas(store)
      see()
      await writing
      // engines with one connection let the reader wait for the commit; the other shows the state before it
      expect(seen).toEqual(engine === 'postgres' ? [] : ['301'])
      expect(await npas(store)).toEqual(['301'])
    })

    it('what is read aside is what has been committed, and a question that fails is the only one that fails', async () => {
      await store.empty()
      await store.write(db => addNpa(db, '401'))
      const count = () => store.readAside(db => db.selectFrom('npa_versions').selectAll().execute())
      expect(await count()).toEqual([{ npa: '401', version: 1 }])
      await expect(store.readAside(db => sql`SELECT 1 FROM nowhere`.execute(db))).rejects.toThrow('nowhere')
      await store.write(db => addNpa(db, '402'))
      expect(await count()).toHaveLength(2)
    })

    it('migrating again changes nothing', async () => {
      await store.migrate()
      expect(await store.isMigrated()).toBe(true)
    })

    it('the stored clock moves forward only, and for every process', async () => {
      await store.empty()
      let wall = 1_000_000
      const here = await openClock(store, () => wall)
      const there = await openClock(store, () => wall)
      await here.moveTo(5_000_000)
      wall += 1000
      expect(here.now()).toBe(5_001_000)
      await there.refresh()
      expect(there.now()).toBe(5_001_000)
      await expect(there.moveTo(4_000_000)).rejects.toMatchObject({ code: 'clock_backwards' })
    })
  })
}

describe.skipIf(!postgresIsHere)('postgres', () => {
  it('a unit is answered when its log is on the disk, although its locks went before', async () => {
    const { url, drop } = await freshStore('postgres')
    const store = await openStore(url.replace('synchronous_commit%3Doff', 'synchronous_commit%3Don'))
    for (let n = 0; n < 20; n++) {
      const written = await store.write(async db => {
        await addNpa(db, String(200 + n))
        const { rows } = await sql<{ lsn: string }>`SELECT pg_current_wal_insert_lsn() AS lsn`.execute(db)
        return rows[0]?.lsn
      })
      const isOnDisk = sql<{ is: boolean }>`SELECT pg_current_wal_flush_lsn() >= ${written}::pg_lsn AS is`
      expect((await store.read(db => isOnDisk.execute(db))).rows).toEqual([{ is: true }])
    }
    await store.close()
    await drop()
  })

  it('a unit that is over asks nothing more, whatever it still has to say', async () => {
    const { store, drop } = await freshStore('postgres', { connections: 1 })
    let left: Writer | undefined
    const failed = store.write(async db => {
      left = db
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await expect(addNpa(left as Writer, '601')).rejects.toThrow('over')
    expect(await npas(store)).toEqual([])
    await drop()
  })
})

describe('sqlite on disk', () => {
  it('C1: a disk that is full is a temporary fault of that unit alone, and is over when there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-store-'))
    const store = await openStore(`sqlite:${folder}/test.db`)
    await store.migrate()
    const limit = (pages: number) => store.write(db => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db))
    const fill = () =>
      store.write(db =>
        db
          .insertInto('npa_versions')
          .values({ npa: 'x'.repeat(1_000_000), version: 1 })
          .execute(),
      )
    await limit(1) // SQLite takes as many as there are
    await expect(fill()).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    await store.write(db => addNpa(db, '201'))
    await limit(1_000_000)
    await fill()
    expect(await npas(store)).toHaveLength(2)
    await store.close()
    rmSync(folder, { recursive: true })
  })

  it('another process that waits for the write lock is served what has been committed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-store-'))
    const one = await openStore(`sqlite:${folder}/test.db`)
    const two = await openStore(`sqlite:${folder}/test.db`)
    await Promise.all([one.migrate(), two.migrate()])
    const writes = Array.from({ length: 40 }, (_, i) => (i % 2 ? one : two).write(db => addNpa(db, String(200 + i))))
    await Promise.all(writes)
    expect(await npas(one)).toHaveLength(40)
    expect(await npas(two)).toHaveLength(40)
    await Promise.all([one.close(), two.close()])
    rmSync(folder, { recursive: true })
  })

  it('long questions are read aside, while others are answered, and closing waits for the answer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-store-'))
    const store = await openStore(`sqlite:${folder}/test.db`)
    await store.migrate()
    const counting = sql<{
      n: number
    }>`WITH RECURSIVE up (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up WHERE i < 5000000)
      SELECT count(*) AS n FROM up`
    const order: string[] = []
    const long = store
      .readAside(db => counting.execute(db))
      .then(({ rows }) => {
        order.push('long')
        return rows
      })
    const broken = store.readAside(db => sql`SELECT 1 FROM nowhere`.execute(db))
    const closed = expect(broken).rejects.toThrow('nowhere')
    await store.write(db => addNpa(db, '201'))
    expect(await npas(store)).toEqual(['201'])
    order.push('short')
    await store.close()
    await closed
    expect(await long).toEqual([{ n: 5_000_000 }])
    expect(order).toEqual(['short', 'long'])
    rmSync(folder, { recursive: true })
  })

  it('a process that closes it while its log is written back goes on until it is closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-store-'))
    const program = pathToFileURL(await programFile('core/store/open.ts'))
    const text = `
      const { sql } = await import(${JSON.stringify(import.meta.resolve('kysely'))})
      const { openStore } = await import(${JSON.stringify(String(program))})
      const store = await openStore(${JSON.stringify(`sqlite:${folder}/test.db`)})
      await store.migrate()
      await store.write(db => sql\`CREATE TABLE junk (t TEXT)\`.execute(db))
      for (let n = 0; n < 16; n++) {
        await store.write(db => sql\`INSERT INTO junk VALUES (hex(zeroblob(500000)))\`.execute(db))
      }
      await store.close()
      console.log('closed')`
    writeFileSync(`${folder}/closing.mjs`, text)
    // whether the log is still being written at that moment is a matter of luck
    for (let attempt = 0; attempt < 6; attempt++) {
      const { stdout } = await run(process.execPath, [`${folder}/closing.mjs`])
      expect(stdout).toBe('closed\n')
      rmSync(`${folder}/test.db`)
    }
    rmSync(folder, { recursive: true })
  })

  it('the log of the database begins anew although changes never stop coming', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-store-'))
    const store = await openStore(`sqlite:${folder}/test.db`)
    await store.migrate()
    const logBytes = () => statSync(`${folder}/test.db-wal`).size
    let [size, steady, units] = [0, 0, 0]
    // a log that begins anew is written over, and so does not grow
    while (steady < 200 && units < 10_000) {
      await store.write(db => addNpa(db, `n${units++}`))
      steady = logBytes() === size ? steady + 1 : 0
      size = logBytes()
    }
    expect(steady).toBe(200)
    expect(size).toBeLessThan(32_000_000) // half of what SQLite would let it grow to by itself
    expect(await npas(store)).toHaveLength(units)
    await store.close()
    const again = await openStore(`sqlite:${folder}/test.db`)
    expect(await npas(again)).toHaveLength(units)
    await again.close()
    rmSync(folder, { recursive: true })
  })
})
