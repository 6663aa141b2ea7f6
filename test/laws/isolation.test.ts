/**
 * Isolation as a property: whatever anybody asks in any dialect, no answer names and no call changes anything outside
 * the asker's account tree. Account trees and commands are drawn; the truth is read from the database.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import type { World, WorldAccount } from '../../src/worlds/world-file.ts'
import { account, CONTRACT_NUMBERS, contractWorld, credentialsOf } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

/** Ids long enough to be found in an answer by their digits alone: handles, guids and credentials contain them too. */
const FIRST_ID = 77_100_100
const MAX_ACCOUNTS = 8
const NUMBERS = CONTRACT_NUMBERS.slice(0, 5)

const guidOf = (id: number) => `00000000-0000-4000-9000-${String(id).padStart(12, '0')}`

/** Sub-accounts per main account. */
type Forest = number[]

function worldOf(forest: Forest): { world: World; ids: number[] } {
  const accounts: WorldAccount[] = []
  let next = FIRST_ID
  for (const subs of forest) {
    const main = next++
    accounts.push({ ...account(main, '12.00'), trunks: [{ guid: guidOf(main), name: `Trunk ${main}` }] })
    for (let i = 0; i < subs; i++) {
      const id = next++
      const { balances: _, company_profiles: __, ...own } = account(id, '0')
      accounts.push({ ...own, parent: main, trunks: [{ guid: guidOf(id), name: `Trunk ${id}` }] })
    }
  }
  return { world: { ...contractWorld, accounts }, ids: accounts.map(({ id }) => id as number) }
}

interface Command {
  who: number
  /** Whose thing is asked for, where something of an account is named. */
  whose: number
  number: number
  verb: string
  dialect: string
}

const DRIVER_VERBS = ['buy', 'release', 'owned', 'configure', 'configured', 'isAvailable'] as const

type Names = { me: string; their: string; e164: string; trunk: string }
type Raw = (names: Names) => [method: string, path: string, body?: object]

/** Everything the dialect with account trees can be asked, on anybody's path. */
const RAW: Record<string, Raw> = {
  list: ({ their }) => ['GET', `/Account/${their}/numbers`],
  inventory: ({ their }) => ['GET', `/Account/${their}/inventory/numbers`],
  purchase: ({ their, e164 }) => ['POST', `/Account/${their}/numbers/purchase-from-inventory`, { e164 }],
  releaseLater: ({ their, e164 }) => ['DELETE', `/Account/${their}/numbers/${e164}`],
  releaseNow: ({ their, e164 }) => ['DELETE', `/Account/${their}/numbers/${e164}?immediate=true`],
  releaseMine: ({ me, e164 }) => ['DELETE', `/Account/${me}/numbers/${e164}`],
  cancel: ({ their, e164 }) => ['POST', `/account/${their}/numbers/${e164}/cancel-release`],
  cancelMine: ({ me, e164 }) => ['POST', `/account/${me}/numbers/${e164}/cancel-release`],
  assign: ({ me, e164, trunk }) => ['POST', `/Account/${me}/numbers/${e164}/assign`, { trunk_group_id: trunk }],
  unassign: ({ their, e164 }) => ['DELETE', `/Account/${their}/numbers/${e164}/assign`],
  health: ({ me, e164 }) => ['GET', `/account/${me}/numbers/${e164}/health`],
  handOver: ({ me, their, e164 }) => [
    'POST',
    `/account/${me}/numbers/${e164}/assign-subaccount`,
    { sub_account_id: their },
  ],
  takeBack: ({ me, e164 }) => ['DELETE', `/account/${me}/numbers/${e164}/assign-subaccount`],
  force: ({ their, e164 }) => ['DELETE', `/account/${their}/numbers/${e164}/assign-subaccount?force=true`],
  subs: ({ their }) => ['GET', `/accounts/${their}/sub-accounts`],
  newSub: ({ their }) => ['POST', `/accounts/${their}/sub-accounts`, { name: 'New' }],
  readSub: ({ me, their }) => ['GET', `/accounts/${me}/sub-accounts/${their}`],
  changeSub: ({ me, their }) => ['PUT', `/accounts/${me}/sub-accounts/${their}`, { name: 'Changed' }],
  deleteSub: ({ me, their }) => ['DELETE', `/accounts/${me}/sub-accounts/${their}`],
  balance: ({ their }) => ['GET', `/Account/${their}/balance/USD`],
  transactions: ({ their }) => ['GET', `/Account/${their}/transactions`],
  account: () => ['GET', '/auth/me'],
  trunks: ({ their }) => ['GET', `/Account/${their}/trunks`],
  trunk: ({ me, trunk }) => ['GET', `/Account/${me}/trunks/${trunk}`],
  changeTrunk: ({ me, trunk }) => ['PUT', `/Account/${me}/trunks/${trunk}`, { name: 'Changed' }],
  deleteTrunk: ({ me, trunk }) => ['DELETE', `/Account/${me}/trunks/${trunk}`],
}

