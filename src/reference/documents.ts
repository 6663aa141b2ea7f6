import type { Dialect, DialectModule } from '../../adapters/kit/dialect.ts'
import type { ActionReference, RestReference } from '../../adapters/kit/reference.ts'
import type { Core } from '../../core/verbs.ts'

export type WithReference<R> = { module: DialectModule; dialect: Dialect; reference: R }

/** Dialects are described without serving anybody: what making one asks of the core is the time. */
const NOBODY = { clock: { now: () => 0 } } as unknown as Core

function made(module: DialectModule): Dialect {
  return module.create({ core: NOBODY, mode: 'double' })
}

export function restDialects(modules: readonly DialectModule[]): WithReference<RestReference>[] {
  return modules.flatMap(module =>
    module.reference?.kind === 'rest' ? [{ module, dialect: made(module), reference: module.reference }] : [],
  )
}

export function actionDialects(modules: readonly DialectModule[]): WithReference<ActionReference>[] {
  return modules.flatMap(module =>
    module.reference?.kind === 'actions' ? [{ module, dialect: made(module), reference: module.reference }] : [],
  )
}
