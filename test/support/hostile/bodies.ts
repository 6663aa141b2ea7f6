/** Bodies as a whole: of wrong shape, torn, too deep, too many, in the wrong charset. */
import { type Drawn, deep, type HostileCase, NUL } from './case.ts'
import { FORM_TYPE, goodFields, JSON_TYPE, jsonText, multipartText } from './requests.ts'

const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
type Whole = readonly [name: string, sent: Uint8Array, type: string, expect: HostileCase['expect']]

/** Some are megabytes: they are written once, and sent to every operation. */
let constant: readonly Whole[] | undefined

function constantBodies(): readonly Whole[] {
  const body = (
    name: string,
    sent: string | Uint8Array,
    type: string,
    expect: HostileCase['expect'] = 'refused',
  ): Whole => [name, typeof sent === 'string' ? new TextEncoder().encode(sent) : sent, type, expect]
  const shapes = ['[]', '["x"]', '"text"', '""', '0', '5', 'true', 'false', 'null', '[{}]', '[[]]'].map(text =>
    body(text.slice(0, 20), text, JSON_TYPE),
  )
  const torn = ['{', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":1}{}', '\0', '{"a":"\u0001"}', 'NaN', '{"a":01}'].map(
    text => body(`torn ${JSON.stringify(text)}`, text, JSON_TYPE),
  )
  const sizes = [
    body('deep list', `{"a":${deep(6000)}}`, JSON_TYPE),
    body('deep object', deepObject(6000), JSON_TYPE),
    body('rather deep', `{"a":${deep(100)}}`, JSON_TYPE),
    body(
      'many members',
      jsonText(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`m${i}`, 1]))),
      JSON_TYPE,
    ),
    body('many elements', `{"a":[${'1,'.repeat(400_000)}1]}`, JSON_TYPE),
    body('too large', `{"a":"${'x'.repeat(11 * 1024 * 1024)}"}`, JSON_TYPE),
    body('form of many', 'a&'.repeat(400_000), FORM_TYPE),
    body('form of separators', '&'.repeat(900_000), FORM_TYPE, 'decent'),
    body('many parts', multipartText(Array.from({ length: 20_000 }, () => ['name="a"', ''] as const)), MULTIPART),
  ]
  const latin1 = Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d])
  const encodings = [
    body('not UTF-8', latin1, JSON_TYPE),
    body('UTF-16 unsaid', utf16('{"a":"b"}'), JSON_TYPE),
    body('unknown charset', '{}', `${JSON_TYPE}; charset=klingon`),
    body('form not UTF-8', 'a=%e9', FORM_TYPE),
    body('NUL', `{"a":${JSON.stringify(NUL)}}`, JSON_TYPE),
    body('NUL in a name', '{"a\\u0000":1}', JSON_TYPE),
    body('lone surrogate', `{"a":"${'\\ud800'}"}`, JSON_TYPE),
    body('other type', '<a/>', 'application/xml'),
    body('no boundary', 'x', 'multipart/form-data'),
    body('torn multipart', '--frontier\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', MULTIPART),
  ]
  return [...shapes, ...torn, ...sizes, ...encodings]
}

/** Bodies as a whole: of no operation is any of these a body, and none may pass for an absent one. */
export function wholeBodyCases({ target, plain, things }: Drawn): HostileCase[] {
  constant ??= constantBodies()
  const good = `[${jsonText(goodFields(target.body, things))}]`
  const own: Whole = [good.slice(0, 20), new TextEncoder().encode(good), JSON_TYPE, 'refused']
  return [own, ...constant].map(([name, sent, type, expect]) => ({
    name: `body ${name}`,
    parts: { ...plain, body: sent, type },
    expect,
  }))
}

const MULTIPART = 'multipart/form-data; boundary=frontier'
const utf16 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'))
