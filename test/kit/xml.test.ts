import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { branch, leaf, renderElement, renderJson, renderXml, type XmlNode } from '../../adapters/kit/xml.ts'

const NAMESPACE = 'http://example.com/ns'
const xml = (root: XmlNode) => Buffer.concat(renderXml(root, NAMESPACE)).toString()
const json = (root: XmlNode) => Buffer.concat(renderJson(root)).toString()
const head = `<?xml version="1.0" encoding="UTF-8"?>`

describe('XML', () => {
  it('puts the namespace on the root as the default one', () => {
    expect(xml(branch('A', [leaf('B', 1)]))).toBe(`${head}<A xmlns="${NAMESPACE}"><B>1</B></A>`)
  })

  it('writes empty elements short, and keeps order and attributes', () => {
    const root = branch('A', [
      branch('L', [], { Limit: '20', Offset: '0' }),
      leaf('E', ''),
      leaf('T', true),
      leaf('E', 2),
    ])
    expect(xml(root)).toBe(`${head}<A xmlns="${NAMESPACE}"><L Limit="20" Offset="0"/><E/><T>true</T><E>2</E></A>`)
  })

  it('escapes what would be markup and drops what XML forbids', () => {
    const text = '<a href="x">&\u0000\u0008\ud800\ufffe\uffff \u{1f600}\t\n'
    expect(xml(leaf('A', text))).toBe(
      `${head}<A xmlns="${NAMESPACE}">&lt;a href=&quot;x&quot;&gt;&amp; \u{1f600}\t\n</A>`,
    )
  })

  it.each([
    'plain',
    'a\r\nb',
    ' lead and trail ',
    '&amp;',
    ']]>',
    '\'"',
    '日本語',
    '\u{10ffff}',
  ])('carries %j through a parser', text => {
    const document = XmlDocument.fromString(xml(leaf('A', text)))
    expect(document.root.content).toBe(text)
    document.dispose()
  })

  it('writes CDATA that cannot be left', () => {
    const text = xml({ name: 'E', text: 'a ]]> b', cdata: true })
    const document = XmlDocument.fromString(text)
    expect(text).toContain('<![CDATA[')
    expect(document.root.content).toBe('a ]]> b')
    document.dispose()
  })
})

describe('the JSON image', () => {
  it('has strings for leaves and {} for everything empty', () => {
    const root = branch('R', [leaf('N', 27370), leaf('B', true), leaf('E', ''), branch('L'), leaf('G', '\u0001')])
    expect(json(root)).toBe('{"R":{"N":"27370","B":"true","E":{},"L":{},"G":{}}}')
  })

  it('shows one child as itself and several as an array, in document order', () => {
    const one = branch('R', [branch('L', [branch('I', [leaf('N', 1)])])])
    const two = branch('R', [branch('L', [leaf('I', 'a'), leaf('J', 'x'), leaf('I', '')])])
    expect(json(one)).toBe('{"R":{"L":{"I":{"N":"1"}}}}')
    expect(json(two)).toBe('{"R":{"L":{"I":["a",{}],"J":"x"}}}')
  })

  it('puts attributes first', () => {
    const attributes = { Limit: '20', Offset: '0', Found: '0' }
    expect(json(branch('R', [branch('L', [], attributes)]))).toBe(
      '{"R":{"L":{"@attributes":{"Limit":"20","Offset":"0","Found":"0"}}}}',
    )
  })

  it('is text when the root is a leaf', () => {
    expect(json({ name: 'Exception', text: 'oops', cdata: true })).toBe('{"Exception":"oops"}')
  })
})

describe('one element alone', () => {
  const name = fc.constantFrom('A', 'B', 'C')
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", '\r', '\n', '\t', ']]>', ' ', '\ufffe', '\u0000', 'é', 'x'),
    }),
  )
  const { node } = fc.letrec<{ node: XmlNode }>(tie => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.record({ name, text }),
      fc.record({ name, text, cdata: fc.constant(true as const) }),
      fc.record({ name, children: fc.array(tie('node'), { maxLength: 4 }) }),
      fc.record({ name, attributes: fc.dictionary(name, text), children: fc.array(tie('node'), { maxLength: 4 }) }),
    ),
  }))

  it('is written as inside of a document, in both formats', () => {
    fc.assert(
      fc.property(node, each => {
        const alone = (format: 'xml' | 'json') => Buffer.from(renderElement(each, format)).toString()
        expect(`${head}<R xmlns="${NAMESPACE}">${alone('xml')}</R>`).toBe(xml(branch('R', [each])))
        expect(`{"R":{"${each.name}":${alone('json')}}}`).toBe(json(branch('R', [each])))
      }),
      { numRuns: 500 },
    )
  })

  it('may hold elements that are bytes already', () => {
    const inner = {
      name: 'I',
      pieces: (format: 'xml' | 'json') => [Buffer.from(format === 'xml' ? '<I>1</I>' : '"1"')],
    }
    const outer = branch('O', [leaf('A', 'x'), inner, inner])
    expect(Buffer.from(renderElement(outer, 'xml')).toString()).toBe('<O><A>x</A><I>1</I><I>1</I></O>')
    expect(Buffer.from(renderElement(outer, 'json')).toString()).toBe('{"A":"x","I":["1","1"]}')
  })
})
