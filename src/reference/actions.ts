import type { InputSchema, Operation } from '../../adapters/kit/dialect.ts'
import type { ActionReference } from '../../adapters/kit/reference.ts'
import type { WithReference } from './documents.ts'
import type { Kept } from './exchanges.ts'
import { isRequired, type JsonSchema, membersOf, schemaOf } from './json-schema.ts'
import { answersOf, type EVIDENCE } from './openapi.ts'
import { inputOf, spellings } from './operations.ts'

export interface ActionParameter {
  name: string
  required: boolean
  description: string
  schema: JsonSchema
}

export interface ActionAnswer {
  status: number
  /** The grammar's define that the answer's one element under Result fits. */
  define: string
  file: string
}

export interface ActionEntry {
  name: string
  summary: string
  session: 'required' | 'optional'
  evidence: keyof typeof EVIDENCE
  parameters: ActionParameter[]
  answers: ActionAnswer[]
  /** As somebody asked, and was answered. */
  example?: { request: string; status: number; answer: string }
}

export interface ActionList {
  dialect: string
  title: string
  description: string
  version: string
  addresses: string[]
  grammar: string
  actions: ActionEntry[]
}

/** What OpenAPI cannot say: every action with its parameters, and the grammar's define that answers it. */
export async function actionList(
  of: WithReference<ActionReference>,
  options: { server: string; version: string; exchanges?: readonly Kept[] },
) {
  const { dialect, reference, module } = of
  const grammars = `${options.server}${module.files?.prefix ?? ''}`
  const named = dialect.operations.flatMap(each => spellings(each).map(name => ({ name, operation: each })))
  const actions = await Promise.all(named.map(each => actionEntry(each.name, each.operation, reference, grammars)))
  for (const each of actions) Object.assign(each, exampleOf(each.name, options.exchanges ?? []))
  const list: ActionList = {
    dialect: dialect.name,
    title: reference.title,
    description: reference.description,
    version: options.version,
    addresses: reference.paths.map(path => options.server + path),
    grammar: `${grammars}/${reference.grammar}`,
    actions,
  }
  return list
}

/** The best answer that is kept of an action. */
function exampleOf(action: string, exchanges: readonly Kept[]): Pick<ActionEntry, 'example'> {
  const all = exchanges.filter(({ name }) => name.split('.')[0] === action)
  const kept = all.find(({ name }) => name.endsWith('.ok')) ?? all[0]
  if (!kept) return {}
  const query = kept.query.size > 0 ? `?${decodeURIComponent(String(kept.query))}` : ''
  const request = [`${kept.method} ${kept.path}${query}`, ...(kept.body === '' ? [] : ['', kept.body])].join('\n')
  return { example: { request, status: kept.status, answer: kept.answer } }
}

async function actionEntry(name: string, operation: Operation, reference: ActionReference, grammars: string) {
  const needsSession = operation.caller === 'required'
  const words = { ...reference.common, ...(needsSession && reference.session) }
  const own = await parameters(membersOf(inputOf(operation)) ?? {}, reference)
  const isOwn = new Set(own.map(each => each.name))
  const common = Object.entries(words)
    .filter(([each]) => !isOwn.has(each))
    .map(([each, description]) => ({
      name: each,
      description,
      required: each === 'Action',
      schema: { type: 'string' },
    }))
  const entry: ActionEntry = {
    name,
    summary: reference.actions[name] ?? '',
    session: needsSession ? 'required' : 'optional',
    evidence: operation.evidence,
    parameters: [...own, ...common],
    answers: Object.entries(answersOf(operation)).map(([status, answer]) => {
      // the one element of the result is named as the client spelt the action
      const define = spellings(operation).length > 1 ? name : String(answer)
      return { status: Number(status), define, file: `${grammars}/${define}.rng` }
    }),
  }
  return entry
}

function parameters(members: Readonly<Record<string, InputSchema>>, { parameters: words }: ActionReference) {
  return Promise.all(
    Object.entries(members).map(async ([name, schema]) => ({
      name,
      required: await isRequired(schema),
      description: words[name] ?? '',
      schema: schemaOf(schema),
    })),
  )
}
