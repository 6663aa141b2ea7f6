import { createHmac, timingSafeEqual } from 'node:crypto'
import { accessOf } from './credentials.ts'
import type { Reader } from './store/store.ts'
import type { Context } from './unit.ts'
import type { Access, Tokens } from './verbs.ts'

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

async function readAccess(db: Reader, credentialId: number): Promise<Access | undefined> {
  const row = await db.selectFrom('credentials').selectAll().where('id', '=', credentialId).executeTakeFirst()
  return row?.is_active === 1 ? accessOf(db, row) : undefined
}

/** JWTs signed with a key derived from the gateway's own; revoking the credential ends them at once. */
export function createTokens({ store, clock, access, signingKey }: Context): Tokens {
  const sign = (text: string) => createHmac('sha256', signingKey).update(text).digest()
  return {
    issue(realm, credential, lifetimeMs) {
      const iat = Math.floor(clock.now() / 1000)
      const claims = { iss: realm, sub: String(credential.id), iat, exp: iat + Math.floor(lifetimeMs / 1000) }
      const text = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
      return `${text}.${sign(text).toString('base64url')}`
    },
    async verify(realm, token) {
      const [header = '', claims = '', signature = ''] = token.split('.')
      const expected = sign(`${header}.${claims}`)
      const actual = Buffer.from(signature, 'base64url')
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 'invalid'
      const { iss, sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
        string,
        string | number
      >
      if (iss !== realm) return 'invalid'
      if (Number(exp) * 1000 <= clock.now()) return 'expired'
      const found = await store.read(db => access.remember(db, `token of ${sub}`, () => readAccess(db, Number(sub))))
      return found ?? 'invalid'
    },
  }
}
