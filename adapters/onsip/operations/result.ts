import type { Operation, Reply } from '../../kit/dialect.ts'
import { branch, type XmlNode } from '../../kit/xml.ts'
import { actionName } from '../ways/access.ts'
import type { Outcome } from '../wire/envelope.ts'

type AnyCall = Parameters<typeof actionName>[0]

/** The one child of Result is named like the action, as the client spelt it. */
export function completed(call: AnyCall, ...children: readonly XmlNode[]): Reply {
  return { body: { result: branch(actionName(call), children) } satisfies Outcome }
}

/** Answers that the provider's own schema accepts. */
export function answers(action: string): Pick<Operation, 'evidence' | 'answers'> {
  return { evidence: 'E2', answers: { 200: action } }
}

/** Answers of actions that the provider's page describes, and no schema of it. */
export function ownAnswers(action: string): Pick<Operation, 'evidence' | 'answers'> {
  return { evidence: 'E1', answers: { 200: action } }
}
