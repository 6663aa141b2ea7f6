/** Every kept exchange of every dialect: what was answered is answered still. CONTRIBUTING.md says how they are kept. */
import { describe, it } from 'vitest'
import { dialects } from '../support/dialects.ts'
import { netsOf } from '../support/nets.ts'
import { replayExchanges } from '../support/replay.ts'

describe.each(dialects.map(({ name }) => name))('%s exchanges', name => {
  const { exchanges } = netsOf(name)
  if (typeof exchanges === 'string') it.skip(`are not kept: ${exchanges}`)
  else replayExchanges(name, exchanges)
})
