/** What is told of a wrong value where its schema has no words of its own. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import { objectOnly } from '../../adapters/kit/schema.ts'

function told(schema: v.GenericSchema, value: unknown): string | undefined {
  return v.safeParse(schema, value, { message: issueWords }).issues?.[0].message
}

const unread = v.pipe(
  v.unknown(),
  v.transform<unknown, unknown>(() => undefined),
  v.number(),
)

describe('words for what is wrong', () => {
  it.each<[string, v.GenericSchema, unknown, string]>([
    ['text', v.string(), 5, 'must be text'],
    ['a number', v.number(), '5', 'must be a number'],
    ['a switch', v.boolean(), 1, 'must be true or false'],
    ['an object', v.object({}), null, 'must be an object'],
    ['a list for an object', objectOnly({}), [], 'must be an object'],
    ['a list', v.array(v.string()), {}, 'must be a list'],
    ['one of two kinds', v.union([v.string(), v.number()]), true, 'must be text or a number'],
    ['one of some words', v.picklist(['a b', 'c|d', '']), 'x', 'must be one of a b, c|d'],
    ['the only word', v.literal('a'), 'x', 'must be a'],
    ['nothing that is allowed', v.never(), 'x', 'is not allowed'],
    ['what a check of ours refuses', v.custom(() => false), 'x', 'is not valid'],
    ['what is not known', v.strictObject({}), { x: 1 }, 'is not known here'],
    ['what is missing', v.object({ a: v.string() }), {}, 'is required'],
    ['what was read as nothing', v.object({ a: unread }), { a: 'x' }, 'is not valid'],
    ['half a number', v.pipe(v.number(), v.integer()), 1.5, 'must be a whole number'],
    ['too little', v.pipe(v.number(), v.minValue(2)), 1, 'must be 2 or more'],
    ['too much', v.pipe(v.number(), v.maxValue(2)), 3, 'must be 2 or less'],
    ['nothing in a text', v.pipe(v.string(), v.nonEmpty()), '', 'must not be empty'],
    ['short text', v.pipe(v.string(), v.minLength(2)), 'a', 'must have at least 2 characters'],
    ['long text', v.pipe(v.string(), v.maxLength(1)), 'ab', 'must have at most 1 character'],
    ['a long list', v.pipe(v.array(v.string()), v.maxLength(1)), ['a', 'b'], 'must have at most 1 entry'],
    ['another form', v.pipe(v.string(), v.regex(/^a$/)), 'b', 'is not valid'],
  ])('%s', (_, schema, value, expected) => expect(told(schema, value)).toBe(expected))

  it('leaves what a schema says itself', () => {
    expect(told(v.string('name is required'), 5)).toBe('name is required')
    expect(told(v.picklist(['a'], 'must be a, or nothing'), 5)).toBe('must be a, or nothing')
  })
})
