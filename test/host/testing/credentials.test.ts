/** What the demo world lets tests log in with. */
import { describe, expect, it } from 'vitest'
import { demoAccess } from '../../../src/demo.ts'
import { type DialectName, demoCredentials } from '../../../src/testing/credentials.ts'
import { startGateway } from '../../../src/testing/index.ts'
import { dialects } from '../../support/dialects.ts'
import { letsIn } from '../../support/owned.ts'

describe.each(dialects)('$name', module => {
  const name = module.name as DialectName

  it('is opened by the credentials of the demo world, and not by those of nobody', async () => {
    await using gateway = await startGateway()
    const { account, stranger } = demoAccess(module)
    const client = (credentials: Record<string, string>) =>
      module.driver.create({ send: request => gateway.fetch(request), base: gateway.url(name), credentials })
    expect(await letsIn(module, client(account))).toBe(true)
    expect(await letsIn(module, client(stranger))).toBe(false)
  })

  it('shows a test what opens it', () => {
    const shown = Object.values<unknown>(demoCredentials[name])
    for (const value of Object.values(demoAccess(module).account)) expect(shown).toContain(value)
  })
})
