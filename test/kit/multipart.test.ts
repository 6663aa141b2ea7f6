/** Forms in parts: fields and files as they were meant, or refused. */
import { describe, expect, it } from 'vitest'
import { MAX_NAME, MAX_PARAMETERS } from '../../adapters/kit/limits.ts'
import { parseMultipart } from '../../adapters/kit/multipart.ts'
import { latin1, refusal } from '../support/refusal.ts'

describe('a multipart form', () => {
  const TYPE = 'multipart/form-data; boundary=b'
  const part = (head: string, content: string) => `--b\r\n${head}\r\n\r\n${content}\r\n`
  const named = (name: string) => `Content-Disposition: form-data; name="${name}"`
  const parse = (text: string, type = TYPE) => refusal(() => parseMultipart(latin1(text), type))
  const malformed = (reason: string) => ['unreadable_body', reason]
  const TORN = malformed('the multipart body is malformed')

  it('has its parts in their order, and their contents to the byte', () => {
    expect(parse(`${part(named('a'), '1\r\n--c\r\n')}${part(named('a'), '')}--b--`)).toEqual([
      ['a', '1\r\n--c\r\n'],
      ['a', ''],
    ])
    expect(parse(`before\r\n${part(named('a'), '1')}--b--\r\nafter`)).toEqual([['a', '1']])
    expect(parse('--b--')).toEqual([])
    const inside = latin1(`xx${part(named('a'), '1')}--b--`)
    expect(parseMultipart(inside.subarray(2), TYPE)).toEqual([['a', '1']])
  })

  it('is refused where it has no boundary, or is torn', () => {
    for (const type of ['multipart/form-data', 'a; boundary=', `a; boundary=${'b'.repeat(71)}`])
      expect(parse('--b--', type)).toEqual(malformed('the multipart body has no usable boundary'))
    expect(parse(`--${'b'.repeat(70)}--`, `a; boundary=${'b'.repeat(70)}`)).toEqual([])
    const whole = `${part(named('a'), '1')}--b--`
    for (const text of ['', 'before', `x${whole}`, `\n${whole}`, `\rx${whole}`, whole.slice(0, -2), whole.slice(0, -5)])
      expect(parse(text)).toEqual(TORN)
    expect(parse(`four--\r\n${whole.slice(0, -5)}`)).toEqual(TORN)
    expect(parse(whole.replace('--b\r\n', '--b '))).toEqual(TORN)
  })

  it('has so many parts and no more', () => {
    const parts = part(named('a'), '').repeat(MAX_PARAMETERS)
    expect(parse(`${parts}--b--`)).toHaveLength(MAX_PARAMETERS)
    expect(parse(`${parts}${part(named('a'), '')}--b--`)).toEqual(
      malformed(`there are more than ${MAX_PARAMETERS} parameters`),
    )
  })

  it('is refused where a part has no headers, or more than are read', () => {
    const without = malformed('a part of the multipart body has no headers')
    expect(parse('--b\r\na\r\n--b--')).toEqual(without)
    const unnamed = malformed('a part of the multipart body has no name')
    expect(parse('--b\r\n\r\na\r\n--b--')).toEqual(unnamed)
    const long = (length: number) => `${named('a')}\r\nX: ${'x'.repeat(length - named('a').length - 11)}`
    expect(parse(`${part(long(4096), '1')}--b--`)).toEqual([['a', '1']])
    expect(parse(`${part(long(4097), '1')}--b--`)).toEqual(without)
    for (const head of [
      'X: y',
      'Content-Disposition: form-data',
      'Content-Disposition: file; name="a"',
      'Content-Disposition: form-datas; name="a"',
      'Content-Disposition: x form-data; name="a"',
    ])
      expect(parse(`${part(head, '1')}--b--`)).toEqual(unnamed)
  })

  it('has headers in any case and with any space, and what is none is passed over', () => {
    const head = 'none\r\n  CONTENT-disposition :  Form-Data; NAME = a ; filename=f  \r\nContent-Type: \t a/b '
    expect(parse(`${part(head, 'x')}--b--`)).toEqual([['a', { name: 'f', type: 'a/b', bytes: latin1('x') }]])
    expect(parse(`${part(`${named('a')}; filename=f`, 'x')}--b--`)).toEqual([
      ['a', { name: 'f', type: '', bytes: latin1('x') }],
    ])
  })

  it('has names as browsers escape them, of a bounded length', () => {
    expect(parse(`${part(named('a%22%0d%0A%41\xc3\xa9'), '1')}--b--`)).toEqual([['a"\r\n%41é', '1']])
    expect(parse(`${part(named('a'.repeat(MAX_NAME)), '1')}--b--`)).toHaveLength(1)
    expect(parse(`${part(named('a'.repeat(MAX_NAME + 1)), '1')}--b--`)).toEqual(
      malformed(`a part has a name of more than ${MAX_NAME} characters`),
    )
  })

  it('has texts of the charset of the part, else of that named by a part, else of its own', () => {
    const other = `${named('a')}\r\nContent-Type: text/plain ; Charset=latin1`
    const mark = (name: string) => part(named('_charset_'), name)
    expect(parse(`${part(other, '\xe9')}--b--`)).toEqual([['a', 'é']])
    expect(parse(`${part(other.replace('; Charset', ';Charset'), '\xe9')}--b--`)).toEqual([['a', 'é']])
    expect(
      parse(`${part(`${named('a')}\r\nContent-Type: text/plain`, '\xe9')}--b--`, `${TYPE}; charset=latin1`),
    ).toEqual([['a', 'é']])
    expect(parse(`${part(named('a'), '\xa4')}${mark(' iso-8859-15\t')}--b--`, `${TYPE}; charset=latin1`)).toEqual([
      ['a', '€'],
      ['_charset_', ' iso-8859-15\t'],
    ])
    expect(parse(`${part(other, '\xa4')}${mark('iso-8859-15')}--b--`)).toMatchObject([['a', '¤'], {}])
    expect(parse(`${mark('klingon')}--b--`)).toEqual(['unsupported_media_type', 'text/plain; charset=klingon'])
    expect(parse(`${part(named('a'), '\xe9')}--b--`)).toEqual(
      malformed('a part of the multipart body is not valid UTF-8'),
    )
    expect(parse(`${part(named('a'), '\0')}--b--`)).toEqual(
      malformed('a part of the multipart body has a character that no text may have'),
    )
  })

  it('has files with names in either of their spellings', () => {
    const file = (more: string) =>
      (parse(`${part(`${named('f')}; ${more}`, '\xff')}--b--`) as [string, { name: string }][])[0]?.[1]?.name
    expect(file('filename="a%22\xc3\xa9%41"')).toBe('a"é%41')
    expect(file("filename=a; filename*=utf-8''b%C3%A9+%22")).toBe('bé+"')
    expect(file("filename=a; filename*=latin1''b")).toBe('a')
    expect(file("filename=a; filename*=xutf-8''b")).toBe('a')
    expect(file('filename=""')).toBe('')
  })
})
