import { isIPv4 } from 'node:net'
import * as v from 'valibot'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import type { RetentionDays } from '../../core/verbs.ts'
import type { Tls } from '../http/certificates.ts'
import type { Sizes } from '../limits/refuse.ts'
import { checkTogether } from './config-rules.ts'
import { type Environment, environmentSchema, type Settings } from './config-schema.ts'
import { demoWorldFolder } from './package-files.ts'
import { withSecretFiles } from './secret-files.ts'

export type { Environment } from './config-schema.ts'
export type Mode = 'double' | 'production'

/** Everything the host needs to know, checked. */
export interface Config {
  mode: Mode
  host: string
  port: number
  /** Origin, with path if any, without trailing slash, for absolute links. */
  publicUrl: string | undefined
  trustProxy: boolean
  dialectPorts: readonly { dialect: string; port: number }[]
  tls: Tls | undefined
  admin: { host: string; port: number; token: string | undefined; tls: Tls | undefined }
  databaseUrl: string
  /** A server that follows it, and how late it may be. */
  replica: { url: string; lagMs: number } | undefined
  /** PostgreSQL: how long a start waits for it, and how long one statement may take. */
  databaseWaitMs: number
  databaseTimeoutMs: number
  /** The world an empty database starts with; undefined: none. */
  seed: string | undefined
  /** Undefined: one is generated and kept beside the database. */
  key: string | undefined
  /** The one before it: what that sealed is sealed anew. */
  oldKey?: string | undefined
  logLevel: string
  sessionTtlMs: number | undefined
  /** How long what is over is kept, in days. */
  retention: RetentionDays
  /** Private networks that callbacks may go to. */
  callbackNetworks: readonly string[] | undefined
  /** Against floods; undefined: none. */
  limits: Sizes | undefined
  /** Exchanges that the journal keeps; 0: none. */
  journal: number
  /** Double mode: how many spaces at once, and what they and all snapshots may take. */
  spaces: { limit: number; megabytes: number }
}

export interface ConfigContext {
  /** Names of the register, for DIALECT_PORTS; undefined: it is not loaded, and none is asked for. */
  dialects: readonly string[] | undefined
  /** Only what serves needs an admin token and free ports. */
  serving: boolean
}

export type ConfigResult = { config: Config; problems: [] } | { config: undefined; problems: string[] }

/** Every mistake is listed, one line each, so that nobody fixes them one start at a time. */
export function readConfig(env: Environment, context: ConfigContext): ConfigResult {
  const given = withSecretFiles(withoutEmpty(env))
  const parsed = v.safeParse(environmentSchema(context.dialects), given.env, { message: issueWords })
  const own = [
    ...given.problems,
    ...(parsed.issues ?? []).map(issue => `${issue.path?.[0]?.key ?? 'environment'}: ${issue.message}`),
  ]
  // a variable with a mistake of its own is still there as it came, or not at all: once is enough
  const named = new Set(own.map(variableOf))
  const together = checkTogether(parsed.output as Partial<Settings>, context.serving)
  const problems = [...own, ...together.filter(problem => !named.has(variableOf(problem)))]
  if (!parsed.success || problems.length > 0) return { config: undefined, problems }
  return { config: configOf(parsed.output), problems: [] }
}

/** What a mistake is about, by the file that holds it or not. */
const variableOf = (problem: string) => (problem.split(':')[0] ?? '').replace(/_FILE$/, '')

/** Compose files pass unset variables on as empty text. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
}

function configOf(settings: Settings): Config {
  const { DATABASE_READ_URL: replica } = settings
  return {
    mode: settings.DIDGATE_MODE,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    trustProxy: settings.TRUST_PROXY,
    dialectPorts: settings.DIALECT_PORTS,
    tls: tlsOf(settings.TLS_CERT, settings.TLS_KEY),
    admin: adminOf(settings),
    databaseUrl: settings.DATABASE_URL,
    replica: replica === undefined ? undefined : { url: replica, lagMs: settings.DATABASE_READ_LAG * 1000 },
    databaseWaitMs: settings.DATABASE_WAIT * 1000,
    databaseTimeoutMs: settings.DATABASE_TIMEOUT * 1000,
    seed: seedOf(settings),
    key: settings.DIDGATE_KEY,
    oldKey: settings.DIDGATE_KEY_OLD,
    logLevel: settings.LOG_LEVEL,
    sessionTtlMs: settings.SESSION_TTL === undefined ? undefined : settings.SESSION_TTL * 1000,
    retention: {
      ended: settings.RETENTION_ENDED,
      idempotency: settings.RETENTION_IDEMPOTENCY,
      callbacks: settings.RETENTION_CALLBACKS,
      carts: settings.RETENTION_CARTS,
      imports: settings.RETENTION_IMPORTS,
    },
    callbackNetworks: settings.CALLBACK_ALLOW_NETWORKS,
    limits: limitsOf(settings),
    journal: settings.DIDGATE_JOURNAL ?? (settings.DIDGATE_MODE === 'production' ? 0 : 1_000),
    spaces: { limit: settings.SPACES_LIMIT, megabytes: settings.SPACES_MEGABYTES },
  }
}

/** What goes over a network is not told to everybody on the way; on this machine it is as plain as it ever was. */
function adminOf(settings: Settings): Config['admin'] {
  const { ADMIN_HOST: host, ADMIN_PORT: port, DIDGATE_ADMIN_TOKEN: token } = settings
  const own = tlsOf(settings.ADMIN_TLS_CERT, settings.ADMIN_TLS_KEY)
  return { host, port, token, tls: own ?? (isHere(host) ? undefined : tlsOf(settings.TLS_CERT, settings.TLS_KEY)) }
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function tlsOf(cert: Settings['TLS_CERT'], key: Settings['TLS_KEY']): Tls | undefined {
  if (!cert || !key) return undefined
  return { cert: cert.text, key: key.text, files: { cert: cert.file, key: key.file } }
}

function limitsOf(settings: Settings): Sizes | undefined {
  if (!(settings.LIMITS ?? settings.DIDGATE_MODE === 'production')) return undefined
  const { LIMIT_ADDRESS: address, LIMIT_CREDENTIAL: credential, LIMIT_WRONG_CREDENTIALS } = settings
  return { address, credential, wrong_credentials: LIMIT_WRONG_CREDENTIALS }
}

function seedOf(settings: Settings): string | undefined {
  if (settings.DIDGATE_SEED === 'none') return undefined
  return settings.DIDGATE_SEED ?? (settings.DIDGATE_MODE === 'double' ? demoWorldFolder() : undefined)
}
