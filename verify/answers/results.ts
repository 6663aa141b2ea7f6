import type { Judged } from '../probe.ts'
import type { CheckResult } from '../result.ts'
import type { FindingKind } from './judge.ts'

const SOURCES: Readonly<Record<FindingKind, string>> = {
  'documented status': 'the statuses that the operation documents',
  'media type': 'the media type that goes with the body',
  schema: 'the strict schema of the operation and status',
  grammar: 'the RELAX NG grammar of the answers',
}
const NO_OPERATION = 'no operation'

/** One line per operation whose answers are all right, one per operation and kind of what is wrong. */
export function answerResults(judged: readonly Judged[]): CheckResult[] {
  const names = [...new Set(judged.map(nameOf))].sort()
  return names.flatMap(name =>
    ofOperation(
      name,
      judged.filter(each => nameOf(each) === name),
    ),
  )
}

function nameOf({ operation }: Judged): string {
  return operation ?? NO_OPERATION
}

function ofOperation(name: string, judged: readonly Judged[]): CheckResult[] {
  const kinds = new Set(judged.flatMap(({ findings }) => findings.map(({ kind }) => kind)))
  if (kinds.size === 0) {
    const source = 'statuses, media types, schemas and grammar of the operation'
    return [{ group: 'answers', name: `${name}: ${judged.length} as documented`, source, ms: 0, outcome: 'passed' }]
  }
  return [...kinds].map(kind => broken(name, kind, judged))
}

function broken(name: string, kind: FindingKind, judged: readonly Judged[]): CheckResult {
  const wrong = judged.filter(({ findings }) => findings.some(each => each.kind === kind))
  const [first] = wrong
  const messages = first?.findings.filter(each => each.kind === kind).map(({ message }) => message) ?? []
  const more = wrong.length > 1 ? `\n(and ${wrong.length - 1} more answers of this operation)` : ''
  return {
    group: 'answers',
    name: `${name}: ${kind}`,
    source: SOURCES[kind],
    ms: 0,
    outcome: 'failed',
    failure: { message: messages.join('\n') + more, ...(first && { exchange: first.exchange }), steps: [] },
  }
}
