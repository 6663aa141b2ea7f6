/** What a person does on a page of the console, and what clients do meanwhile. */
import type { Locator } from 'playwright-core'
import { type Bed, TOKEN } from './bed.ts'

interface Item {
  id: number
  number: string
}

export type Hands = ReturnType<typeof handsOf>

/** Of a bed that is open when they are used. */
export function handsOf(bed: () => Bed) {
  const page = () => bed().page
  const at = (path: string) => `${bed().didgate.addresses.admin}/console${path}`
  const main = () => page().locator('main')
  const askOf = (title: string, within: Locator) =>
    within.locator('details.ask', { has: page().locator('summary', { hasText: new RegExp(`^${title}$`) }) }).first()
  // texts of a choice are texts of its label
  const fieldOf = (within: Locator, label: string) =>
    within.locator('.field', { has: page().locator('label > span').getByText(label, { exact: true }) })
  const inputOf = (within: Locator, label: string) => fieldOf(within, label).locator('input, select, textarea')
  const write = async (ask: Locator, fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) {
      const field = inputOf(ask, label)
      const isChoice = (await field.and(page().locator('select')).count()) > 0
      await (isChoice ? field.selectOption(value) : field.fill(value))
    }
  }
  return {
    at,
    main,
    fieldOf,
    inputOf,
    askOf: (title: string, within = main()) => askOf(title, within),
    go: (path: string) => page().goto(at(path), { waitUntil: 'load' }),
    /** Opens what asks, fills it in, and does it. */
    async act(title: string, verb: string | RegExp, fields: Record<string, string> = {}, within = main()) {
      const ask = askOf(title, within)
      if ((await ask.getAttribute('open')) === null) await ask.locator('summary').click()
      await write(ask, fields)
      await ask.getByRole('button', { name: verb }).click()
    },
    told: () => page().getByRole('status').or(page().getByRole('alert')).first().innerText(),
    /** A request of a client to this dialect. */
    send(path: string, init: RequestInit = {}) {
      return fetch(`${bed().didgate.addresses.data}${path}`, init)
    },
    wavix(path: string, method = 'GET', body?: unknown, key = 'demo-wavix-acme') {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const sent = body === undefined ? null : JSON.stringify(body)
      return fetch(`${bed().didgate.addresses.data}/wavix/v1${path}`, { method, headers, body: sent })
    },
    /** A paper for a number that acme owns. */
    async upload(e164: string, name: string): Promise<Response> {
      const { items } = (await (await this.wavix('/mydids?per_page=100')).json()) as { items: Item[] }
      const form = new FormData()
      form.set('did_ids', String(items.find(({ number }) => `+${number}` === e164)?.id))
      form.set('doc_id', 'id')
      form.set('doc_attachment', new File(['%PDF-1.7 paper'], name, { type: 'application/pdf' }))
      const headers = { authorization: 'Bearer demo-wavix-acme' }
      return fetch(`${bed().didgate.addresses.data}/wavix/v1/mydids/papers`, { method: 'POST', headers, body: form })
    },
    /** A call of the admin API. */
    admin(method: string, path: string, body?: unknown): Promise<Response> {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
      const sent = body === undefined ? null : JSON.stringify(body)
      return fetch(`${bed().didgate.addresses.admin}/admin/v1${path}`, { method, headers, body: sent })
    },
    /** A number of the demo world, through wavix; where money is short it stays on the shelf. */
    async buy(key?: string): Promise<string> {
      const listed = await this.wavix('/buy/countries/8652/cities/200/dids?per_page=1', 'GET', undefined, key)
      const [, number = ''] = /"number":"(\d+)"/.exec(await listed.text()) ?? []
      await this.wavix('/buy/cart', 'PUT', { ids: [number] }, key)
      await this.wavix('/buy/cart/checkout', 'POST', undefined, key)
      return `+${number}`
    },
  }
}

export const PAGES: readonly string[] = [
  ...['', '/numbers', '/map', '/map/212', '/accounts', '/accounts/12', '/accounts/12/ledger', '/orders', '/documents'],
  ...['/callbacks', '/import', '/events', '/invariants', '/clock', '/spaces', '/snapshots', '/requests', '/faults'],
]
