/** Where the name of a receiver leads. */

import type { LookupAddress } from 'node:dns'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createResolver, guardedLookup, type Resolve, type Sources } from '../../src/callbacks/lookup.ts'
import { LOOPBACK } from '../support/callbacks.ts'
import { openNameServer } from '../support/name-server.ts'

const V4 = { address: '192.0.2.1', family: 4 }
const OTHER = { address: '192.0.2.2', family: 4 }
const V6 = { address: '2001:db8::1', family: 6 }
const SYSTEM = { address: '192.0.2.99', family: 4 }
const HOSTS = `# 192.0.2.50 remarked.example
192.0.2.51\tPrinter.Example  printer # 192.0.2.52 or late.example
2001:db8::51 printer.example

192.0.2.53 printers.example
  192.0.2.54   indented.example`
const never = new AbortController().signal

let server: Awaited<ReturnType<typeof openNameServer>>
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'didgate-names-'))
  writeFileSync(join(folder, 'hosts'), HOSTS)
  server = await openNameServer({
    'two.example': { v4: ['192.0.2.1', '192.0.2.2'], v6: ['2001:db8:0:0:0:0:0:1'] },
    'old.example': { v4: ['192.0.2.1'] },
    'new.example': { v6: ['2001:db8:0:0:0:0:0:1'] },
    'trouble.example': 'trouble',
    'silent.example': 'silent',
  })
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

/** Which name servers and the system know different addresses of. */
function resolver(more: Sources = {}) {
  const system: string[] = []
  const ask: Sources['system'] = async (hostname, { all }) => {
    system.push(hostname)
    return all ? [SYSTEM] : []
  }
  const { servers } = server
  const resolve = createResolver({ servers, hostsFile: join(folder, 'hosts'), system: ask, ...more })
  return { system, find: (name: string, signal = never) => resolve(name, signal) }
}

describe("a receiver's name", () => {
  it.each([
    ['two.example', [V4, OTHER, V6]],
    ['TWO.example.', [V4, OTHER, V6]],
    ['old.example', [V4]],
    ['new.example', [V6]],
  ])('%s has all addresses of both families that the name servers know', async (name, addresses) => {
    const { find, system } = resolver()
    expect(await find(name)).toEqual(addresses)
    expect(system).toEqual([])
  })

  it("the machine's own names are found in its file, in any case, and nobody is asked", async () => {
    const { find, system } = resolver()
    const before = server.asked.length
    const own = [
      { address: '192.0.2.51', family: 4 },
      { address: '2001:db8::51', family: 6 },
    ]
    expect(await find('PRINTER.example')).toEqual(own)
    expect(await find('printer')).toEqual(own.slice(0, 1))
    expect(await find('indented.example')).toEqual([{ address: '192.0.2.54', family: 4 }])
    expect([server.asked.length, system]).toEqual([before, []])
    for (const name of ['remarked.example', 'late.example']) expect(await find(name)).toEqual([SYSTEM])
    expect(await resolver({ hostsFile: join(folder, 'none') }).find('printer')).toEqual([SYSTEM])
  })

  it('the system is asked for short names, and for those that no name server knows', async () => {
    const { find, system } = resolver()
    const before = server.asked.length
    expect(await find('intranet')).toEqual([SYSTEM])
    expect(server.asked).toHaveLength(before)
    expect(await find('nowhere.example')).toEqual([SYSTEM])
    expect(system).toEqual(['intranet', 'nowhere.example'])
    await expect(createResolver({ servers: server.servers })('nowhere.invalid', never)).rejects.toThrow('ENOTFOUND')
  })

  it('the system is not asked for what a name server was in trouble with, nor for what was given up', async () => {
    const { find, system } = resolver()
    await expect(find('trouble.example')).rejects.toMatchObject({ code: 'ESERVFAIL' })
    const cut = new AbortController()
    const before = server.asked.length
    const given = expect(find('silent.example', cut.signal)).rejects.toMatchObject({ code: 'ECANCELLED' })
    await expect.poll(() => server.asked.length).toBe(before + 2)
    cut.abort()
    await given
    expect(system).toEqual([])
  })

  it('at most two names are asked of the system at once, and what was given up is not asked at all', async () => {
    const asked: string[] = []
    let [open, most] = [0, 0]
    let answer = () => {}
    const answered = new Promise<void>(resolve => {
      answer = resolve
    })
    const system = async (hostname: string) => {
      asked.push(hostname)
      most = Math.max(most, ++open)
      await answered
      open--
      if (hostname === 'a') throw new Error('no')
      return [SYSTEM]
    }
    const { find } = resolver({ system })
    const first = Promise.allSettled(['a', 'b'].map(name => find(name)))
    await expect.poll(() => asked.length).toBe(2)
    // read behind the others' names, so that they have come as far as they can
    const settled = () => find('printer')
    const given = Promise.allSettled(['c', 'c', 'c', 'c'].map(name => find(name, AbortSignal.abort())))
    await settled()
    const rest = Promise.all(['d', 'e', 'f'].map(name => find(name)))
    await settled()
    answer()
    const found = { status: 'fulfilled', value: [SYSTEM] }
    const failed = (message: string) => ({ status: 'rejected', reason: expect.objectContaining({ message }) })
    expect(await first).toEqual([failed('no'), found])
    expect(await given).toEqual(Array(4).fill(failed('given up')))
    expect(await rest).toEqual(Array(3).fill([SYSTEM]))
    expect([asked.toSorted(), most]).toEqual([['a', 'b', 'd', 'e', 'f'], 2])
    expect(await find('g')).toEqual([SYSTEM])
  })
})

describe('what is connected to', () => {
  const local = { address: '127.0.0.1', family: 4 }
  const look = (resolve: Resolve, all: boolean) =>
    new Promise<[address: string | LookupAddress[], family: number | undefined]>((done, fail) =>
      guardedLookup(LOOPBACK, resolve, never)('name.example', { all }, (error, address, family) =>
        error ? fail(error) : done([address, family]),
      ),
    )

  it('is what the name leads to, all of it or the first, as it is asked for', async () => {
    const both = async () => [local, { address: '::1', family: 6 }]
    expect(await look(both, true)).toEqual([await both(), undefined])
    expect(await look(both, false)).toEqual(['127.0.0.1', 4])
  })

  it('is nothing where a name has no address, or a forbidden one, or is not found', async () => {
    await expect(look(async () => [], true)).rejects.toThrow('name.example has no address')
    const private_ = async () => [local, { address: '10.0.0.1', family: 4 }]
    await expect(look(private_, false)).rejects.toMatchObject({ code: 'DIDGATE_REFUSED_TARGET' })
    await expect(look(() => Promise.reject(new Error('away')), true)).rejects.toThrow('away')
  })
})
