import type { IncomingMessage } from 'node:http'
import type { Hono } from 'hono'
import type { Core } from '../../core/verbs.ts'
import type { Mode } from '../config/config.ts'
import type { Double } from '../double/double.ts'
import type { Exchange } from '../double/exchange.ts'
import type { Limits } from '../limits/limits.ts'
import type { Log } from '../logs/log.ts'
import type { Figures } from '../process/figures.ts'
import type { Metrics } from '../process/metrics.ts'
import type { Spaces } from '../spaces/spaces.ts'
import type { Beginning } from '../worlds/place.ts'
import type { Snapshots } from '../worlds/snapshots.ts'
import type { Turns } from '../worlds/turns.ts'

/** What the admin plane works on. */
export interface AdminContext {
  /** Of the present life: a reset replaces it, so it is not to be kept. */
  readonly core: Core
  mode: Mode
  /** Undefined: loopback only. */
  token: string | undefined
  /** Against floods; undefined: none. */
  limits?: Limits | undefined
  /** Believe X-Forwarded-For, for these limits. */
  trustProxy?: boolean
  /** What credentials can be made for. */
  dialects: readonly string[]
  /** Base URL of the data plane, for the reference pages; '' where nobody listens. */
  dataPlane?: string
  metrics: Metrics
  /** Of the database; undefined: nobody asks for them here. */
  figures?: Figures
  log: Log
  /** Calls are counted among what the world waits for before a reset; undefined: nobody waits here. */
  turns?: Turns
  /** Why requests cannot be served, if so. */
  whyNotReady(): Promise<string | undefined>
  /** Kept moments of this world; undefined: none can be kept here. */
  snapshots?: Snapshots
  /** Faults on demand and the journal; undefined: this process does not see what is asked. */
  double?: Double | undefined
  /** Sends a request again, and gives what became of it. */
  replay?(exchange: Exchange): Promise<Exchange>
  /** Asks the data plane, as a client of it would; undefined: nobody is to try anything here. */
  ask?(request: Request): Promise<Response>
  /** Isolated worlds beside this one; undefined: none can be made here. */
  spaces?: Spaces
  /** Begin the world anew. */
  reset(beginning?: Beginning): Promise<void>
}

export interface AdminEnv {
  /** `administrator`: who asks, where this process itself knows it: the console, the command line. */
  Bindings: { incoming?: IncomingMessage; administrator?: string | undefined }
  /** The name of the token that was sent; undefined: none was. */
  Variables: { administrator: string | undefined }
}

export type AdminApp = Hono<AdminEnv>
