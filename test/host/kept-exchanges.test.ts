/** Nothing that opens an account is shown of kept exchanges. */
import { describe, expect, it } from 'vitest'
import { readableBody, readableHeaders } from '../../src/double/readable.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('a kept exchange shows no secret', () => {
  it.each([
    [
      '{"token":"S","n":[{"key":1},"token=S"],"pwd":null,"a":true}',
      '{"token":"[hidden]","n":[{"key":"[hidden]"},"token=[hidden]"],"pwd":null,"a":true}',
    ],
    [' ["token=S"]', '["token=[hidden]"]'],
    ['"token=S"', '"token=[hidden]"'],
    ['{"Name":"SessionId","Value":"S","n":1}', '{"Name":"SessionId","Value":"[hidden]","n":1}'],
    ['{"key":"token","value":"S"}', '{"key":"[hidden]","value":"[hidden]"}'],
    ['{"name":"a","names":"token","value":"b"}', '{"name":"a","names":"token","value":"b"}'],
    ['{"name":5,"value":"b"}', '{"name":5,"value":"b"}'],
    ['{"name":["token"],"username":"token","value":"b"}', '{"name":["token"],"username":"token","value":"b"}'],
    [
      '{"name":"pwd","username":"S","keyed":"S","value":5}',
      '{"name":"pwd","username":"[hidden]","keyed":"[hidden]","value":5}',
    ],
    ['"\\u0074oken=S"', '"token=[hidden]"'],
    ['{"token":"S', '{"token":"[hidden]"'],
    ['got( {"Name":"SessionId","Value":"S"} );', 'got( {"Name":"SessionId","Value":"[hidden]"} );'],
  ])('in JSON: %s', (text, left) => expect(readableBody(text, 'application/json')).toBe(left))

  it.each([
    ['<a><Token>S</Token><b>c</b></a>', '<a><Token>[hidden]</Token><b>c</b></a>'],
    ['\n<Token>\n <a>S</a>S\n</Token>\n<b>c</b>', '\n<Token>\n <a>[hidden]</a>[hidden]</Token>\n<b>c</b>'],
    ['<Token/><Token a="b"/><b>c</b>', '<Token/><Token a="b"/><b>c</b>'],
    ['<Token><Token>S</Token></Token><b>c</b>', '<Token><Token>[hidden]</Token></Token><b>c</b>'],
    ['<Token><Pwd>S</Pwd><a>S</a></Token>', '<Token><Pwd>[hidden]</Pwd><a>[hidden]</a></Token>'],
    ['<Token><![CDATA[a <S]]>SS</Token>', '<Token>[hidden][hidden]</Token>'],
    ['<Token>S', '<Token>[hidden]'],
    ['<Token><![CDATA[a<S></Token>S]]></Token><b>c</b>', '<Token>[hidden]</Token><b>c</b>'],
    ['<Token><![CDATA[a<S', '<Token>[hidden]'],
    [
      '<P Name="Token">S</P><P name=\'pwd\'>S</P><P Name="a">b</P>',
      '<P Name="Token">[hidden]</P><P name=\'pwd\'>[hidden]</P><P Name="a">b</P>',
    ],
    [
      '<Name>SessionId</Name><Value>S</Value><Name>a</Name><Value>b</Value>',
      '<Name>SessionId</Name><Value>[hidden]</Value><Name>a</Name><Value>b</Value>',
    ],
    [
      '<ns:Name> key </ns:Name><ValueType>b</ValueType><ns:Value>S</ns:Value>',
      '<ns:Name> key </ns:Name><ValueType>b</ValueType><ns:Value>[hidden]</ns:Value>',
    ],
    ['<Names>token</Names><Value>b</Value>', '<Names>token</Names><Value>b</Value>'],
    ['<UserName>token</UserName><Value>b</Value>', '<UserName>token</UserName><Value>b</Value>'],
    ['<!-- token=S --><a url="http://me:S@h/">b</a>', '<!-- token=[hidden] --><a url="http://[hidden]@h/">b</a>'],
  ])('in XML: %s', (text, left) => expect(readableBody(text, 'application/xml')).toBe(left))

  it.each([
    ['a=1&User[Password]=S&b=', 'a=1&User[Password]=[hidden]&b='],
    ['my+pwd=S&%70wd=S&x', 'my+pwd=[hidden]&%70wd=[hidden]&x'],
    ['u=https%3A%2F%2Fme%3AS%40h&a=b', 'u=https%3A%2F%2F[hidden]%40h&a=b'],
  ])('in a form, whatever it is called: %s', (text, left) => {
    for (const type of [FORM, 'text/plain']) expect(readableBody(text, type)).toBe(left)
  })

  it('in any other text, and in headers', () => {
    expect(readableBody('x-token: S', 'text/plain')).toBe('x-token: [hidden]')
    expect(readableBody('1.50', 'text/plain')).toBe('1.50')
    expect(readableBody('my pwd=S', FORM)).toBe('my pwd=[hidden]')
    expect(readableBody('', '')).toBe('')
    const headers = [
      ['x-auth-token', 'S'],
      ['referer', 'http://h/?token=S'],
      ['a', 'b'],
    ] as const
    expect(readableHeaders(headers)).toEqual([
      ['x-auth-token', '[hidden]'],
      ['referer', 'http://h/?token=[hidden]'],
      ['a', 'b'],
    ])
  })

  it('what is JSON, XML or a form is shown whole, however long, but not however deep', () => {
    const long = { a: 'x'.repeat(9000), token: 'S' }
    expect(readableBody(JSON.stringify(long), '')).toBe(JSON.stringify({ ...long, token: '[hidden]' }))
    const [element, pair] = [`<a>${long.a}</a>`, `note=${long.a}`]
    expect(readableBody(`${element}<Token>S</Token>`, '')).toBe(`${element}<Token>[hidden]</Token>`)
    for (const type of [FORM, '']) expect(readableBody(`${pair}&pwd=S`, type)).toBe(`${pair}&pwd=[hidden]`)
    expect(readableBody(`a ${pair}&${pair}`, '')).toBe(`a ${pair}`.slice(0, 4000).concat('…'))
    const deep = (levels: number, inner: string) => '['.repeat(levels) + inner + ']'.repeat(levels)
    expect(readableBody(deep(41, '1'), '')).toBe(deep(41, '1'))
    expect(readableBody(deep(42, '1'), '')).toBe(deep(41, '"[deep]"'))
    const nested = (levels: number, inner: string) => '{"a":'.repeat(levels) + inner + '}'.repeat(levels)
    expect(readableBody(nested(42, '{"token":"S"}'), '')).toBe(nested(41, '"[deep]"'))
  })
})
