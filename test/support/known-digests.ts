/**
 * Worlds of tests have the same users with the same salts over and over: what scrypt made of a password once, it gives
 * at once from then on. Most of the suite's time would be spent there. Files in which somebody must be overtaken while a
 * password is checked do without (`checkEachPassword`).
 */
import crypto, { type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll } from 'vitest'

type Done = (error: Error | null, digest: Buffer) => void

interface Remembered {
  scrypt: typeof crypto.scrypt
  known: Map<string, Buffer>
  isRemembering: boolean
}

// this file is run before each file of tests, in one process
const here = globalThis as unknown as Record<symbol, Remembered>
const NAME = Symbol.for('didgate known digests')
here[NAME] ??= { scrypt: crypto.scrypt, known: new Map(), isRemembering: true }
const remembered = here[NAME]
const { scrypt, known } = remembered

/** In this file each check takes its time again. */
export function checkEachPassword(): void {
  remembered.isRemembering = false
  afterAll(() => {
    remembered.isRemembering = true
  })
}

function remembering(secret: string, salt: Uint8Array, length: number, cost: ScryptOptions, done: Done): void {
  const name = JSON.stringify([secret, Buffer.from(salt).toString('hex'), length, cost])
  const digest = remembered.isRemembering ? known.get(name) : undefined
  if (digest) return void setImmediate(done, null, Buffer.from(digest))
  scrypt(secret, salt, length, cost, (error, made) => {
    if (!error) known.set(name, Buffer.from(made))
    done(error, made)
  })
}

crypto.scrypt = remembering as typeof scrypt
syncBuiltinESMExports()
