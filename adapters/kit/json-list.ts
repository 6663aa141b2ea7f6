import type { PhoneNumber } from '../../core/model.ts'

/**
 * The JSON text of a view, made once for each number: the core gives an unchanged number as the same frozen object, and
 * a changed one as another.
 */
export function textOnce(view: (number: PhoneNumber) => unknown): (number: PhoneNumber) => string {
  const texts = new WeakMap<PhoneNumber, string>()
  return number => {
    const known = texts.get(number)
    if (known !== undefined) return known
    const text = JSON.stringify(view(number))
    if (Object.isFrozen(number)) texts.set(number, text)
    return text
  }
}

/** An object whose member `name` is a list of such texts, before its other members. */
export function listText(name: string, items: readonly string[], rest: Readonly<Record<string, unknown>>): string {
  const others = JSON.stringify(rest).slice(1)
  return `{${JSON.stringify(name)}:[${items.join(',')}]${others === '}' ? '' : ','}${others}`
}
