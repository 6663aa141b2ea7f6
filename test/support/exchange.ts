/** Exchanges kept as files: a request, and the answer it had, with `{{…}}` for what differs from run to run. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Exchange {
  file: string
  /** `Action`, and the rest of the file's name. */
  operation: string
  case: string
  /** What must be there first. */
  given: string[]
  /** The world is of no use to others afterwards. */
  changes: boolean
  request: string
  answer: string
}

const ANSWER = /\n\n(?=HTTP\/1\.1 )/

export function readExchanges(directory: string): Exchange[] {
  return readdirSync(directory)
    .filter(name => name.endsWith('.http'))
    .sort()
    .map(name => readExchange(join(directory, name)))
}

function readExchange(file: string): Exchange {
  const [request = '', answer = ''] = readFileSync(file, 'utf8').trimEnd().split(ANSWER)
  const [operation = '', ...rest] = basename(file, '.http').split('.')
  const given = /^# given: (.*)$/m.exec(request)?.[1]?.split(', ') ?? []
  return { file, operation, case: rest.join('.'), given, changes: /^# changes$/m.test(request), request, answer }
}

export function keepAnswer({ file, request }: Exchange, answer: string): void {
  writeFileSync(file, `${request.trimEnd()}\n\n${answer}\n`)
}

/** The request of a file, its placeholders filled in. */
export function toRequest({ request }: Exchange, base: string, values: ReadonlyMap<string, string>): Request {
  const text = request.replace(/\{\{(\w+)\}\}/g, (all, name) => values.get(name) ?? all)
  const [head = '', ...body] = text.split('\n\n')
  const [line = '', ...headers] = head.split('\n').filter(each => !each.startsWith('#') && each !== '')
  const [method = '', target = ''] = line.split(' ')
  const pairs = headers.map(each => each.split(': ', 2) as [string, string])
  const isForm = pairs.some(([, value]) => value.startsWith('multipart/'))
  const lines = body.join('\n\n').trimEnd()
  const content = isForm ? `${lines.replaceAll('\n', '\r\n')}\r\n` : lines
  return new Request(`${base}${target}`, { method, headers: pairs, ...(content !== '' && { body: content }) })
}

/** Status, the headers that matter, and the body, indented. */
export async function fromResponse(response: Response, headers: readonly string[]): Promise<string> {
  const body = await response.text()
  const shown = headers.flatMap(name => (response.headers.has(name) ? [`${name}: ${response.headers.get(name)}`] : []))
  const isLines = /ndjson/.test(response.headers.get('content-type') ?? '')
  return [`HTTP/1.1 ${response.status}`, ...shown, '', isLines ? body : indented(body)].join('\n').trimEnd()
}

function indented(body: string): string {
  if (body === '') return ''
  if (body.startsWith('<')) return indentedXml(body)
  if (!/^[\w.[\]]*(\( )?[[{]/.test(body)) return body.trimEnd().replaceAll('\r\n', '\n')
  const [, before = '', json = body, after = ''] = /^([\w.[\]]+\( )(.*)( \);)$/s.exec(body) ?? []
  return `${before}${JSON.stringify(JSON.parse(json), null, 2)}${after}`
}

function indentedXml(xml: string): string {
  let depth = 0
  const lines = xml.split(/(?<=>)(?=<)/).map(part => {
    if (part.startsWith('</')) depth--
    const line = '  '.repeat(Math.max(0, depth)) + part
    if (/^<[^/?!]/.test(part) && !/\/>$|<\//.test(part)) depth++
    return line
  })
  return lines.join('\n')
}
