import { existsSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { networkOf } from '../../adapters/kit/callback-url.ts'
import { wrongWith } from '../../core/store/postgres-hosts.ts'
import { DEFAULT_RETENTION } from '../../core/upkeep/index.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const MAX_PORT = 65_535
const port = v.pipe(
  v.string(),
  v.check(text => /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT, quoting('must be a port number, 0 to 65535')),
  v.transform(Number),
)

const host = v.pipe(v.string(), v.regex(/^[\w.:-]+$/, quoting('must be a host name or an IP address')))

const yesOrNo = v.pipe(
  v.string(),
  v.regex(/^(1|true|yes|on|0|false|no|off)$/i, quoting('must be true or false')),
  v.transform(text => /^(1|true|yes|on)$/i.test(text)),
)

const publicUrl = v.pipe(
  v.string(),
  v.check(isOrigin, quoting('must be an http:// or https:// URL without query')),
  v.transform(text => text.replace(/\/+$/, '')),
)

/** Read at start, so that a wrong path is a mistake of the configuration and not of the first client. To file and text. */
const pemFile = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const text = readable(dataset.value)
    if (text?.includes('-----BEGIN ')) return { file: dataset.value, text }
    addIssue({ message: text === undefined ? `cannot read ${dataset.value}` : `${dataset.value} is not a PEM file` })
    return NEVER
  }),
)

/** A database URL may hold a password: it is never repeated. */
const databaseUrlThat = (wrong: (url: string) => string | undefined) =>
  v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? wrong(dataset.value) : undefined
      if (message !== undefined) addIssue({ message })
    }),
  )

const databaseUrl = databaseUrlThat(url => {
  if (/^sqlite:.+$/.test(url)) return undefined
  if (/^postgres(ql)?:\/\/.+$/.test(url)) return wrongWith(url, true)
  return 'must be sqlite:PATH, sqlite::memory: or postgres://…'
})

const replicaUrl = databaseUrlThat(url => wrongWith(url, false))

const seed = v.pipe(
  v.string(),
  v.check(text => text === 'none' || existsSync(text), quoting('must be "none" or an existing file or folder')),
)

const key = v.pipe(
  v.string(),
  v.minLength(16, 'must have 16 characters or more (openssl rand -hex 32 makes a good one)'),
)

const seconds = v.pipe(
  v.string(),
  v.check(text => /^[1-9]\d{0,8}$/.test(text), quoting('must be a whole number of seconds, 1 or more')),
  v.transform(Number),
)

const MAX_NETWORKS = 100

/** Private networks of an operator, by name: a prefix of nothing would allow every address. */
const networks = v.pipe(
  v.string(),
  v.transform(text => text.split(',').map(part => part.trim())),
  v.transform(parts => parts.filter(part => part !== '')),
  v.maxLength(MAX_NETWORKS, `must be ${MAX_NETWORKS} networks at most`),
  v.array(
    v.pipe(
      v.string(),
      v.check(
        text => (networkOf(text)?.[1] ?? 0) > 0,
        quoting('must be networks such as 172.16.0.0/12 or fd00::/8, separated by commas'),
      ),
    ),
  ),
)
const whole = (least: number, most: number, unit = '') =>
  v.pipe(
    v.string(),
    v.check(
      text => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      quoting(`must be a whole number${unit}, ${least} to ${most}`),
    ),
    v.transform(Number),
  )

/** A hundred years are for ever. */
const days = (usual: number) => v.optional(whole(1, 36_500, ' of days'), String(usual))

const MOST_REQUESTS = 1_000_000

/** Every variable of the environment that didgate reads. */
export function environmentSchema(dialects: readonly string[] | undefined) {
  return v.object({
    HOST: v.optional(host, '127.0.0.1'),
    PORT: v.optional(port, '8080'),
    PUBLIC_URL: v.optional(publicUrl),
    TRUST_PROXY: v.optional(yesOrNo, 'false'),
    DIALECT_PORTS: v.optional(dialectPorts(dialects), ''),
    TLS_CERT: v.optional(pemFile),
    TLS_KEY: v.optional(pemFile),
    ADMIN_HOST: v.optional(host, '127.0.0.1'),
    ADMIN_PORT: v.optional(port, '8081'),
    ADMIN_TLS_CERT: v.optional(pemFile),
    ADMIN_TLS_KEY: v.optional(pemFile),
    DIDGATE_ADMIN_TOKEN: v.optional(v.string()),
    DATABASE_URL: v.optional(databaseUrl, 'sqlite:./data/didgate.db'),
    DATABASE_READ_URL: v.optional(replicaUrl),
    DATABASE_READ_LAG: v.optional(whole(2, 3600, ' of seconds'), '5'),
    DATABASE_WAIT: v.optional(whole(0, 3600, ' of seconds'), '30'),
    DATABASE_TIMEOUT: v.optional(whole(1, 3600, ' of seconds'), '15'),
    DIDGATE_MODE: v.optional(
      v.picklist(['double', 'production'], quoting('must be "double" or "production"')),
      'double',
    ),
    DIDGATE_SEED: v.optional(seed),
    DIDGATE_KEY: v.optional(key),
    DIDGATE_KEY_OLD: v.optional(v.string()),
    LOG_LEVEL: v.optional(
      v.picklist(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        quoting('must be fatal, error, warn, info, debug, trace or silent'),
      ),
      'info',
    ),
    SESSION_TTL: v.optional(seconds),
    RETENTION_ENDED: days(DEFAULT_RETENTION.ended),
    RETENTION_IDEMPOTENCY: days(DEFAULT_RETENTION.idempotency),
    RETENTION_CALLBACKS: days(DEFAULT_RETENTION.callbacks),
    RETENTION_CARTS: days(DEFAULT_RETENTION.carts),
    RETENTION_IMPORTS: days(DEFAULT_RETENTION.imports),
    CALLBACK_ALLOW_NETWORKS: v.optional(networks),
    LIMITS: v.optional(yesOrNo),
    LIMIT_ADDRESS: v.optional(whole(0, MOST_REQUESTS), '1000'),
    LIMIT_CREDENTIAL: v.optional(whole(0, MOST_REQUESTS), '500'),
    LIMIT_WRONG_CREDENTIALS: v.optional(whole(0, MOST_REQUESTS), '30'),
    DIDGATE_JOURNAL: v.optional(whole(0, 100_000)),
    SPACES_LIMIT: v.optional(whole(0, 100_000), '2000'),
    SPACES_MEGABYTES: v.optional(whole(1, 1_000_000), '4096'),
  })
}

export type Settings = v.InferOutput<ReturnType<typeof environmentSchema>>

function quoting(rule: string): (issue: { input: unknown }) => string {
  return issue => `${rule}, not "${String(issue.input)}"`
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
}

function readable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function dialectPorts(dialects: readonly string[] | undefined) {
  return v.pipe(
    v.string(),
    v.transform(text => text.split(',').map(part => part.trim())),
    v.transform(parts => parts.filter(part => part !== '')),
    v.array(
      v.pipe(
        v.string(),
        v.rawTransform(({ dataset, addIssue, NEVER }) => {
          const [, dialect = '', digits = ''] = /^([\w-]+):(\d{1,5})$/.exec(dataset.value) ?? []
          if ((dialects?.includes(dialect) ?? true) && Number(digits) <= MAX_PORT)
            return { dialect, port: Number(digits) }
          const known = dialects ? `dialect:port with one of ${dialects.join(', ')}` : 'dialect:port'
          addIssue({ message: `"${dataset.value}" is not ${known} and a port number, 0 to 65535` })
          return NEVER
        }),
      ),
    ),
  )
}
