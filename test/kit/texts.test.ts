/** Bytes to texts: queries, forms and parts of forms are read as they were meant or refused, and never guessed. */
import { describe, expect, it } from 'vitest'
import { charsetOf, decodeText, isStorable, parameterOf, percentDecoded } from '../../adapters/kit/charset.ts'
import { MAX_NAME, MAX_PARAMETERS } from '../../adapters/kit/limits.ts'
import { readForm, readPairs, readQuery } from '../../adapters/kit/pairs.ts'
import { latin1, refusal } from '../support/refusal.ts'

describe('pairs of a query or form', () => {
  const of = (text: string, charset?: string) => readPairs(text, charset)

  it('come in their order, with a value or without, and what is empty is nothing', () => {
    expect(of('a=1&b=&c&&=d&a=2=3&')).toEqual({
      pairs: [
        ['a', '1'],
        ['b', ''],
        ['c', ''],
        ['', 'd'],
        ['a', '2=3'],
      ],
    })
    expect(of('&a').pairs).toEqual([['a', '']])
    expect(of('')).toEqual({ pairs: [] })
  })

  it('are taken as they are but for escapes, and plus for a space', () => {
    const plain = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n))
      .join('')
      .replace(/[%&+=]/g, '')
    expect(of(`a${plain}=${plain}`).pairs).toEqual([[`a${plain}`, plain]])
    expect(of('a+b%3d=c+%2b%26').pairs).toEqual([['a b=', 'c +&']])
    expect(of('%C3%A9=\u00c3\u00a9').pairs).toEqual([['é', 'é']])
    expect(of('%e9=\u00e9', 'windows-1252').pairs).toEqual([['é', 'é']])
  })

  it('that cannot be read are left out, and the first of them is told', () => {
    const { pairs, problem } = of('a=1&b%00%7f=%ff&c=%fe&d=2')
    expect(pairs).toEqual([
      ['a', '1'],
      ['d', '2'],
    ])
    expect(problem).toEqual({ name: 'b??', message: 'is not valid UTF-8' })
    expect(of('%ff=1').problem).toEqual({ name: '%ff', message: 'is not valid UTF-8' })
    for (const text of ['a=%00', 'a%00=1'])
      expect(of(text).problem?.message).toBe('has a character that no text may have')
  })

  it('have names of a bounded length, and no more of one is told than helps', () => {
    expect(of(`${'a'.repeat(MAX_NAME)}=1`).pairs).toHaveLength(1)
    expect(of(`${'a'.repeat(MAX_NAME + 1)}=1`)).toEqual({
      pairs: [],
      problem: { name: 'a'.repeat(80), message: `has a name of more than ${MAX_NAME} characters` },
    })
  })

  it('are so many and no more', () => {
    expect(of('a&'.repeat(MAX_PARAMETERS))).toMatchObject({ pairs: { length: MAX_PARAMETERS } })
    expect(of('a&'.repeat(MAX_PARAMETERS)).problem).toBeUndefined()
    const { pairs, problem } = of(`${'a&&'.repeat(MAX_PARAMETERS)}a&b`)
    expect(pairs).toHaveLength(MAX_PARAMETERS)
    expect(problem).toEqual({ name: '', message: `there are more than ${MAX_PARAMETERS} parameters` })
    expect(of(`%ff&${'a&'.repeat(MAX_PARAMETERS)}`).problem?.name).toBe('%ff')
  })

  it('of an address stand between its question mark and its end', () => {
    expect(readQuery('http://h/a=1')).toEqual({ pairs: [] })
    expect(readQuery('?a=1?b#c=2')).toEqual({ pairs: [['a', '1?b']] })
  })

  it('of a form are of its charset', () => {
    expect(readForm(latin1('a=\xe9&b=%e9'), 'x; charset=latin1').pairs).toEqual([
      ['a', 'é'],
      ['b', 'é'],
    ])
    const bytes = latin1('--a=1--')
    expect(readForm(bytes.subarray(2, 5)).pairs).toEqual([['a', '1']])
    for (const type of ['x; charset=utf-16', 'x; charset=UTF-16BE'])
      expect(refusal(() => readForm(bytes, type))).toEqual(['unsupported_media_type', type])
  })
})

