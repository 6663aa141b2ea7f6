import { createHmac, timingSafeEqual } from 'node:crypto'
import { toCredential } from '../ground/rows.ts'
import type { Context } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Access, Tokens } from '../verbs.ts'
import { admitCredential } from './admission.ts'
import { holds } from './rotation.ts'

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

interface Claims {
  iss: string
  sub: string
  iat: number
  exp: number
  /** Which secret of the credential it was issued for. */
  gen: string
}

async function readAccess(db: Reader, { iss, sub, gen }: Claims): Promise<Access | undefined> {
  const row = await db.selectFrom('credentials').selectAll().where('id', '=', Number(sub)).executeTakeFirst()
  if (row?.is_active !== 1 || row.realm !== iss || toCredential(row).generation !== gen) return undefined
  return admitCredential(db, row)
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** JWTs signed with a key derived from the gateway's own; they end with the credential, and with its secret. */
export function createTokens({ store, clock, access, signingKeys }: Context): Tokens {
  const signed = (text: string) => signingKeys.map(key => createHmac('sha256', key).update(text).digest('base64url'))
  /** What the token says, if it is ours to the last character: nothing may stand behind the signature. */
  const read = (token: string): Claims | undefined => {
    const [header = '', claims = '', signature = '', ...rest] = token.split('.')
    if (rest.length > 0 || !signed(`${header}.${claims}`).some(ours => sameText(signature, ours))) return undefined
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims
  }
  return {
    issue(realm, { id, generation }, lifetimeMs) {
      const iat = Math.floor(clock.now() / 1000)
      const exp = iat + Math.floor(lifetimeMs / 1000)
      const claims: Claims = { iss: realm, sub: String(id), iat, exp, gen: generation }
      const text = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${text}.${signed(text)[0]}`
    },
    async verify(realm, token) {
      const claims = read(token)
      if (claims?.iss !== realm) return 'invalid'
      if (claims.exp * 1000 <= clock.now()) return 'expired'
      const key = `token of ${realm} ${claims.sub} ${claims.gen}`
      const found = await store.read(db => access.remember(db, key, () => readAccess(db, claims)))
      if (!found) return 'invalid'
      return holds(found.credential, clock.now()) ? found : 'expired'
    },
  }
}
