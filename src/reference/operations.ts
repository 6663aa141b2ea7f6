import type { Call, Dialect, InputSchema, Operation } from '../../adapters/kit/dialect.ts'
import type { RestEntry, RestReference } from '../../adapters/kit/reference.ts'

/** One documented spelling with the operation behind it. */
export interface Documented {
  entry: RestEntry
  operation: Operation
  method: string
  /** As the operation lists it: `/v1/mydids/:id`. */
  path: string
  /** Other ways to write the same request. */
  aliases: readonly string[]
}

export const spellings = ({ on }: Operation): readonly string[] => [on].flat()

/** Throws where the reference names what the dialect does not serve. */
export function documented(dialect: Dialect, reference: RestReference): Documented[] {
  const byName = new Map(reference.operations.map(entry => [entry.on, entry]))
  return reference.operations.map(entry => {
    const operation = dialect.operations.find(each => spellings(each).includes(entry.on))
    if (!operation) throw new Error(`the reference of ${dialect.name} documents ${entry.on}, which is not served`)
    const [method = '', path = ''] = entry.on.split(' ')
    const others = spellings(operation).filter(on => on.startsWith(`${method} `) && !byName.has(on))
    const isFirst = reference.operations.find(each => isSame(each, method, operation)) === entry
    return { entry, operation, method, path, aliases: isFirst ? others : [] }
  })
}

/** The entry that tells of the other spellings with this method. */
function isSame(entry: RestEntry, method: string, operation: Operation): boolean {
  return entry.on.startsWith(`${method} `) && spellings(operation).includes(entry.on)
}

/** Operations with a method that no entry of the reference shows. */
export function undocumented(dialect: Dialect, reference: RestReference): string[] {
  return dialect.operations.flatMap(operation => {
    const shown = reference.operations.filter(({ on }) => spellings(operation).includes(on))
    const methods = new Set(shown.map(({ on }) => on.split(' ')[0]))
    return spellings(operation).filter(on => !methods.has(on.split(' ')[0]))
  })
}

/** An input that depends on the call only closes over it, so that its form can be had without one. */
export function inputOf({ input }: Operation): InputSchema {
  return typeof input === 'function' ? input({} as Call) : input
}

/** A literal word may follow a parameter: `:number:rent`. */
const PARAMETER = /(^|\/)([A-Z]*):([A-Za-z]\w*)/g

export function parameterNames(path: string): string[] {
  return [...path.matchAll(PARAMETER)].map(([, , , name]) => name as string)
}

/** Whole paths of requests that such a path stands for. */
export function matcherOf(path: string): RegExp {
  const literal = templateOf(path)
    .split(/\{\w+\}/)
    .map(each => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('[^/]+')}$`, 'i')
}

export function templateOf(path: string): string {
  return path.replace(PARAMETER, '$1$2{$3}')
}
