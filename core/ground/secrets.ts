import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hash,
  scrypt,
  randomBytes as systemRandom,
  timingSafeEqual,
} from 'node:crypto'

/** Keeps secrets that must be shown again. */
export interface SecretBox {
  seal(clear: string): string
  open(sealed: string): string
  /** Whether a former key opens what was sealed with it. */
  hasFormer: boolean
  /** Sealed with the present key; undefined: it is already. Throws where no key opens it. */
  anew(sealed: string): string | undefined
}

/** What everything sealed hangs on. */
export interface Keys {
  key: string
  /** Of the time before: opens and verifies, and never seals or signs. */
  oldKey?: string | undefined
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

type Cipher = Pick<SecretBox, 'seal' | 'open'>

/** AES-256-GCM under a key derived from this one. */
function cipherOf(key: string): Cipher {
  const aes = createHash('sha256').update(`didgate secret box\n${key}`).digest()
  return {
    seal(clear) {
      // nonces come from the system even in seeded runs: a repeated one would break the cipher
      const nonce = systemRandom(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', aes, nonce)
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', aes, bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString()
    },
  }
}

/** Undefined: another key sealed it, as the cipher tells. */
function opened({ open }: Cipher, sealed: string): string | undefined {
  try {
    return open(sealed)
  } catch {
    return undefined
  }
}

export function createSecretBox({ key, oldKey }: Keys): SecretBox {
  const present = cipherOf(key)
  if (oldKey === undefined) return { ...present, hasFormer: false, anew: () => undefined }
  const former = cipherOf(oldKey)
  return {
    seal: present.seal,
    open: sealed => opened(present, sealed) ?? former.open(sealed),
    hasFormer: true,
    anew: sealed => (opened(present, sealed) === undefined ? present.seal(former.open(sealed)) : undefined),
  }
}

/** scrypt cost: about 15 ms and 16 MiB per check, off the event loop. */
const COST = { N: 16_384, r: 8, p: 1 }
const SCRYPT_BYTES = 32

function slowDigest(secret: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, SCRYPT_BYTES, COST, (error, digest) => (error ? reject(error) : resolve(digest)))
  })
}

const fastDigest = (secret: string) => createHash('sha256').update(secret).digest()

/** Hex digest under which high-entropy keys and session tokens are found again. */
export function keyDigest(secret: string): string {
  return hash('sha256', secret)
}

/** For passwords people choose. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  return `scrypt$${Buffer.from(salt).toString('base64')}$${(await slowDigest(password, salt)).toString('base64')}`
}

/** For drawn, high-entropy secrets. */
export function hashKey(secret: string): string {
  return `sha256$$${fastDigest(secret).toString('base64')}`
}

/** Constant-time check of either kind of hash. */
export async function matchesHash(secret: string, stored: string): Promise<boolean> {
  const [kind, salt = '', digest = ''] = stored.split('$')
  const expected = Buffer.from(digest, 'base64')
  const actual = kind === 'scrypt' ? await slowDigest(secret, Buffer.from(salt, 'base64')) : fastDigest(secret)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** Spends the time of a password check where there is no user, so that names cannot be probed by timing. */
export async function wasteTime(secret: string): Promise<void> {
  await slowDigest(secret, new Uint8Array(16))
}
