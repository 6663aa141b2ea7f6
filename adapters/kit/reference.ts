/** What a dialect tells about itself for its reference pages, beside what its operations already say. */
import type { GenericSchema } from 'valibot'
import type { PublicClient } from './clients.ts'

/** A security scheme as OpenAPI has it. */
export interface SecurityScheme {
  type: 'http' | 'apiKey'
  scheme?: 'basic' | 'bearer'
  in?: 'header' | 'query'
  name?: string
  description?: string
}

export interface BodyNote {
  schema: GenericSchema
  required?: boolean
}

/** One documented spelling of an operation. What is left out is derived from the operation's input. */
export interface RestEntry {
  /** One of the operation's own `on`. */
  on: string
  /** Unique in the dialect, and stable: clients are generated from it. */
  id: string
  tag: string
  summary: string
  description?: string
  /** Query parameters that are read by hand, or that the input cannot show. */
  query?: Readonly<Record<string, GenericSchema>>
  /** Members of the input that a request with a body has in its query all the same. */
  inQuery?: readonly string[]
  /** A body that is read by hand; null: none, whatever the method. */
  body?: BodyNote | null
  /** Headers of answers that are no errors. */
  headers?: Readonly<Record<string, GenericSchema>>
  /** Media type of answers that are bytes. */
  binary?: string
}

/** What tells which statuses the provider answers with: a paper of its own, its software, or a recording of its server. */
export interface StatusSource {
  title: string
  /** By the id of an operation or the name of an action; `*` stands for all that can answer so. */
  statuses: Readonly<Record<string, readonly number[]>>
}

/** What the table of coverage stands on. */
interface Grounds {
  /** A status counts as documented only where one of these names it. */
  statusSources?: readonly StatusSource[]
  /** A test in which what the provider itself publishes takes our answers: a client from npm, or a schema. */
  judge?: {
    by: { npm: string } | { schema: string }
    test: string
    /** Operations that it says nothing about. */
    leavesOut?: RegExp
  }
  /** What is published to call the provider with, and which of its methods are answered. */
  clients?: readonly PublicClient[]
}

export interface RestReference extends Grounds {
  kind: 'rest'
  title: string
  description: string
  security: Readonly<Record<string, SecurityScheme>>
  /** Each inner list is enough by itself. */
  anyOf: readonly (readonly string[])[]
  /** In the order in which they are shown. */
  tags: Readonly<Record<string, string>>
  /** Headers that every operation with an effect takes. */
  changeHeaders?: Readonly<Record<string, GenericSchema>>
  /** Media type of requests and answers; default: JSON. Answers of another one are told by the name of their element. */
  documents?: string
  /** Shapes that deserve a name of their own. */
  schemas: Readonly<Record<string, GenericSchema>>
  operations: readonly RestEntry[]
}

export interface ActionReference extends Grounds {
  kind: 'actions'
  title: string
  description: string
  /** Addresses of the API below its mount. */
  paths: readonly string[]
  /** The grammar's file that includes all others. */
  grammar: string
  /** Parameters that every action takes. */
  common: Readonly<Record<string, string>>
  /** Those that name the caller, for actions that need one. */
  session: Readonly<Record<string, string>>
  /** What each parameter means, by its name. */
  parameters: Readonly<Record<string, string>>
  /** What each action does, by its name. */
  actions: Readonly<Record<string, string>>
}

export type Reference = RestReference | ActionReference

type More = Omit<RestEntry, 'on' | 'id' | 'tag' | 'summary'>

/** One line for an operation whose input tells the rest. */
export function entry(on: string, id: string, tag: string, summary: string, more: More = {}): RestEntry {
  return { on, id, tag, summary, ...more }
}
