/** How tolerantly parameters are read, and in which form refusals come. */
import { expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, type Rule } from '../../kit/rules.ts'
import { ACTION, act, completed, REQUEST } from './act.ts'

const post = (body: string, type: string) => ({
  ...{ as: 'nobody' as const, method: 'POST', path: '/api', body },
  headers: { 'content-type': type },
})

export const readingRules: readonly Rule[] = [
  {
    name: 'a browser may send the headers that it asks for',
    source: 'section 1',
    async check({ ask }) {
      const asked = {
        origin: 'https://app.example',
        'access-control-request-headers': 'cache-control, content-language',
      }
      const answer = await ask({ as: 'nobody', method: 'OPTIONS', path: '/api', headers: asked })
      const allowed = answer.headers.get('access-control-allow-headers') ?? ''
      expectTrue(answer.status < 300, `status ${answer.status} of a preflight`)
      for (const name of ['authorization', 'cache-control', 'content-language', 'content-type']) {
        expectTrue(allowed.toLowerCase().includes(name), `${name} is allowed, not only ${allowed}`)
      }
    },
  },
  answering('parameters sent as plain text are a form', 'section 1', post('Action=NoOp&Output=json', 'text/plain'), {
    status: 200,
    members: { [`${ACTION}.IsCompleted`]: 'true' },
  }),
  {
    name: 'True and FALSE are booleans',
    source: 'section 1',
    async check(bench) {
      completed(await act(bench, 'DidBrowse', { CalcFound: 'True' }), 'DidBrowse')
      completed(await act(bench, 'DidBrowse', { CalcFound: 'FALSE' }), 'DidBrowse')
    },
  },
  {
    name: 'what cannot be read is refused in the format that was asked for',
    source: 'section 1',
    async check({ ask }) {
      const form = 'application/x-www-form-urlencoded'
      const answer = await ask(post('Action=Echo&Output=json&Note=caf%E9', form))
      expectAnswer(answer, { status: 200, headers: { 'content-type': /json/ } })
      expectAnswer(answer, { status: 200, members: { [`${REQUEST}.Errors.Error.Code`]: 'Value.Invalid' } })
    },
  },
]
