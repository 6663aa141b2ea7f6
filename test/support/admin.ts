/** The admin plane of a core, as it is where nothing else is there, asked from this machine. */
import type { IncomingMessage } from 'node:http'
import type { Core } from '../../core/verbs.ts'
import { createAdmin } from '../../src/admin/admin.ts'
import type { AdminApp, AdminContext } from '../../src/admin/context.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'

export const LOCAL = { incoming: { socket: { remoteAddress: '127.0.0.1' } } as IncomingMessage }

export const adminContext = (core: Core, more: Partial<AdminContext> = {}): AdminContext => ({
  core,
  mode: 'double',
  token: undefined,
  dialects: [],
  metrics: createMetrics(),
  log: createLog('silent'),
  whyNotReady: async () => undefined,
  reset: async () => {},
  ...more,
})

export const adminOf = (core: Core, more?: Partial<AdminContext>): AdminApp => createAdmin(adminContext(core, more))
