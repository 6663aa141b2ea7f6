import { type Ask, withAdmin } from './admin-calls.ts'
import { type Shell, secretOf } from './shell.ts'
import { numberOf, part } from './told.ts'

export const listAccounts = (shell: Shell, flags: { json?: boolean }): Promise<void> =>
  withAdmin(shell, async ask => {
    const accounts = await everyAccount(ask)
    return flags.json ? accounts : table(accounts)
  })

interface AccountLine {
  id: number
  handle: string
  name: string
  currency: string
  role: string
  is_active: boolean
}

/** As many as one answer holds. */
const PAGE = 1000

async function everyAccount(ask: Ask): Promise<AccountLine[]> {
  const all: AccountLine[] = []
  for (;;) {
    const answer = await ask('GET', `/accounts?limit=${PAGE}&offset=${all.length}`)
    const accounts = answer.accounts as AccountLine[]
    all.push(...accounts)
    if (accounts.length < PAGE) return all
  }
}

/** Customers name accounts too: what they wrote must not steer a terminal. */
const plain = (text: string) => text.replace(/\p{Cc}/gu, ' ')

function table(accounts: readonly AccountLine[]): string {
  const cells = accounts.map(a => [
    String(a.id),
    a.handle,
    plain(a.name),
    a.currency,
    a.role,
    a.is_active ? '' : 'inactive',
  ])
  const rows = [['ID', 'HANDLE', 'NAME', 'CURRENCY', 'ROLE', ''], ...cells]
  const widths = [0, 1, 2, 3, 4, 5].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export interface CreateFlags {
  currency?: string
  parent?: string
  operator?: boolean
}

export const createAccount = (shell: Shell, name: string, flags: CreateFlags): Promise<void> =>
  withAdmin(shell, ask =>
    ask('POST', '/accounts', {
      name,
      currency: flags.currency,
      parent_id: numberOf('--parent', flags.parent),
      role: flags.operator ? 'operator' : undefined,
    }),
  )

export const topUp = (
  shell: Shell,
  id: string,
  amount: string,
  flags: { currency?: string; note?: string },
): Promise<void> =>
  withAdmin(shell, async ask => {
    const { currency } = await ask('GET', `/accounts/${part(id)}`)
    return ask('POST', `/accounts/${part(id)}/topups`, {
      currency: flags.currency ?? currency,
      amount,
      note: flags.note,
    })
  })

export interface CredentialFlags {
  kind?: string
  publicId?: string
  secretStdin?: boolean
  user?: string
  role?: string
  scope?: string[]
  name?: string
}

export const addCredential = (shell: Shell, id: string, realm: string, flags: CredentialFlags): Promise<void> =>
  withAdmin(shell, async ask =>
    ask('POST', `/accounts/${part(id)}/credentials`, {
      realm,
      kind: flags.kind,
      public_id: flags.publicId,
      secret: await secretOf(shell, flags.secretStdin),
      user_id: numberOf('--user', flags.user),
      role: flags.role,
      scopes: flags.scope,
      name: flags.name,
    }),
  )

export const addOrganization = (shell: Shell, id: string, domain: string): Promise<void> =>
  withAdmin(shell, ask => ask('POST', `/accounts/${part(id)}/organizations`, { domain }))

export interface UserFlags {
  authUsername?: string
  role?: string
  passwordStdin?: boolean
}

export const addUser = (shell: Shell, id: string, username: string, flags: UserFlags): Promise<void> =>
  withAdmin(shell, async ask =>
    ask('POST', `/accounts/${part(id)}/users`, {
      username,
      auth_username: flags.authUsername,
      role: flags.role,
      password: await secretOf(shell, flags.passwordStdin),
    }),
  )
