import { accountPages } from './pages/accounts.tsx'
import { callbackPages } from './pages/callbacks.tsx'
import { documentPages } from './pages/documents.tsx'
import { doublePages } from './pages/double.tsx'
import { eventPages } from './pages/events.tsx'
import { importPages } from './pages/import.tsx'
import { ledgerPages } from './pages/ledger.tsx'
import { mapPages } from './pages/map.tsx'
import { numberPage } from './pages/number.tsx'
import { numberPages } from './pages/numbers.tsx'
import { orderPages } from './pages/orders.tsx'
import { overviewPages } from './pages/overview.tsx'
import { requestPage } from './pages/request.tsx'
import { requestPages } from './pages/requests.tsx'
import { spacePages } from './pages/spaces.tsx'
import type { Page } from './view.ts'

export const consolePages: readonly Page[] = [
  ...overviewPages,
  ...numberPages,
  numberPage,
  ...mapPages,
  ...accountPages,
  ...ledgerPages,
  ...orderPages,
  ...documentPages,
  ...callbackPages,
  ...importPages,
  ...eventPages,
  ...requestPages,
  requestPage,
  ...doublePages,
  ...spacePages,
]
