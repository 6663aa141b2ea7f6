import type { World } from '../../../src/worlds/world-file.ts'

/** A world of one block with so many numbers at 1 + 2 USD, and one customer with so much money. */
export function shopWorld(numbers: number, balance: string): World {
  return {
    quarantine_days: { '*': 0 },
    accounts: [
      {
        id: 12,
        name: 'Acme',
        currency: 'USD',
        balances: { USD: balance },
        organizations: [
          {
            id: 31,
            domain: 'example.onsip.com',
            users: [{ id: 501, username: 'ann', auth_username: 'ann', role: 'account_admin', password: 'pw-ann' }],
          },
        ],
      },
    ],
    numbers: Array.from({ length: numbers }, (_, i) => ({
      e164: `+1212789${String(i).padStart(4, '0')}`,
      country: 'US',
      type: 'local',
      region: 'NY',
      currency: 'USD',
      setup_price: '1',
      monthly_price: '2',
    })),
  }
}

const didsIn = (result: Record<string, unknown> | undefined) => (result?.Dids as { Did?: unknown } | undefined)?.Did

type Image = { Response: { Context: Record<string, unknown>; Result?: Record<string, Record<string, unknown>> } }

/** A hand-written client of the onsip dialect, as small as such clients are. */
export function shopper(url: string) {
  const ask = async (parameters: Record<string, string>) => {
    const body = new URLSearchParams({ ...parameters, Output: 'json' })
    const response = await fetch(`${url}/onsip/api`, { method: 'POST', body })
    return (await response.json()) as Image
  }
  const dids = (value: unknown) => [value].flat().filter(Boolean) as { DidId: string; Number: string }[]
  return {
    async login(): Promise<string> {
      const { Context } = (await ask({ Action: 'SessionCreate', Username: 'ann', Password: 'pw-ann' })).Response
      return (Context.Session as { SessionId: string }).SessionId
    },
    /** The DIDs bought; undefined when the answer says no. */
    async buy(SessionId: string) {
      const order = { Action: 'DidRequest', SessionId, UserId: '501', Protocol: 'sip', 'NpaNxx[212789]': '1' }
      const { Result } = (await ask(order)).Response
      return Result && dids(didsIn(Result.DidRequest))
    },
    async owned(SessionId: string) {
      const { Result } = (await ask({ Action: 'DidBrowse', SessionId, Limit: '25000' })).Response
      return dids(didsIn(Result?.DidBrowse))
    },
  }
}
