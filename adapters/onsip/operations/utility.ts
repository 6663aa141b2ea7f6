import { type Operation, operation } from '../../kit/dialect.ts'
import { parameters } from '../fields.ts'
import { answers, completed } from './result.ts'

/** The echo itself stands in Request/Parameters, as in every answer. */
const echo = operation({
  on: 'Echo',
  scope: 'open',
  caller: 'lenient',
  ...answers('Echo'),
  input: parameters({}),
  handle: async call => completed(call),
})

/** Used as a ping and as a clock. */
const noOp = operation({
  on: 'NoOp',
  scope: 'open',
  caller: 'lenient',
  ...answers('NoOp'),
  input: parameters({}),
  handle: async call => completed(call),
})

export const utilityOperations: readonly Operation[] = [echo, noOp]
