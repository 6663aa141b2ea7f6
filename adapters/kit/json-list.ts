import type { PhoneNumber } from '../../core/ground/model.ts'

const COMMA = 44

/**
 * The JSON of a view in UTF-8, made once for each number: the core gives an unchanged number as the same frozen object,
 * and a changed one as another. Unchanged ones in a row are the same frozen list.
 */
export function jsonOnce(view: (number: PhoneNumber) => unknown) {
  const made = new WeakMap<PhoneNumber, Uint8Array>()
  const lists = new WeakMap<readonly PhoneNumber[], readonly Uint8Array[]>()
  const one = (number: PhoneNumber): Uint8Array => {
    const known = made.get(number)
    if (known !== undefined) return known
    const bytes = Buffer.from(JSON.stringify(view(number))) // many share one piece of memory
    if (Object.isFrozen(number)) made.set(number, bytes)
    return bytes
  }
  return (numbers: readonly PhoneNumber[]): readonly Uint8Array[] => {
    const known = lists.get(numbers)
    if (known !== undefined) return known
    const all = numbers.map(one)
    if (Object.isFrozen(numbers)) lists.set(numbers, all)
    return all
  }
}

/** An object whose member `name` is a list of such items, before its other members. */
export function jsonList(name: string, items: readonly Uint8Array[], rest: Readonly<Record<string, unknown>>) {
  const others = JSON.stringify(rest).slice(1)
  const open = Buffer.from(`{${JSON.stringify(name)}:[`)
  const close = Buffer.from(`]${others === '}' ? '' : ','}${others}`)
  return joined(open, items, close)
}

function joined(open: Uint8Array, items: readonly Uint8Array[], close: Uint8Array): Uint8Array {
  let length = open.length + close.length + Math.max(0, items.length - 1)
  for (const item of items) length += item.length
  const bytes = Buffer.allocUnsafe(length) // every byte is written below
  bytes.set(open)
  let at = open.length
  items.forEach((item, n) => {
    if (n > 0) bytes[at++] = COMMA
    bytes.set(item, at)
    at += item.length
  })
  bytes.set(close, at)
  return bytes
}
