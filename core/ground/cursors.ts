import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Cursors } from '../verbs.ts'
import type { Cursor } from './model.ts'
import type { Context } from './unit.ts'

const TAG_BYTES = 16
const MAX_LENGTH = 4096

/** Only `[A-Za-z0-9_-]`: what is made here survives an unescaped query. The tag tells what was made here, and for what. */
export function createCursors({ signingKeys }: Context): Cursors {
  const tagsOf = (binding: string, text: string) =>
    signingKeys.map(key =>
      createHmac('sha256', `cursors\n${key}`)
        .update(`${binding.length}\n${binding}${text}`)
        .digest()
        .subarray(0, TAG_BYTES),
    )
  return {
    seal(binding, { side, key }) {
      const text = JSON.stringify([side, ...key])
      return Buffer.concat([tagsOf(binding, text)[0] as Buffer, Buffer.from(text)]).toString('base64url')
    },
    open(binding, sealed) {
      if (sealed.length > MAX_LENGTH) return undefined
      const bytes = Buffer.from(sealed, 'base64url')
      const text = bytes.subarray(TAG_BYTES).toString()
      const tag = bytes.subarray(0, TAG_BYTES)
      // other spellings of the same bytes were not made here either
      if (tag.length < TAG_BYTES || bytes.toString('base64url') !== sealed) return undefined
      if (!tagsOf(binding, text).some(ours => timingSafeEqual(tag, ours))) return undefined
      const [side, ...key] = JSON.parse(text) as [Cursor['side'], ...Cursor['key']]
      return { side, key }
    },
  }
}
