/** One bad request, and what belongs to drawing it. */
import type { Things } from './bench.ts'
import type { Parts } from './requests.ts'
import type { Field, Target } from './targets.ts'

export interface HostileCase {
  name: string
  parts: Parts
  /** refused: nothing else is right; decent: refused or harmless; a request: answered like that one. */
  expect: 'refused' | 'decent' | Parts
  /** It names less than the plain one: that may mean all there is. */
  mayBuyMore?: true
}

export interface Drawn {
  target: Target
  plain: Parts
  things: Things
  seed: number
}

export const LONG = 'x'.repeat(5000)
export const NUL = 'a\0b'
export const LONE = 'a\ud800b'
export const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

export const TEXTS = [
  '',
  LONG,
  '-1',
  '0',
  '1e999',
  '1.5',
  '9'.repeat(30),
  '__proto__',
  'constructor',
  'toString',
  "' OR 1=1 --",
  '😀',
  ',,,,',
]

export const isFlag = ({ schema }: Field) => schema.type === 'boolean'

/** In any case they mean the same. */
export const SPELLINGS = [
  ['True', 'true'],
  ['TRUE', 'true'],
  ['False', 'false'],
  ['FALSE', 'false'],
] as const
