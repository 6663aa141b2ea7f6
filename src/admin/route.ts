import type { Context } from 'hono'
import type * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { Page } from '../../core/ground/model.ts'
import type { AdminContext, AdminEnv } from './context.ts'
import { pageOf, readBody, readQuery } from './input.ts'

type Schema = v.GenericSchema
type Told<S> = S extends Schema ? v.InferOutput<S> : undefined
export type Incoming = Context<AdminEnv>

/** What a call is, for those who make it: read by the route itself and by the reference, so that both say the same. */
export interface RouteWords<B extends Schema | undefined, Q extends Schema | undefined> {
  /** One line. */
  summary: string
  /** What the line leaves open. Text between backquotes is code. */
  description?: string
  /** Of the JSON body; an absent body is an object without members. */
  body?: B
  /** Of what follows `?`, beside `limit` and `offset` of a list. */
  query?: Q
  /** Answers a page of a list: takes `limit` and `offset`. */
  paged?: true
  /** Media type of a body that is not JSON. */
  takes?: 'text/csv'
  /** Of the good answer; 200 by default. */
  status?: number
  /** A good answer as it may be: its form is documented by it. Undefined: without a body. */
  answer?: unknown
  /** Media type of a good answer that is not JSON. */
  gives?: string
  /** Not of a world: not to be had below a space. */
  ofGateway?: true
  /** Refused in production. */
  only?: 'double'
  /**
   * Ends a life of the world, or waits for what others do meanwhile: not counted among the requests that a reset waits
   * for. Such a handler asks for the core each time it needs it.
   */
  aside?: true
}

/** What was sent, read when it is asked for, so that a handler decides what is looked at first. */
export interface Given<B, Q> {
  /** Faults: unreadable_body, invalid_input. */
  body(): Promise<Told<B>>
  query(): Told<Q>
  page(): Page
}

export interface Route {
  method: string
  /** Below /admin/v1, parameters as `:name`. */
  path: string
  words: RouteWords<Schema | undefined, Schema | undefined>
  run(world: AdminContext, c: Incoming): Promise<Response>
}

/** One noun of the admin plane. */
export type AdminModule = readonly Route[]

type Handle<B, Q> = (world: AdminContext, c: Incoming, given: Given<B, Q>) => Promise<Response> | Response

/** `on`: method and path, such as `POST /accounts/:id/topups`. */
export function route<B extends Schema | undefined = undefined, Q extends Schema | undefined = undefined>(
  on: string,
  words: RouteWords<B, Q>,
  handle: Handle<B, Q>,
): Route {
  const [method = '', path = ''] = on.split(' ')
  const answer = async (world: AdminContext, c: Incoming) => handle(world, c, givenOf(words, c))
  return {
    method,
    path,
    words,
    async run(world, c) {
      if (words.only === 'double' && world.mode !== 'double') throw new Fault('not_in_this_mode', { needed: 'double' })
      if (words.aside || !world.turns) return answer(world, c)
      return world.turns.shared(() => answer(world, c))
    },
  }
}

function givenOf<B extends Schema | undefined, Q extends Schema | undefined>(words: RouteWords<B, Q>, c: Incoming) {
  const given: Given<B, Q> = {
    body: async () => (words.body && (await readBody(c, words.body))) as Told<B>,
    query: () => (words.query && readQuery(c, words.query)) as Told<Q>,
    page: () => pageOf(c),
  }
  return given
}
