/** A client of the onsip dialect for tests: whatever it receives is checked with the grammars, JSON answers too. */
import { XMLParser } from 'fast-xml-parser'
import { type Image, toXml, unwrapped } from '../../../verify/answers/image.ts'
import { assertXml, NAMESPACE } from './grammar.ts'

export type { Image } from '../../../verify/answers/image.ts'

export type Send = (request: Request) => Promise<Response>

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The content of `Response`; for XML the same image as in JSON. */
  body: { [name: string]: Image }
}

export interface CallOptions {
  path?: string
  method?: 'GET' | 'POST'
  /** Where the parameters of a POST stand. */
  as?: 'form' | 'multipart' | 'query'
  headers?: Record<string, string>
}

/** Parameters in order; a value that is an array is sent under its one name several times. */
export type Parameters = Record<string, string | number>

const parser = new XMLParser({
  ignoreAttributes: (name: string) => name === 'xmlns',
  attributesGroupName: '@attributes',
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  // numeric references are decoded only with these
  htmlEntities: true,
})

export interface OnsipClient {
  call(action: string, parameters?: Parameters, options?: CallOptions): Promise<Answer>
  json(action: string, parameters?: Parameters, options?: CallOptions): Promise<Answer>
  /** Exactly this request. */
  send(request: Request): Promise<Answer>
  /** The session id of a new login. */
  login(name: string, password: string): Promise<string>
}

export function onsipClient(send: Send, base: string): OnsipClient {
  const exchange = async (request: Request) => check(await send(request))
  const call: OnsipClient['call'] = (action, parameters = {}, options = {}) =>
    exchange(request(base, { Action: action, ...parameters }, options))
  return {
    call,
    json: (action, parameters = {}, options = {}) => call(action, { ...parameters, Output: 'json' }, options),
    send: exchange,
    async login(name, password) {
      const answer = await call('SessionCreate', { Username: name, Password: password }, { method: 'POST' })
      return String(at(answer, 'Context.Session.SessionId'))
    },
  }
}

function request(base: string, parameters: Parameters, options: CallOptions): Request {
  const { path = '/api', method = 'GET', as = method === 'GET' ? 'query' : 'form', headers = {} } = options
  const pairs = Object.entries(parameters).map(([name, value]) => [name, String(value)] as [string, string])
  const query = as === 'query' ? `?${new URLSearchParams(pairs)}` : ''
  if (as === 'query') return new Request(`${base}${path}${query}`, { method, headers })
  const body = as === 'form' ? new URLSearchParams(pairs) : new FormData()
  if (body instanceof FormData) for (const [name, value] of pairs) body.append(name, value)
  return new Request(`${base}${path}`, { method, headers, body })
}

async function check(response: Response): Promise<Answer> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: answerOf(text) }
}

/** The content of `Response`. Throws where a grammar rejects the answer. */
export function answerOf(text: string): Answer['body'] {
  const isXml = text.startsWith('<?xml')
  const image = isXml ? fromXml(text) : (JSON.parse(unwrapped(text)) as { [name: string]: Image })
  assertXml(isXml ? text : toXml(image, NAMESPACE))
  return (image.Response ?? image) as Answer['body']
}

function fromXml(text: string): { [name: string]: Image } {
  return emptied(parser.parse(text)) as { [name: string]: Image }
}

/** The parser says '' where the JSON image says {}. */
function emptied(value: unknown): Image {
  if (value === '') return {}
  if (Array.isArray(value)) return value.map(emptied)
  if (typeof value !== 'object' || value === null) return value as string
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, emptied(each)]))
}

/** A member deep in an answer, by names with dots. */
export function at({ body }: Pick<Answer, 'body'>, path: string): Image | undefined {
  return path.split('.').reduce<Image | undefined>((value, name) => {
    return typeof value === 'object' && !Array.isArray(value) ? value[name] : undefined
  }, body)
}

/** One or several of the same name, as a list. */
export function all(value: Image | undefined): Image[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** The parameters echoed, as pairs. */
export function echoed(answer: Answer): [string, Image][] {
  return all(at(answer, 'Context.Request.Parameters.Parameter')).map(each => {
    const { Name, Value, Array: array } = each as { [name: string]: Image }
    return [String(Name), (Value ?? array) as Image]
  })
}

/** What went wrong, in one line: its list, parameter and code. */
export function failure(answer: Answer): string | undefined {
  const request = at(answer, 'Context.Request.Errors.Error') as Record<string, string> | undefined
  const action = at(answer, 'Context.Action.Errors.Error') as Record<string, string> | undefined
  if (request) return `Request ${request.Parameter} ${request.Code}`
  return action && `Action ${action.Code}`
}
