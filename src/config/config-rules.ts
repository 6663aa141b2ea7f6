import { resolve } from 'node:path'
import type { Settings } from './config-schema.ts'
import { demoWorldFolder } from './package-files.ts'

/** Secrets of the demo world are printed in every README: they guard nothing. */
export function isDemoSecret(text: string): boolean {
  return /^demo-/i.test(text)
}

/** Mistakes that only show when variables are seen together. */
export function checkTogether(settings: Partial<Settings>, serving: boolean): string[] {
  return [
    ...checkTls(settings),
    ...checkReplica(settings),
    ...checkKeys(settings),
    ...(serving ? checkPorts(settings) : []),
    ...(settings.DIDGATE_MODE === 'production' ? checkProduction(settings, serving) : []),
  ]
}

function checkTls(settings: Partial<Settings>): string[] {
  const pairs = [
    ['TLS_CERT', 'TLS_KEY'],
    ['ADMIN_TLS_CERT', 'ADMIN_TLS_KEY'],
  ] as const
  return pairs
    .filter(([cert, key]) => (settings[cert] === undefined) !== (settings[key] === undefined))
    .map(([cert, key]) => `${cert}, ${key}: both are needed for HTTPS, or neither`)
}

function checkReplica({ DATABASE_URL: url, DATABASE_READ_URL: replica }: Partial<Settings>): string[] {
  if (replica === undefined || url === undefined || !url.startsWith('sqlite:')) return []
  return ['DATABASE_READ_URL: is of use beside a DATABASE_URL of PostgreSQL only']
}

function checkPorts(settings: Partial<Settings>): string[] {
  const wanted = [
    { name: 'PORT', host: settings.HOST, port: settings.PORT },
    { name: 'ADMIN_PORT', host: settings.ADMIN_HOST, port: settings.ADMIN_PORT },
    ...(settings.DIALECT_PORTS ?? []).map(entry => ({
      name: `DIALECT_PORTS (${entry.dialect})`,
      host: settings.HOST,
      port: entry.port,
    })),
  ]
  return wanted.flatMap((entry, index) => {
    const earlier = wanted.slice(0, index).find(other => sameSocket(other, entry))
    return earlier ? [`${entry.name}: port ${entry.port} is already used by ${earlier.name}`] : []
  })
}

/** Port 0 asks the system for a free one. */
function sameSocket(a: { host?: string; port?: number }, b: { host?: string; port?: number }): boolean {
  const everywhere = (name?: string) => name === '0.0.0.0' || name === '::'
  const overlap = a.host === b.host || everywhere(a.host) || everywhere(b.host)
  return overlap && a.port !== undefined && a.port !== 0 && a.port === b.port
}

const SECRET_LENGTH = 16
const SECRET_VARIETY = 8

/** What nobody guesses. It is never repeated in what is said of it. */
function checkSecret(name: string, secret: string | undefined): string[] {
  if (secret === undefined) return []
  if (isDemoSecret(secret)) return [`${name}: is a demo secret`]
  const isGood = secret.length >= SECRET_LENGTH && new Set(secret).size >= SECRET_VARIETY && !isRepetition(secret)
  if (isGood) return []
  const rule = `must have ${SECRET_LENGTH} characters or more, ${SECRET_VARIETY} different ones or more, and not be a shorter piece repeated`
  return [`${name}: in production it ${rule} (openssl rand -hex 32 makes a good one)`]
}

/** Of a piece that would itself be too short. */
function isRepetition(text: string): boolean {
  const lengths = Array.from({ length: SECRET_LENGTH - 1 }, (_, n) => n + 1)
  return lengths.some(length => 2 * length <= text.length && text.startsWith(text.slice(length)))
}

/** Nothing is to be changed from a key to itself: one of the two is not what it was meant to be. */
function checkKeys({ DIDGATE_KEY: key, DIDGATE_KEY_OLD: old }: Partial<Settings>): string[] {
  if (old === undefined || old !== key) return []
  return ['DIDGATE_KEY_OLD: is the same as DIDGATE_KEY: leave it out, unless that is to be another one']
}

function checkProduction(settings: Partial<Settings>, serving: boolean): string[] {
  const { DIDGATE_ADMIN_TOKEN: token, DIDGATE_KEY: key } = settings
  const problems = [...checkSecret('DIDGATE_ADMIN_TOKEN', token), ...checkSecret('DIDGATE_KEY', key)]
  if (serving && token === undefined) problems.push('DIDGATE_ADMIN_TOKEN: needed in production')
  if (key === undefined) {
    problems.push('DIDGATE_KEY: needed in production (openssl rand -hex 32 makes one; keep it as safe as the database)')
  }
  if (settings.DATABASE_URL === 'sqlite::memory:') {
    problems.push('DATABASE_URL: sqlite::memory: forgets everything at the end and cannot be used in production')
  }
  if (settings.DIDGATE_SEED !== undefined && resolve(settings.DIDGATE_SEED) === demoWorldFolder()) {
    problems.push('DIDGATE_SEED: the demo world has public passwords and cannot be used in production')
  }
  return problems
}
