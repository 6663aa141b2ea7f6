/** The envelope, its two formats, and how parameters come in. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, member, type Rule } from '../../kit/rules.ts'
import { act, all, completed, json, REQUEST, RESULT, requestError, SESSION } from './act.ts'

/** What differs between two answers to the same question. */
const TIMES = /<(DateTime|Duration)>[^<]*<\/\1>/g
const names = (body: unknown) => all(body, `${REQUEST}.Parameters.Parameter`).map(each => member(each, 'Name'))
const get = (path: string) => ({ as: 'nobody' as const, method: 'GET', path })

export const envelopeRules: readonly Rule[] = [
  {
    name: 'parameters are echoed in their order',
    source: 'section 2, vector 1',
    async check(bench) {
      const { body } = completed(await act(bench, 'Echo', { Foo: 'Bar', Zed: '1', Alpha: '2' }, 'nobody'), 'Echo')
      expectEqual(names(body).slice(0, 5), ['Action', 'Foo', 'Zed', 'Alpha', 'Output'], 'names')
      expectEqual(member(body, `${SESSION}.IsEstablished`), 'false', 'IsEstablished')
    },
  },
  {
    name: 'an empty value is an empty object and every leaf is text',
    source: 'section 1, vector 2',
    async check(bench) {
      const { body } = completed(await act(bench, 'Echo', { Foo: '' }, 'nobody'), 'Echo')
      expectEqual(member(body, `${REQUEST}.Parameters.Parameter.1`), { Name: 'Foo', Value: {} }, 'echo of Foo')
      expectEqual(typeof member(body, `${REQUEST}.Duration`), 'string', 'type of Duration')
      expectEqual(member(body, RESULT), { Echo: {} }, 'Result')
    },
  },
  {
    name: 'XML is the format unless JSON is asked for, whatever is accepted',
    source: 'section 1',
    async check({ ask }) {
      const answer = await ask({ ...get('/api?Action=NoOp'), headers: { accept: 'application/json' } })
      expectAnswer(answer, { status: 200, headers: { 'content-type': /^text\/xml/ } })
      expectTrue(/<IsCompleted>true<\/IsCompleted>.*<NoOp\s*\/>/s.test(answer.text), 'NoOp is completed')
    },
  },
  {
    name: 'elements of XML come in the recorded order',
    source: 'section 2',
    async check({ ask }) {
      const { text } = await ask(get('/api?Action=NoOp'))
      const order = [
        'Context',
        'Action',
        'IsCompleted',
        'Request',
        'IsValid',
        'DateTime',
        'Duration',
        'Session',
        'Result',
      ]
      const places = order.map(name => text.indexOf(`<${name}`))
      expectTrue(!places.includes(-1), `${order} are all there`)
      expectEqual(
        places,
        [...places].sort((a, b) => a - b),
        'places of the elements',
      )
    },
  },
  {
    name: 'a callback wraps the JSON',
    source: 'section 1, vector 3',
    async check({ ask }) {
      const answer = await ask(get('/api?Action=NoOp&Output=json&Callback=Jnctn.__jsonp__.jn0&now=1'))
      expectAnswer(answer, { status: 200, headers: { 'content-type': /^application\/javascript/ } })
      expectTrue(/^Jnctn\.__jsonp__\.jn0\( \{.*\} \);$/s.test(answer.text), 'the callback stands around the answer')
    },
  },
  answering(
    'a callback that is none is refused in plain JSON',
    'section 1, vector 4',
    json('NoOp', { Callback: 'a(b)' }),
    requestError('Callback', 'Value.Invalid'),
  ),
  answering(
    'an unknown action is named so',
    'section 2, vector 8',
    json('Bogus'),
    requestError('Action', 'Action.Unrecognized'),
  ),
  answering(
    'no action is a missing parameter',
    'section 2, vector 8',
    get('/api?Output=json'),
    requestError('Action', 'Value.Required'),
  ),
  {
    name: 'nothing at all is answered without a list of parameters',
    source: 'section 2, vector 8',
    async check({ ask }) {
      const { text } = expectAnswer(await ask(get('/api')), { status: 200 })
      expectTrue(text.includes('<IsValid>false<'), 'the request is not valid')
      expectTrue(!text.includes('<Parameters'), 'no Parameters element')
    },
  },
  answering('answers are never stored, and pages of any origin may read them', 'section 1', get('/api?Action=NoOp'), {
    status: 200,
    headers: { 'cache-control': /no-store/, 'access-control-allow-origin': /^\*$/ },
  }),
  {
    name: 'all addresses and ways to send answer the same',
    source: 'sections 1 and 6, vector 25',
    async check({ ask }) {
      const plain = (await ask(get('/api?Action=NoOp'))).text.replace(TIMES, '')
      expectTrue(plain.includes('<IsCompleted>true<'), 'NoOp is completed')
      const gets = ['/webapi', '/restapi', '/api/'].map(path => get(`${path}?Action=NoOp`))
      const odd = { ...get('/api?Action=NoOp'), headers: { 'content-type': 'application/json' } }
      const posts = [
        { as: 'nobody' as const, method: 'POST', path: '/api?Action=NoOp' },
        { as: 'nobody' as const, method: 'POST', path: '/api', body: 'Action=NoOp' },
      ]
      for (const call of [...gets, odd, ...posts]) {
        expectEqual((await ask(call)).text.replace(TIMES, ''), plain, `${call.method} ${call.path}`)
      }
    },
  },
  {
    name: 'blocks for sale are shown to everybody, in order',
    source: 'section 5, vector 9',
    async check(bench) {
      const { body } = completed(await act(bench, 'NpaNxxBrowse', {}, 'nobody'), 'NpaNxxBrowse')
      const codes = all(body, `${RESULT}.NpaNxxBrowse.Npas.Npa`).map(npa => String(member(npa, 'Num')))
      expectTrue(codes.length > 0, 'there is at least one area code')
      expectEqual(codes, [...codes].sort(), 'area codes in order')
    },
  },
]
