import type { AdminApp } from '../admin/context.ts'
import type { Fetch } from './listen.ts'

/** The admin listener's answers, before there is a database, while everything runs, and while it stops. */
export interface Front {
  fetch: Fetch
  open(app: AdminApp): void
  /** From now on not ready, so that nobody is sent here any more. */
  beginClosing(): void
  isClosing(): boolean
}

/** Probes are answered from the first moment on, so that nobody takes a long migration for a hang. */
export function createFront(): Front {
  let app: AdminApp | undefined
  let isClosing = false
  return {
    fetch: (request, connection) => (app ? app.fetch(request, connection) : starting(request)),
    open(opened) {
      app = opened
    },
    beginClosing() {
      isClosing = true
    },
    isClosing: () => isClosing,
  }
}

function starting(request: Request): Response {
  if (new URL(request.url).pathname === '/healthz') return Response.json({ ok: true })
  return Response.json({ ok: false, reason: 'starting' }, { status: 503 })
}
