/** The section of docs/coverage.md on the methods of public clients. */
import type { ClientMethod, PublicClient } from '../adapters/kit/clients.ts'
import type { Dialect, Operation } from '../adapters/kit/dialect.ts'
import type { describedDialects } from './coverage-data.ts'

type Described = ReturnType<typeof describedDialects>[number]

export const CLIENTS_TITLE = '## Public clients'

const HEAD = `
${CLIENTS_TITLE}

What is published for these providers, method by method: the request that it sends, and what becomes of it here. A test
sends each request that is called answered to its dialect, which must know it, and each that is called missing, which it
must not know. The share leaves out what is refused by design and what sends nothing.
`

/** The operation that a client's request would reach. */
export async function operationOf(dialect: Dialect, sent: string): Promise<Operation | undefined> {
  const [method = 'GET', path = '/'] = sent.split(' ', 2)
  const request = new Request(new URL(path, 'http://didgate.test'), { method })
  const { pathname } = new URL(request.url)
  const arrival = { request, base: '', pathname, startedAt: 0, requestId: '' }
  const match = dialect.wire.match(arrival)
  return match.operation ?? (await dialect.wire.read(arrival, match)).operation
}

export type Outcome = 'answered' | 'refused by design' | 'missing' | 'sends nothing'

export function outcomeOf(method: ClientMethod): Outcome {
  if (method.request === undefined) return 'sends nothing'
  if (method.missing !== undefined) return 'missing'
  return method.refused === undefined ? 'answered' : 'refused by design'
}

function row(method: ClientMethod): string {
  const reason = method.request === undefined ? method.sendsNothing : (method.refused ?? method.missing)
  const request = method.request === undefined ? '' : `\`${method.request}\``
  return `| \`${method.method}\` | ${request} | ${outcomeOf(method)}${reason === undefined ? '' : `: ${reason}`} |`
}

/** Of what is not refused by design, in percent. */
export function share({ methods }: PublicClient): number {
  const count = (outcome: Outcome) => methods.filter(each => outcomeOf(each) === outcome).length
  const asked = count('answered') + count('missing')
  return asked === 0 ? 100 : Math.floor((100 * count('answered')) / asked)
}

function clientSection(dialect: string, client: PublicClient): string {
  const count = (outcome: Outcome) => `${client.methods.filter(each => outcomeOf(each) === outcome).length} ${outcome}`
  const outcomes = (['answered', 'missing', 'refused by design', 'sends nothing'] as const).map(count)
  const summary = `${client.methods.length} methods, ${share(client)} % answered: ${outcomes.join(', ')}. Source: ${client.source}.`
  const table = ['| Method | Request | Here |', '| --- | --- | --- |', ...client.methods.map(row)]
  return `\n### ${dialect}: ${client.name}\n\n${summary}\n\n${table.join('\n')}\n`
}

export function clientSections(all: readonly Described[]): string {
  const sections = all.flatMap(({ dialect, reference }) =>
    (reference.clients ?? []).map(client => clientSection(dialect.name, client)),
  )
  return sections.length === 0 ? '' : HEAD + sections.join('')
}
