/** URLs with several hosts, as libpq reads them. */
import { createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createHosts, wrongWith } from '../../core/store/postgres-hosts.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { freePort } from '../support/process.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const PRIMARY = { isReadOnly: false, isStandby: false }
const STANDBY = { isReadOnly: true, isStandby: true }

/** What is tried, one after the other, until it would begin again. */
function urlsOf(url: string): string[] {
  const hosts = createHosts(url)
  return Array.from({ length: hosts.count }, () => {
    const now = hosts.now()
    hosts.passOver(now)
    return now
  })
}

describe('a URL with several hosts', () => {
  it('is one URL for each, with what is left of it', () => {
    const url =
      'postgres://u:p%40@h1:5432,[::1]:5433,h3/db?target_session_attrs=read-write&connect_timeout=3&sslmode=disable'
    expect(urlsOf(url)).toEqual([
      'postgres://u:p%40@h1:5432/db?sslmode=disable',
      'postgres://u:p%40@[::1]:5433/db?sslmode=disable',
      'postgres://u:p%40@h3/db?sslmode=disable',
    ])
    expect(createHosts(url).connectMs).toBe(3000)
  })

  it('with one host is what it was', () => {
    for (const url of [
      'postgres://u@h/db',
      'postgres:///db?host=%2Frun%2Fpg',
      'postgresql://h:1/db?options=-c%20a%3Db',
    ]) {
      expect(urlsOf(url).map(each => new URL(each).searchParams.toString())).toEqual([
        new URL(url).searchParams.toString(),
      ])
    }
  })

  it('stays with the host that was last of use', () => {
    const hosts = createHosts('postgres://h1,h2/db')
    const first = hosts.now()
    hosts.passOver(first)
    hosts.passOver(first) // whoever finds out later
    expect(hosts.now()).toBe('postgres://h2/db')
  })

  it.each([
    ['postgres://h1,h2/db', true, false],
    ['postgres://h1/db', true, true],
    ['postgres://h1/db?target_session_attrs=read-write', true, false],
    ['postgres://h1,h2/db?target_session_attrs=primary', true, false],
    ['postgres://h1,h2/db?target_session_attrs=any', true, true],
    ['postgres://h1,h2/db?target_session_attrs=standby', false, true],
    ['postgres://h1,h2/db?target_session_attrs=read-only', false, true],
  ])('%s', (url, primary, standby) => {
    const { suits } = createHosts(url)
    expect([suits(PRIMARY), suits(STANDBY)]).toEqual([primary, standby])
  })

  it.each([
    ['postgres://u:secret@h1,,h2/db', 'name its hosts'],
    ['postgres://u:secret@h1:0/db', 'name its hosts'],
    ['postgres://u:secret@h1:99999,h2/db', 'name its hosts'],
    ['postgres://u:secret@h1 h2/db', 'name its hosts'],
    [`postgres://u:secret@${Array.from({ length: 17 }, (_, i) => `h${i}`)}/db`, 'more than 16 hosts'],
    ['postgres://u:secret@h1/db?target_session_attrs=prefer-standby', 'one of any, read-write'],
    ['postgres://u:secret@h1/db?target_session_attrs=standby', 'can be written to'],
    ['postgres://u:secret@h1/db?connect_timeout=0', 'whole number of seconds'],
    ['postgres://u:secret@/db?host=h1,h2', 'before the database'],
  ])('%s is refused, and not repeated', (url, sentence) => {
    expect(wrongWith(url, true)).toContain(sentence)
    expect(wrongWith(url, true)).not.toContain('secret')
  })
})

/** Accepts connections and never says a word. */
async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => void sockets.add(socket.on('error', () => {})))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

describe.skipIf(!postgresIsHere)('a server among several', () => {
  const withHosts = (url: string, hosts: string) => url.replace('127.0.0.1:5432', hosts)

  it('is found behind one that refuses and one that says nothing, once and for all', async () => {
    const { url, drop } = await freshStore('postgres')
    closing.push(drop)
    const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${await silentServer()},127.0.0.1:5432`
    const store = await openStore(withHosts(`${url}&connect_timeout=1`, hosts), { connections: 3 })
    closing.push(() => store.close())
    expect(await store.isMigrated()).toBe(true)
    const began = performance.now()
    await Promise.all([1, 2, 3].map(() => store.read(db => sql`SELECT pg_sleep(0.05)`.execute(db))))
    expect(performance.now() - began).toBeLessThan(900)
  })

  it('is of no use where it can only be read: that is told as temporary', async () => {
    const { url, drop } = await freshStore('postgres')
    closing.push(drop)
    const options = new URL(url).searchParams.get('options') as string
    const readOnly = new URL(url)
    readOnly.searchParams.set('options', `${options} -c default_transaction_read_only=on`)
    const store = await openStore(withHosts(readOnly.href, '127.0.0.1:5432,127.0.0.1:5432'))
    closing.push(() => store.close())
    await expect(store.isMigrated()).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      message: expect.stringContaining('target_session_attrs'),
    })
  })
})