/** A sub-account sees the money of its parent, who pays, and with it what was paid for. */
const MONEY = new Set(['balance', 'transactions'])
const RAW_DIALECT = 'vobiz'

const index = (max: number) => fc.nat({ max: max - 1 })
const common = { who: index(MAX_ACCOUNTS), whose: index(MAX_ACCOUNTS), number: index(NUMBERS.length) }
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    ...common,
    verb: fc.constantFrom(...DRIVER_VERBS),
    dialect: fc.constantFrom(...dialectModules.map(({ name }) => name)),
  }),
  fc.record({ ...common, verb: fc.constantFrom(...Object.keys(RAW)), dialect: fc.constant(RAW_DIALECT) }),
)
const forest: fc.Arbitrary<Forest> = fc.array(fc.nat({ max: 2 }), { minLength: 2, maxLength: 3 })

const OF_ACCOUNTS = ['credentials', 'organizations', 'users', 'sip_addresses', 'trunks', 'orders', 'carts'] as const

interface Truth {
  /** Account id → what belongs to it, as text. */
  things: Map<number, string>
  money: Map<number, string>
  parents: Map<number, number | null>
  payers: Map<number, number>
  /** Numbers somebody holds now, and secrets of ownership. */
  held: { e164: string; owner: number; guid: string }[]
  /** Numbers each account ever held. */
  history: Map<number, Set<string>>
}

function byAccount<T>(rows: readonly T[], idOf: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) groups.set(idOf(row), [...(groups.get(idOf(row)) ?? []), row])
  return groups
}

async function readTruth({ store }: TestWorld): Promise<Truth> {
  return store.read(async db => {
    const accounts = await db.selectFrom('accounts').selectAll().orderBy('id').execute()
    const leases = await db
      .selectFrom('leases')
      .innerJoin('numbers', 'numbers.id', 'leases.number_id')
      .selectAll('leases')
      .select(['numbers.e164', 'numbers.state'])
      .orderBy('leases.id')
      .execute()
    const settings = await db.selectFrom('settings').selectAll().orderBy('lease_id').orderBy('dialect').execute()
    const routes = await db.selectFrom('routes').selectAll().orderBy('id').execute()
    const groups = await Promise.all(
      OF_ACCOUNTS.map(async table => {
        const rows = (await db.selectFrom(table).selectAll().execute()) as { account_id: number }[]
        const texts = rows.map(row => ({ account_id: row.account_id, text: JSON.stringify(row) }))
        return byAccount(
          texts.sort((a, b) => (a.text < b.text ? -1 : 1)),
          row => row.account_id,
        )
      }),
    )
    const ledger = [
      await db.selectFrom('balances').selectAll().orderBy('id').execute(),
      await db.selectFrom('transactions').selectAll().orderBy('id').execute(),
    ].map(rows => byAccount<{ account_id: number }>(rows, row => row.account_id))
    const own = byAccount(leases, row => row.account_id)
    const ofLease = (id: number) => [settings.filter(s => s.lease_id === id), routes.filter(r => r.lease_id === id)]
    const thingsOf = (row: (typeof accounts)[number]) => [
      row,
      (own.get(row.id) ?? []).map(lease => [lease, ofLease(lease.id)]),
      groups.map(group => group.get(row.id)),
    ]
    const open = leases.filter(lease => lease.closed_at === null)
    return {
      things: new Map(accounts.map(row => [row.id, JSON.stringify(thingsOf(row))])),
      money: new Map(accounts.map(row => [row.id, JSON.stringify(ledger.map(group => group.get(row.id)))])),
      parents: new Map(accounts.map(row => [row.id, row.parent_id])),
      payers: new Map(accounts.map(row => [row.id, row.payer_id])),
      held: open.map(({ e164, account_id, guid }) => ({ e164, owner: account_id, guid })),
      history: new Map(accounts.map(row => [row.id, new Set((own.get(row.id) ?? []).map(lease => lease.e164))])),
    }
  })
}

/** The asker and its sub-accounts. */
function treeOf({ parents }: Truth, id: number): Set<number> {
  return new Set([id, ...[...parents].flatMap(([child, parent]) => (parent === id ? [child] : []))])
}

