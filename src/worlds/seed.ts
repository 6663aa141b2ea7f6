import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../../core/ground/fault.ts'
import type { Account } from '../../core/ground/model.ts'
import { parseMoney } from '../../core/ground/money.ts'
import type { Core, ImportRow, Realm } from '../../core/verbs.ts'
import { dialectModules } from '../dialects.ts'
import { errorCountOf, importCsv, openCsv } from '../files/import-csv.ts'
import { NUMBER_COLUMNS, OWNED_COLUMNS } from '../files/read-csv.ts'
import { makeCredential } from '../make-credential.ts'
import { parseWorld, type World, type WorldAccount, type WorldRow } from './world-file.ts'

/** How many bad lines of a file of numbers are named in the message. */
const NAMED_ERRORS = 5

interface Source {
  world: World
  /** Where the files that the world names lie; undefined when it came as a value. */
  folder: string | undefined
}

function refuse(message: string, field: string, cause?: unknown): Fault<'invalid_input'> {
  return new Fault('invalid_input', { issues: [{ field, problem: 'format', message }] }, { message, cause })
}

async function readWorld(path: string, realms: readonly Realm[] | undefined): Promise<Source> {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'world.json') : path
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)))
  } catch (error) {
    throw refuse(`Cannot read the world ${file}: ${(error as Error).message}`, file, error)
  }
  return { world: parseWorld(value, file, realms), folder: dirname(file) }
}

async function createPlaces(core: Core, places: NonNullable<World['places']>): Promise<void> {
  for (const { id, kind, parent, country, code, name, has_regions } of places) {
    await core.places.create({ id, kind, parentId: parent ?? null, country, code, name, hasRegions: has_regions })
  }
}

async function createDirectory(core: Core, accountId: number, account: WorldAccount): Promise<void> {
  for (const { id, domain, contact, users } of account.organizations ?? []) {
    const organization = await core.directory.createOrganization(null, { id, accountId, domain, contact })
    for (const { auth_username, sip_password, ...user } of users ?? []) {
      const names = { authUsername: auth_username, sipPassword: sip_password }
      await core.directory.createUser(null, { ...user, ...names, organizationId: organization.id })
    }
  }
}

async function applySwitches(core: Core, id: number, account: WorldAccount): Promise<void> {
  const change = (part: Parameters<Core['accounts']['update']>[2]) => core.accounts.update(null, id, part)
  if (account.default_organization) await change({ defaultOrganizationId: account.default_organization })
  if (account.default_user) await change({ defaultUserId: account.default_user })
  if (account.features_off) await change({ featuresOff: account.features_off })
  if (account.is_active === false) await change({ isActive: false })
  for (const [currency, text] of Object.entries(account.release_fees ?? {})) {
    await change({ releaseFee: { currency, amount: parseMoney(text) } })
  }
  for (const [currency, text] of Object.entries(account.credit_limits ?? {})) {
    await change({ creditLimit: { currency, amount: parseMoney(text) } })
  }
  for (const [country, days] of Object.entries(account.quarantine_days ?? {})) {
    await change({ quarantineDays: { country, days } })
  }
  for (const [country, days] of Object.entries(account.reclaim_days ?? {})) {
    await change({ reclaimDays: { country, days } })
  }
}

async function ownerOf(core: Core, id: number): Promise<Account> {
  const account = await core.accounts.get(id)
  if (!account) throw new Fault('not_found', { what: 'account', id: String(id) })
  return account
}

async function openAccess(core: Core, accountId: number, account: WorldAccount): Promise<void> {
  for (const { public_id, ...credential } of account.credentials ?? []) {
    const publicId = public_id === undefined ? {} : { publicId: public_id }
    await makeCredential(core, dialectModules, await ownerOf(core, accountId), { ...credential, ...publicId })
  }
  for (const [currency, text] of Object.entries(account.balances ?? {})) {
    const amount = parseMoney(text)
    if (amount > 0) await core.ledger.topUp(null, accountId, currency, amount, 'Opening balance')
  }
}

async function createTrunks(core: Core, accountId: number, account: WorldAccount): Promise<void> {
  if (!account.trunks) return
  const caller = core.accounts.callerFor(await ownerOf(core, accountId))
  for (const trunk of account.trunks) await core.trunks.create(caller, { ...trunk, accountId })
}

async function createProfiles(core: Core, accountId: number, account: WorldAccount): Promise<void> {
  for (const { data, ...profile } of account.company_profiles ?? []) {
    await core.companyProfiles.create(null, { ...profile, accountId, data: data ?? {} })
  }
}