describe('the charset of a text', () => {
  it.each([
    ['', 'utf-8'],
    ['; charset=', 'utf-8'],
    ...['utf-8', 'UTF8', 'us-ascii', 'ascii'].map(name => [`;charset=${name}`, 'utf-8']),
    ...['ISO-8859-1', 'latin1', 'latin-1', 'windows-1252', 'cp1252'].map(name => [`; charset=${name}`, 'windows-1252']),
    ...['iso-8859-15', 'latin9'].map(name => [`; charset="${name}"`, 'iso-8859-15']),
    ...['utf-16', 'utf-16le'].map(name => [` ; a=b; Charset = ${name}`, 'utf-16le']),
    ['; charset=utf-16be', 'utf-16be'],
  ])('is honoured where its name is known: text/plain%s', (parameter, charset) =>
    expect(charsetOf(`text/plain${parameter}`)).toBe(charset))

  it('is refused where its name is not known', () =>
    expect(refusal(() => charsetOf('a; charset=klingon'))).toEqual(['unsupported_media_type', 'a; charset=klingon']))

  it('goes by the mark in front in UTF-16, which is no part of the text', () => {
    const little = Uint8Array.from(Buffer.from('\ufeffaé', 'utf16le'))
    const big = Uint8Array.from(Buffer.from(little).swap16())
    for (const charset of ['utf-16le', 'utf-16be']) {
      expect(decodeText(charset === 'utf-16le' ? little : big, charset)).toBe('aé')
    }
    expect(decodeText(big, 'utf-16le')).toBe('aé')
    expect(decodeText(latin1('\xef\xbb\xbfa'), 'utf-8')).toBe('a')
    expect(decodeText(latin1('\xfe\xffa'), 'windows-1252')).toBe('þÿa')
    // one of the two bytes of the mark is none
    expect(decodeText(latin1('\xfea'), 'utf-16le')).toBe('\u61fe')
    expect(decodeText(latin1('a\xff'), 'utf-16le')).toBe('\uff61')
    expect(decodeText(latin1('\xff'), 'utf-8')).toBeUndefined()
  })

  it('leaves a mark in a pair, which is part of the text there', () =>
    expect(readForm(latin1('a=\xef\xbb\xbfb')).pairs).toEqual([['a', '\ufeffb']]))
})

describe('a parameter of a header', () => {
  it.each([
    ['a; x=1', '1'],
    ['a;x = 1 ;y=2', '1'],
    ['a; y=2;X="1; z"', '1; z'],
    ['a; x="1\\"2\\\\"', '1"2\\'],
    ['a; x=""', ''],
    ['a; x=', ''],
    ['a; y="; x=2"; x=1', '1'],
    ["a; x=1'2/3", "1'2/3"],
    ['a; x=1; x=2', '1'],
    ['a', undefined],
    ['x=1', undefined],
    ['a; xx=1', undefined],
  ])('is found by its name, in quotes or not: %s', (header, value) => expect(parameterOf(header, 'x')).toBe(value))

  it('may have a name with signs in it', () => {
    expect(parameterOf("a; filename*=UTF-8''x", 'filename*')).toBe("UTF-8''x")
    expect(parameterOf(`a; ${'n'.repeat(80)}=1`, 'n'.repeat(80))).toBe('1')
  })
})

describe('an escape in a text', () => {
  const of = (text: string, options?: { plusIsSpace?: boolean }) =>
    Buffer.from(percentDecoded(text, options)).toString('latin1')

  it('is of two digits, and anything else stays as it is', () => {
    expect(of('%41%4a%4A%fF%00%0f')).toBe('AJJ\xff\x00\x0f')
    for (const text of ['%', '%4', '%%', '%g1', '%1g', '%-1', 'a%', '%/0', '%:0', '%@0', '%`0', 'a41'])
      expect(of(text)).toBe(text)
    expect(of('%%41%4%41')).toBe('%A%4A')
  })

  it('of a space may be a plus, in forms alone', () => {
    expect(of('a+b')).toBe('a+b')
    expect(of('a+b%2b+', { plusIsSpace: true })).toBe('a b+ ')
  })
})

describe('a text that is kept', () => {
  it('has no NUL and no half of a character', () => {
    expect(['a\0', '\0', '\ud800', 'a\udfff', '😀', 'a', ''].map(isStorable)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ])
  })
})