/** Whose names an answer may hold. */
function namable(truth: Truth, id: number, { dialect, verb }: Command): Set<number> {
  if (dialect !== RAW_DIALECT) return new Set([id])
  const payer = truth.payers.get(id) as number
  return MONEY.has(verb) ? new Set([...treeOf(truth, payer), id]) : treeOf(truth, id)
}

interface Exchange {
  asked: string
  answered: string
}

function checkAnswers(truth: Truth, id: number, command: Command, exchanges: readonly Exchange[]): void {
  const may = namable(truth, id, command)
  const own = [...may].flatMap(each => [...(truth.history.get(each) ?? [])])
  for (const { asked, answered } of exchanges) {
    const says = (text: string) => answered.includes(text) && !asked.includes(text)
    for (const other of truth.parents.keys()) {
      if (!may.has(other) && says(String(other))) throw new Error(`account ${other} is named: ${asked}\n${answered}`)
    }
    for (const { e164, owner, guid } of truth.held) {
      const isHistory = MONEY.has(command.verb) && own.includes(e164)
      if (may.has(owner) || isHistory) continue
      if (says(e164.slice(1)) || says(guid)) throw new Error(`${e164} of ${owner} is named: ${asked}\n${answered}`)
    }
  }
}

function checkChanges(before: Truth, after: Truth, id: number): void {
  const may = treeOf(before, id)
  const payer = before.payers.get(id) as number
  for (const [other, things] of before.things) {
    if (!may.has(other)) expect(after.things.get(other), `things of ${other}, changed by ${id}`).toBe(things)
    if (other !== payer)
      expect(after.money.get(other), `money of ${other}, moved by ${id}`).toBe(before.money.get(other))
  }
}

const requestText = async (request: Request) => `${request.method} ${request.url} ${await request.clone().text()}`

/** What the command asks, as its client would; every exchange is kept. */
function clientOf(w: TestWorld, ids: readonly number[], { who, whose, number, dialect, verb }: Command) {
  const id = ids[who % ids.length] as number
  const other = ids[whose % ids.length] as number
  const e164 = NUMBERS[number] as string
  const exchanges: Exchange[] = []
  const send = async (request: Request) => {
    const asked = await requestText(request)
    const response = await w.send(request)
    exchanges.push({ asked, answered: `${JSON.stringify([...response.headers])} ${await response.clone().text()}` })
    if (response.status >= 500 && w.answered.at(-1)?.cause) throw w.answered.at(-1)?.cause
    return response
  }
  const raw = async (make: Raw) => {
    const handle = (account: number) => `MA_TEST${account}`
    const names = { me: handle(id), their: handle(other), e164: encodeURIComponent(e164), trunk: guidOf(other) }
    const [method, path, body] = make(names)
    const headers = { 'x-auth-id': handle(id), 'x-auth-token': `vobiz-${id}` }
    await send(
      new Request(`${w.base(RAW_DIALECT)}/api/v1${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      }),
    )
  }
  const driven = async () => {
    const module = dialectModules.find(each => each.name === dialect) as (typeof dialectModules)[number]
    const credentials = credentialsOf(id)[dialect] as Record<string, string>
    const driver = module.driver.create({ send, base: w.base(dialect), credentials })
    const text = `Text of ${id}`
    const run = verb === 'configure' ? driver.configure(e164, text) : driver[verb as 'buy'](e164)
    // a removed sub-account cannot even list: drivers throw then
    return run.catch((error: Error) => error)
  }
  return { id, exchanges, run: () => (verb in RAW ? raw(RAW[verb] as Raw) : driven()) }
}

for (const engine of engines()) {
  describe(`isolation on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    afterAll(() => worlds.drop())

    const runs = engine === 'sqlite' ? 24 : 5
    it(`holds over ${runs} drawn forests of accounts`, async () => {
      let changes = 0
      let named = 0
      const property = fc.asyncProperty(
        forest,
        fc.array(command, { minLength: 20, maxLength: 50 }),
        async (shape, commands) => {
          const { world, ids } = worldOf(shape)
          const w = await worlds.open(world)
          let before = await readTruth(w)
          for (const each of commands) {
            const { id, exchanges, run } = clientOf(w, ids, each)
            await run()
            const after = await readTruth(w)
            checkAnswers(before, id, each, exchanges)
            checkChanges(before, after, id)
            changes += before.things.get(id) === after.things.get(id) ? 0 : 1
            named += exchanges.filter(({ answered }) => /\d{11}/.test(answered)).length
            before = after
          }
          expect(await w.core.invariants()).toMatchObject({ ok: true })
        },
      )
      await fc.assert(property, { numRuns: runs, seed: 2026 })
      // it would hold of a gateway that does nothing, too
      expect(changes).toBeGreaterThan(runs)
      expect(named).toBeGreaterThan(runs)
    })
  })
}
