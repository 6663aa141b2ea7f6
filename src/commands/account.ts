import { createAdmin } from '../admin/admin.ts'
import type { AdminApp } from '../admin/context.ts'
import type { Config } from '../config/config.ts'
import { dialectModules } from '../dialects.ts'
import { createLog } from '../logs/log.ts'
import { createMetrics } from '../process/metrics.ts'
import { configOf, type Shell, withDatabase } from './shared.ts'

// These commands are calls of the admin plane inside this process: same checks, same answers, same audit.

const ADMIN = 'http://localhost/admin/v1'
const LOOPBACK = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }

type Ask = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>

async function withAdmin(shell: Shell, work: (ask: Ask) => Promise<unknown>): Promise<void> {
  const config = configOf(shell, false)
  await withDatabase(shell, config, async ({ core }) => {
    const app = createAdmin({
      ...{ core, mode: config.mode, token: undefined, metrics: createMetrics(), log: createLog('error') },
      dialects: dialectModules.map(({ name }) => name),
      dataPlane: config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${config.host}:${config.port}`,
      whyNotReady: async () => undefined,
      reset: () => notHere(config),
    })
    const answer = await work((method, path, body) => call(app, method, path, body))
    shell.out(`${typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2)}\n`)
  })
}

async function notHere({ mode }: Config): Promise<never> {
  throw new Error(`nothing is reset from here (${mode} mode)`)
}

async function call(app: AdminApp, method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const json = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: json }
  const response = await app.request(ADMIN + path, init, LOOPBACK)
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error((answer as { error: { message: string } }).error.message)
  return answer
}

export const listAccounts = (shell: Shell, flags: { json?: boolean }): Promise<void> =>
  withAdmin(shell, async ask => {
    const { accounts } = await ask('GET', '/accounts?limit=1000')
    return flags.json ? accounts : table(accounts as AccountLine[])
  })

interface AccountLine {
  id: number
  handle: string
  name: string
  currency: string
  role: string
  is_active: boolean
}

function table(accounts: readonly AccountLine[]): string {
  const cells = accounts.map(a => [String(a.id), a.handle, a.name, a.currency, a.role, a.is_active ? '' : 'inactive'])
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
      parent_id: flags.parent === undefined ? undefined : Number(flags.parent),
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
    const { currency } = await ask('GET', `/accounts/${id}`)
    return ask('POST', `/accounts/${id}/topups`, { currency: flags.currency ?? currency, amount, note: flags.note })
  })

export interface CredentialFlags {
  kind?: string
  publicId?: string
  secret?: string
  user?: string
  role?: string
  scope?: string[]
  name?: string
}

export const addCredential = (shell: Shell, id: string, realm: string, flags: CredentialFlags): Promise<void> =>
  withAdmin(shell, ask =>
    ask('POST', `/accounts/${id}/credentials`, {
      realm,
      kind: flags.kind,
      public_id: flags.publicId,
      secret: flags.secret,
      user_id: flags.user === undefined ? undefined : Number(flags.user),
      role: flags.role,
      scopes: flags.scope,
      name: flags.name,
    }),
  )

export const addOrganization = (shell: Shell, id: string, domain: string): Promise<void> =>
  withAdmin(shell, ask => ask('POST', `/accounts/${id}/organizations`, { domain }))

export interface UserFlags {
  authUsername?: string
  role?: string
  password?: string
}

export const addUser = (shell: Shell, id: string, username: string, flags: UserFlags): Promise<void> =>
  withAdmin(shell, ask =>
    ask('POST', `/accounts/${id}/users`, {
      username,
      auth_username: flags.authUsername,
      role: flags.role,
      password: flags.password,
    }),
  )

/** `account` is asked for with each, so that a mistyped id of another account's is no accident. */
const of = (account: string, noun: string, id: string) => `/accounts/${account}/${noun}/${id}`

export const rotateCredential = (shell: Shell, account: string, id: string, flags: { secret?: string }) =>
  withAdmin(shell, ask => ask('POST', `${of(account, 'credentials', id)}/rotate`, { secret: flags.secret }))

export const revokeCredential = (shell: Shell, account: string, id: string): Promise<void> =>
  withAdmin(shell, ask => ask('DELETE', of(account, 'credentials', id)))

export const setPassword = (shell: Shell, account: string, user: string, flags: { password?: string }) =>
  withAdmin(shell, ask => ask('POST', `${of(account, 'users', user)}/password`, { password: flags.password }))

export const enableUser = (shell: Shell, account: string, user: string, is_enabled: boolean): Promise<void> =>
  withAdmin(shell, ask => ask('PATCH', of(account, 'users', user), { is_enabled }))

export const listSessions = (shell: Shell, account: string): Promise<void> =>
  withAdmin(shell, ask => ask('GET', `/accounts/${account}/sessions?limit=1000`))

export const endSession = (shell: Shell, account: string, session: string): Promise<void> =>
  withAdmin(shell, ask => ask('DELETE', of(account, 'sessions', session)))
