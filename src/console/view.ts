import type { Context } from 'hono'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { AdminContext, AdminEnv } from '../admin/context.ts'
import type { Client, FieldIssue } from './client.ts'

/** What was just done, told on the next page and nowhere after it. */
export interface Notice {
  isError: boolean
  text: string
  /** Shown this once: a new secret, a key. */
  shown?: Record<string, unknown>
  refused?: Refused
  /** The form that was refused is on the page, and tells it. */
  isPlaced?: boolean
}

/** A form that was refused, as it was sent. */
export interface Refused {
  form: string
  typed: Readonly<Record<string, string>>
  issues: readonly FieldIssue[]
}

/** One request for a page. */
export interface View {
  c: Context<AdminEnv>
  admin: Client
  world: AdminContext
  /** Name of the space whose world this is; '' of the program's own. */
  space: string
  /** Path of the console for this world, before every link. */
  base: string
  /** Path and query of this page. */
  here: string
  csrf: string
  notice: Notice | undefined
  /** What came of the last file that this browser sent. */
  report: unknown
  /** There is a session that can be ended. */
  isSignedIn: boolean
  query(name: string): string
}

/** One page: what it is called, and what stands on it. */
export interface Shown {
  title: string
  body: JSX.Element
  status?: number
}

export interface Page {
  /** Below the console, parameters as `:name`. */
  path: string
  show(view: View): Promise<Shown | Response>
}

export const page = (path: string, show: Page['show']): Page => ({ path, show })
