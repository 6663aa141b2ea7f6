export interface Table<T> {
  readonly [word: string]: T | undefined
}

/** A look-up table for words that strangers send: its own entries, and nothing inherited such as `constructor`. */
export function table<T>(entries: Readonly<Record<string, T>>): Table<T> {
  return Object.freeze(Object.assign(Object.create(null), entries) as Table<T>)
}