async function createResources(core: Core, accountId: number, account: WorldAccount): Promise<void> {
  for (const { below, ...resource } of account.resources ?? []) {
    const { id: parentId } = await core.resources.create(null, { ...resource, accountId })
    for (const child of below ?? []) await core.resources.create(null, { ...child, accountId, parentId })
  }
}

/** Each account with all that hangs on it before the next one: an account below inherits its defaults. */
async function createAccount(core: Core, account: WorldAccount): Promise<void> {
  const { id, guid, handle, name, parent, currency, role, profile } = account
  const created = await core.accounts.create(null, {
    ...{ id, guid, handle, name, currency, role, profile },
    parentId: parent ?? null,
    identityVerified: account.identity_verified,
    allowUnauthenticated: account.allow_unauthenticated,
  })
  await createDirectory(core, created.id, account)
  await applySwitches(core, created.id, account)
  await openAccess(core, created.id, account)
  await createTrunks(core, created.id, account)
  await createProfiles(core, created.id, account)
  await createResources(core, created.id, account)
}

async function* rowsOf(rows: readonly WorldRow[], owned: boolean): AsyncGenerator<{ line: number; row: ImportRow }> {
  const names = owned ? [...NUMBER_COLUMNS, ...OWNED_COLUMNS] : NUMBER_COLUMNS
  for (const [index, row] of rows.entries()) {
    yield { line: index + 1, row: Object.fromEntries(names.map(name => [name, String(row[name] ?? '')])) }
  }
}

async function importNumbers(core: Core, numbers: string | readonly WorldRow[], owned: boolean, folder?: string) {
  const what = owned ? 'owned' : 'numbers'
  if (typeof numbers === 'string' && folder === undefined) {
    throw refuse(`The world names the file ${numbers}, but was not read from a folder`, what)
  }
  const options = { owned, keepGood: false }
  const report =
    typeof numbers === 'string'
      ? await importFile(core, join(folder ?? '', numbers), options)
      : await core.imports.run(rowsOf(numbers, owned), options)
  if (report.errors.length === 0) return
  const named = report.errors.slice(0, NAMED_ERRORS).map(({ line, message }) => `line ${line}: ${message}`)
  throw refuse(`The ${what} of the world have ${errorCountOf(report)} bad lines; ${named.join('; ')}`, what)
}

async function importFile(core: Core, path: string, options: Parameters<typeof importCsv>[2]) {
  try {
    return await importCsv(core, (await openCsv(path)).csv, options)
  } catch (error) {
    throw refuse(`Cannot take the numbers of the world from ${path}: ${(error as Error).message}`, path, error)
  }
}

/** Before anything is made: a world whose files are not there is told at once. */
function checkFiles({ numbers, owned }: World, folder: string | undefined): void {
  for (const name of [numbers, owned]) {
    if (typeof name !== 'string' || folder === undefined) continue
    const path = join(folder, name)
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true
    if (!isFile) throw refuse(`The world names ${path}, and there is no such file`, name)
  }
}

async function block(core: Core, e164: string, reason: string): Promise<void> {
  if (await core.numbers.find(e164)) await core.numbers.block(null, e164, reason)
  else throw refuse(`The world blocks ${e164}, and has no such number`, 'blocked')
}

/**
 * Fill an empty database with a world: a folder that holds `world.json`, one such file, or the value itself. Everything
 * goes through the core's own verbs. Faults: invalid_input (unreadable or wrong world, bad lines), and the verbs' own.
 */
export async function loadWorld(core: Core, source: string | World): Promise<void> {
  const realms = core.credentials.realms()
  const { world, folder } =
    typeof source === 'string'
      ? await readWorld(source, realms)
      : { world: parseWorld(source, 'world', realms), folder: undefined }
  checkFiles(world, folder)
  for (const [country, days] of Object.entries(world.quarantine_days ?? {})) {
    await core.policies.setQuarantineDays(days, country)
  }
  for (const [country, days] of Object.entries(world.reclaim_days ?? {})) {
    await core.policies.setReclaimDays(days, country)
  }
  await createPlaces(core, world.places ?? [])
  for (const account of world.accounts ?? []) await createAccount(core, account)
  if (world.numbers) await importNumbers(core, world.numbers, false, folder)
  if (world.owned) await importNumbers(core, world.owned, true, folder)
  for (const { e164, reason } of world.blocked ?? []) await block(core, e164, reason)
}
