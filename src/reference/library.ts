import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { packageVersion } from '../config/package-files.ts'
import { actionList } from './actions.ts'
import { actionDialects, restDialects } from './documents.ts'
import { keptExchanges } from './exchanges.ts'
import { openApi } from './openapi.ts'

export interface Title {
  dialect: string
  title: string
  kind: 'rest' | 'actions'
}

/** All that can be read about the dialects, made when it is first asked for. */
export interface Library {
  titles: readonly Title[]
  openApi(dialect: string): ReturnType<typeof openApi> | undefined
  actions(dialect: string): ReturnType<typeof actionList> | undefined
}

/** `server`: base URL of the data plane, as clients reach it. */
export function createLibrary(modules: readonly DialectModule[], server: string): Library {
  const version = packageVersion()
  const options = async (dialect: string) => ({
    ...{ server: `${server}/${dialect}`, version, exchanges: await keptExchanges(dialect) },
  })
  const rest = new Map(restDialects(modules).map(each => [each.dialect.name, each]))
  const actions = new Map(actionDialects(modules).map(each => [each.dialect.name, each]))
  const documents = kept(name => {
    const found = rest.get(name)
    return found && options(name).then(made => openApi(found.dialect, found.reference, made))
  })
  const lists = kept(name => {
    const found = actions.get(name)
    return found && options(name).then(made => actionList(found, made))
  })
  const titles = modules.flatMap(({ name, reference }) =>
    reference ? [{ dialect: name, title: reference.title, kind: reference.kind }] : [],
  )
  return { titles, openApi: documents, actions: lists }
}

function kept<T>(make: (name: string) => T | undefined): (name: string) => T | undefined {
  const made = new Map<string, T | undefined>()
  return name => {
    if (!made.has(name)) made.set(name, make(name))
    return made.get(name)
  }
}
