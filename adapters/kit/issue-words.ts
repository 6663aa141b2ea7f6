/** What a schema says where it has no words of its own: plain English, instead of the library's. */
import type * as v from 'valibot'
import { type Table, table } from './table.ts'

type Issue = v.BaseIssue<unknown>

const KINDS: Table<string> = table({
  string: 'text',
  number: 'a number',
  bigint: 'a whole number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
  Date: 'a date',
})

const isQuoted = (word: string) => word.startsWith('"')
const plain = (word: string) => (isQuoted(word) ? word.replace(/^"|"$/g, '') : (KINDS[word] ?? word))

/** Of `("a" | "b")` or `(string | number)`: the empty word stands for none, and is nobody's wish. */
function expected({ expected }: Issue): string {
  const words = (expected ?? '')
    .replace(/^\(|\)$/g, '')
    .split(' | ')
    .filter(word => word !== '""' && word !== '')
  const [first] = words
  if (first === undefined || first === 'never') return 'is not allowed'
  // a check of our own that says nothing
  if (first === 'unknown') return 'is not valid'
  const isChoice = words.length > 1 && words.every(isQuoted)
  return `must be ${isChoice ? 'one of ' : ''}${words.map(plain).join(isChoice ? ', ' : ' or ')}`
}

/** Lists count entries and texts characters. */
const counted = ({ input, requirement }: Issue) =>
  `${requirement} ${Array.isArray(input) ? (requirement === 1 ? 'entry' : 'entries') : requirement === 1 ? 'character' : 'characters'}`

const ACTIONS: Table<(issue: Issue) => string> = table<(issue: Issue) => string>({
  non_empty: () => 'must not be empty',
  integer: () => 'must be a whole number',
  safe_integer: () => 'must be a whole number',
  finite: () => 'must be a finite number',
  min_value: ({ requirement }) => `must be ${requirement} or more`,
  max_value: ({ requirement }) => `must be ${requirement} or less`,
  gt_value: ({ requirement }) => `must be more than ${requirement}`,
  lt_value: ({ requirement }) => `must be less than ${requirement}`,
  min_length: issue => `must have at least ${counted(issue)}`,
  max_length: issue => `must have at most ${counted(issue)}`,
  length: issue => `must have ${counted(issue)}`,
})

/** Given to the library as the message of a check: what a schema says itself comes first. */
export function issueWords(issue: Issue): string {
  if (issue.kind !== 'schema') return ACTIONS[issue.type]?.(issue) ?? 'is not valid'
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not known here'
  if (issue.received !== 'undefined') return expected(issue)
  // the object that misses a member names it already; what was sent and could not be read is undefined by now, too
  return issue.path ? 'is required' : 'is not valid'
}
