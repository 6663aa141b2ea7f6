/** What one process knows of callers ends at once when another changes it. */
import { afterEach, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { createAccessCache } from '../../core/ground/access-cache.ts'
import { openStore } from '../../core/store/open.ts'
import type { Reader, Store } from '../../core/store/store.ts'
import type { Core } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'

const coreOver = (store: Store) => createCore({ store, clock: { now: () => Date.UTC(2026, 5, 1) }, key: 'test' })

let close: () => Promise<void> = async () => {}
afterEach(async () => {
  await close()
  close = async () => {}
})

/** Two processes as far as caches go: each core keeps its own; on PostgreSQL each has its own connections too. */
async function twoCores(engine: ReturnType<typeof engines>[number]): Promise<[Core, Core]> {
  const { store, url, drop } = await freshStore(engine)
  const second = engine === 'postgres' ? await openStore(url) : store
  close = async () => {
    if (second !== store) await second.close()
    await drop()
  }
  return [coreOver(store), coreOver(second)]
}

it.each(
  engines(),
)('credentials, sessions and tokens are refused once they are revoked elsewhere, on %s', async engine => {
  const [here, elsewhere] = await twoCores(engine)
  const account = await here.accounts.create(null, { name: 'Acme', handle: 'MA_1', currency: 'USD' })
  const organization = await here.directory.createOrganization(null, { accountId: account.id, domain: 'a.example' })
  const user = {
    organizationId: organization.id,
    username: 'ann',
    authUsername: 'ann',
    role: 'account_admin',
  } as const
  await here.directory.createUser(null, { ...user, password: 'right' })
  const { credential } = await here.credentials.create(null, {
    accountId: account.id,
    realm: 'r',
    kind: 'key_pair',
    publicId: 'id',
    secret: 's',
  })
  const { token: session } = await here.sessions.login('portal-test', 'ann', 'right')
  const token = here.tokens.issue('r', credential, 60_000)

  for (let time = 0; time < 2; time++) {
    expect((await here.credentials.verifyPair('r', 'id', 's'))?.caller.account.id).toBe(account.id)
    expect(await here.credentials.verifyPair('r', 'id', 'wrong')).toBeUndefined()
    expect((await here.sessions.resolve('portal-test', session))?.account.name).toBe('Acme')
    expect((await here.sessions.check('portal-test', 'ann', 'right')).account.id).toBe(account.id)
    expect(await here.tokens.verify('r', token)).toMatchObject({ credential: { id: credential.id } })
  }

  await elsewhere.accounts.update(null, account.id, { featuresOff: ['numbers'] })
  expect((await here.credentials.verifyPair('r', 'id', 's'))?.caller.account.featuresOff).toEqual(['numbers'])
  expect((await here.sessions.resolve('portal-test', session))?.account.featuresOff).toEqual(['numbers'])

  const portal = (await elsewhere.credentials.list(account.id)).find(each => each.realm === 'portal')
  await elsewhere.credentials.revoke(null, credential.id)
  await elsewhere.credentials.revoke(null, portal?.id ?? 0)
  expect(await here.credentials.verifyPair('r', 'id', 's')).toBeUndefined()
  expect(await here.tokens.verify('r', token)).toBe('invalid')
  await expect(here.sessions.check('portal-test', 'ann', 'right')).rejects.toMatchObject({ code: 'login_failed' })
})

it.each(engines())('emptying the database ends what was known, on %s', async engine => {
  const { store, drop } = await freshStore(engine)
  close = drop
  const core = coreOver(store)
  const account = await core.accounts.create(null, { name: 'Acme', handle: 'MA_1', currency: 'USD' })
  await core.credentials.create(null, { accountId: account.id, realm: 'r', kind: 'key', secret: 's' })
  expect(await core.credentials.verifyKey('r', 's')).toBeDefined()
  await store.empty()
  expect(await core.credentials.verifyKey('r', 's')).toBeUndefined()
})

it('what is known of a caller is looked up once, until anything changes anywhere, and no more is kept than has room', async () => {
  let version = 1
  const db = { executeQuery: async () => ({ rows: [{ version }] }) } as unknown as Reader
  const cache = createAccessCache()
  const loaded: string[] = []
  const ask = (key: string, found: object | undefined = { key }) =>
    cache.remember(db, key, async () => {
      loaded.push(key)
      return found
    })
  expect([await ask('ann'), await ask('ann'), await ask('bob')]).toEqual([
    { key: 'ann' },
    { key: 'ann' },
    { key: 'bob' },
  ])
  expect(Object.isFrozen(await ask('ann'))).toBe(true)
  expect(loaded).toEqual(['ann', 'bob'])
  version = 2
  for (let time = 0; time < 2; time++) await ask('ann')
  for (let time = 0; time < 2; time++)
    expect(await cache.remember(db, 'nobody', async () => void loaded.push('nobody'))).toBeUndefined()
  expect(loaded.splice(0)).toEqual(['ann', 'bob', 'ann', 'nobody', 'nobody'])
  for (let n = 1; n < 19_999; n++) await ask(`user ${n}`)
  loaded.length = 0
  expect([await ask('ann'), loaded.length]).toEqual([{ key: 'ann' }, 0])
  await ask('the last that has room')
  await ask('ann')
  expect(loaded).toEqual(['the last that has room', 'ann'])
})
