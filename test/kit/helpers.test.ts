import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { basicCredentials, bearerToken } from '../../adapters/kit/auth.ts'
import { majorUnits, shortestText, twoDecimals } from '../../adapters/kit/money-text.ts'
import { pageCount, pageOf, wholeNumber, wholeNumberOr } from '../../adapters/kit/paging.ts'
import { caseless, queryValues } from '../../adapters/kit/schema.ts'

describe('small helpers', () => {
  it('reads authorization headers', () => {
    const basic = `basic ${Buffer.from('ann:p:ß').toString('base64')}`
    expect(basicCredentials(basic)).toEqual({ name: 'ann', secret: 'p:ß' })
    expect([basicCredentials(null), basicCredentials('Basic !'), basicCredentials('Basic YQ==')]).toEqual(
      Array(3).fill(undefined),
    )
    expect([bearerToken('BEARER a.b.c'), bearerToken('Bearer'), bearerToken(basic)]).toEqual([
      'a.b.c',
      undefined,
      undefined,
    ])
  })

  it('pages', () => {
    expect(['7', 7, '-1'].map(wholeNumber)).toEqual([7, 7, -1])
    expect(['7.0', '', ' 7', 'x', 1.5, null, undefined, '9'.repeat(17)].map(wholeNumber)).toEqual(
      Array(8).fill(undefined),
    )
    expect(['0', 'x', '50', '500'].map(each => wholeNumberOr(each, 25, { min: 1, max: 100 }))).toEqual([
      25, 25, 50, 100,
    ])
    expect([pageOf(3, 25), pageOf(0, 50, 0)]).toEqual([
      { limit: 25, offset: 50 },
      { limit: 50, offset: 0 },
    ])
    expect([pageCount(0, 25), pageCount(25, 25), pageCount(26, 25)]).toEqual([1, 1, 2])
  })

  it('writes money', () => {
    expect([15_000_000, 990_000, 5_900, 0].map(shortestText)).toEqual(['15.0', '0.99', '0.0059', '0.0'])
    expect([twoDecimals(25_000_000), majorUnits(15_000_000), majorUnits(-990_000)]).toEqual(['25.00', 15, -0.99])
  })

  it('matches member names in any case and by their aliases', () => {
    const schema = caseless(v.object({ rangeSize: v.number(), city: v.optional(v.string()) }), { size: 'rangeSize' })
    expect(v.parse(schema, { SIZE: 3, City: 'X', other: 1 })).toEqual({ rangeSize: 3, city: 'X' })
    expect(v.parse(schema, { rangeSize: 1, RANGESIZE: 2 })).toEqual({ rangeSize: 1 })
    expect(v.safeParse(schema, { rangesize: 'x' }).issues?.map(issue => v.getDotPath(issue))).toEqual(['rangeSize'])
    expect(v.safeParse(schema, 'x').success).toBe(false)
  })

  it('finds the values of a list in a query', () => {
    const query = [...new URLSearchParams('ids=1&IDS[]=2&ids[0]=3&idsx=4')]
    expect(queryValues(query, 'ids')).toEqual(['1', '3'])
    expect(queryValues(query, 'ids', { ignoreCase: true })).toEqual(['1', '2', '3'])
  })
})
