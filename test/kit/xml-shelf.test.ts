import { describe, expect, it } from 'vitest'
import { branch, type Format, leaf, renderJson, renderXml, type XmlNode } from '../../adapters/kit/xml.ts'
import { prepareItem, prepareList, prepareRun } from '../../adapters/kit/xml-shelf.ts'

const NAMESPACE = 'http://example.com/ns'
const head = `<?xml version="1.0" encoding="UTF-8"?>`
const xml = (root: XmlNode) => Buffer.concat(renderXml(root, NAMESPACE)).toString()
const json = (root: XmlNode) => Buffer.concat(renderJson(root)).toString()
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

const element = (n: number | string) => branch('I', [leaf('N', n), leaf('E', ''), branch('L', [leaf('X', '<é')])])
const item = (n: number | string) => prepareItem('I', () => element(n))
const items = (count: number) => Array.from({ length: count }, (_, index) => item(index))
const around = (node: XmlNode) => branch('R', [leaf('A', 'a "quoted" \\ text'), branch('Result', [node]), leaf('Z', 1)])

describe('a list of prepared elements', () => {
  it.each([
    [[]],
    [[0]],
    [[1]],
    [[5]],
    [[1, 1]],
    [[2, 1, 3]],
    [[0, 1, 0]],
    [[3, 0, 2]],
  ])('is spliced in as if rendered in place: runs of %j', counts => {
    const runs = counts.map(count => prepareRun('I', items(count)))
    const plain = branch(
      'Is',
      counts.flatMap(count => Array.from({ length: count }, (_, index) => element(index))),
    )
    const list = prepareList('Is', runs)
    expect(json(around(list))).toBe(json(around(plain)))
    expect(xml(around(list))).toBe(xml(around(plain)))
    // and once more, from what is kept now
    expect(json(around(prepareList('Is', runs)))).toBe(json(around(plain)))
    expect(xml(around(prepareList('Is', runs)))).toBe(xml(around(plain)))
  })

  it('may be of single elements, some of them parts of a run', () => {
    const [one, two, three] = [item(1), item(2), item(3)]
    prepareRun('I', [one, two]).bytes('json')
    const [list, plain] = [prepareList('Is', [two, three]), branch('Is', [element(2), element(3)])]
    expect(json(around(list))).toBe(json(around(plain)))
    expect(xml(around(list))).toBe(xml(around(plain)))
  })

  it('is sent in as many pieces as it has runs, but for what is around them', () => {
    const list = prepareList('Is', [prepareRun('I', items(50)), prepareRun('I', items(50))])
    expect(list.pieces('xml')).toHaveLength(4)
    expect(list.pieces('json')).toHaveLength(4)
  })

  it('keeps its place beside others', () => {
    const list = (n: number) => prepareList('L', [prepareRun('A', [prepareItem('A', () => leaf('A', n))])])
    const root = branch('R', [list(1), leaf('B', 2), list(3)])
    expect(xml(root)).toBe(`${head}<R xmlns="${NAMESPACE}"><L><A>1</A></L><B>2</B><L><A>3</A></L></R>`)
    expect(json(root)).toBe('{"R":{"L":[{"A":"1"},{"A":"3"}],"B":"2"}}')
  })

  it('cannot be forged by text', () => {
    const root = branch('R', [prepareList('L', [item(1)]), leaf('B', '\ufffe0\ufffe')])
    expect(json(root)).toBe(`{"R":{"L":${json(branch('L', [element(1)])).slice(5, -1)},"B":"0"}}`)
  })
})

describe('a run', () => {
  const formats: Format[] = ['xml', 'json']

  it.each(formats)('asks for each tree once for %s, and not before', format => {
    const asked: number[] = []
    const counted = [1, 2].map(n =>
      prepareItem('I', () => {
        asked.push(n)
        return element(n)
      }),
    )
    const run = prepareRun('I', counted)
    expect(asked).toEqual([])
    const bytes = run.bytes(format)
    expect(run.bytes(format)).toEqual(bytes)
    expect(run.bytes(format).buffer).toBe(bytes.buffer)
    for (const each of counted) each.bytes(format)
    expect(asked).toEqual([1, 2])
  })

  it.each(formats)('and its elements are the same bytes in %s', format => {
    const [one, two] = [item('é'), item(2)]
    const alone = [one, two].map(each => text(each.bytes(format)))
    const bytes = prepareRun('I', [one, two]).bytes(format)
    expect(text(bytes)).toBe(alone.join(format === 'json' ? ',' : ''))
    expect([one, two].map(each => text(each.bytes(format)))).toEqual(alone)
    for (const each of [one, two]) expect(each.bytes(format).buffer).toBe(bytes.buffer)
  })

  it('takes the place of one in which an element was another, with nothing of it left', () => {
    const [one, two, three] = [item(1), item(2), item(3)]
    const before = prepareRun('I', [one, two, three])
    const [oldXml, oldJson] = [before.bytes('xml'), before.bytes('json')]
    const [sentXml, sentJson] = [text(oldXml), text(oldJson)]
    const after = prepareRun('I', [one, item('two'), three])
    for (const format of ['json', 'xml'] as const) {
      const expected = prepareRun('I', [item(1), item('two'), item(3)]).bytes(format)
      expect(text(after.bytes(format))).toBe(text(expected))
      for (const each of [one, three]) expect(each.bytes(format).buffer).toBe(after.bytes(format).buffer)
    }
    // an answer that is still on its way stays as it was
    expect([text(oldXml), text(oldJson)]).toEqual([sentXml, sentJson])
  })
})
