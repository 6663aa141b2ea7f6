/** What only the double can do, and its requests as they come in. */
import { expect, it } from 'vitest'
import type { Bed } from './bed.ts'
import type { Hands } from './hands.ts'

const RATE = 200
const SECONDS = 3
const OWNED = '/mydids?per_page=1'

function gate() {
  let open = () => {}
  const isOpen = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, isOpen }
}

export function doublePages(bed: () => Bed, hands: Hands): void {
  const { act, askOf, go, inputOf, main, send, told, wavix } = hands
  const click = (name: string) => main().getByRole('button', { name }).first().click()

  it('faults: every form makes what it says, and ends it', async () => {
    const when = { Dialect: 'wavix', Operation: 'GET /v1/mydids' }
    const ended = async () => {
      await click('End it')
      expect(await main().innerText()).toContain('No fault is asked for')
      expect((await wavix(OWNED)).status).toBe(200)
    }
    await go('/faults')
    await act('A fault', 'Let it fail', { ...when, Then: 'rate_limited', 'So many times': '1' })
    expect(await told()).toContain('From now on')
    expect((await wavix(OWNED)).status).toBe(429)
    expect((await wavix(OWNED)).status).toBe(200)
    await go('/faults')
    expect(await main().getByRole('row').last().innerText()).toContain('rate_limited')
    await ended()
    await act('A status', 'Answer it so', { ...when, Status: '418', Body: 'a teapot' })
    const answer = await wavix(OWNED)
    expect([answer.status, await answer.text()]).toEqual([418, 'a teapot'])
    await ended()
    await act('A broken body', 'Break it', { ...when, Body: 'malformed' })
    const broken = await (await wavix(OWNED)).text()
    expect(() => JSON.parse(broken)).toThrow()
    await ended()
    await act('A lost connection', 'Cut it', { ...when, Cut: 'before' })
    await expect(wavix(OWNED)).rejects.toThrow()
    await ended()
    await act('A delay', 'Hold it back', { ...when, Milliseconds: '300' })
    const begun = performance.now()
    expect((await wavix(OWNED)).status).toBe(200)
    expect(performance.now() - begun).toBeGreaterThan(290)
    await ended()
    await act('A strange callback', 'Let it happen', { 'It is': 'twice' })
    await act('As JSON', 'Make it', { when: '{"dialect": "cm"}', then: '{"fault": "overloaded", "delay_ms": 1}' })
    expect(await main().getByRole('button', { name: 'End it' }).count()).toBe(2)
    await act('End all', 'End all faults')
    expect(await main().innerText()).toContain('No fault is asked for')
  })

  it('a space: made, gone into, its clock moved and stopped, moments kept and gone back to, ended', async () => {
    const { page, didgate } = bed()
    await go('/spaces')
    await act('Make a space', 'Make it', { Name: 'no good name' })
    expect(await askOf('Make a space').getByRole('alert').innerText()).toContain('name')
    expect(await inputOf(askOf('Make a space'), 'Name').inputValue()).toBe('no good name')
    await act('Make a space', 'Make it', { Name: 'team-a', 'Clock at': '2026-06-01T00:00:00Z' })
    expect(await page.locator('.secret').innerText()).toContain('/~team-a/wavix')
    await page.getByRole('link', { name: 'team-a', exact: true }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await page.locator('.mode.space').innerText()).toContain('space team-a')

    await go('/~team-a/snapshots')
    await inputOf(main(), 'Name').fill('at the start')
    await click('Keep it')
    expect(await main().getByRole('alert').innerText()).toContain('name')
    await inputOf(main(), 'Name').fill('start')
    await click('Keep it')
    expect(await told()).toContain('kept')

    const now = () => page.locator('.facts time').first().innerText()
    await go('/~team-a/clock')
    await act('Stop it', 'Stop it')
    expect(await main().innerText()).toContain('stands still')
    await inputOf(main(), 'By').first().selectOption('2678400')
    await click('Move on')
    expect(await page.locator('.secret').innerText()).toContain('now')
    expect(await now()).toMatch(/^2026-07-02 /)
    await act('Set', 'Set it', { To: '2026-01-01T00:00:00Z' })
    expect(await askOf('Set').getByRole('alert').innerText()).toContain('never goes back')
    await act('Set', 'Set it', { To: '2026-08-01T00:00:00Z' })
    expect(await now()).toBe('2026-08-01 00:00:00')
    await act('Let it go', 'Let it go')
    expect(await main().innerText()).toContain('goes on')
    const body = JSON.stringify({ ids: ['12135681343'] })
    const headers = { authorization: 'Bearer demo-wavix-acme', 'content-type': 'application/json' }
    const ask = (path: string, method: string) => send(`/~team-a/wavix/v1${path}`, { method, headers, body })
    await ask('/buy/cart', 'PUT')
    expect((await ask('/buy/cart/checkout', 'POST')).status).toBe(201)
    await go('/~team-a/clock')
    expect(await main().innerText()).toContain('+1 213 568 1343')

    await go('/~team-a/snapshots')
    await act('Go on from it', 'Restore')
    expect(await told()).toContain('goes on from there')
    await go('/~team-a/numbers/%2B12135681343')
    expect(await page.locator('.facts .state').first().innerText()).toBe('available')
    await go('/~team-a/snapshots')
    await act('Forget', 'Forget it')
    expect(await main().innerText()).toContain('No moment is kept')
    await go('/~team-a/clock')
    await act('Reset the world', 'Begin anew')
    expect(await told()).toContain('began anew')

    await go('/spaces')
    await act('End it', 'End team-a')
    expect(await main().innerText()).toContain('There is no space')
    expect((await didgate.core.invariants()).violations).toEqual([])
  })

  it('requests appear as they come in, 200 a second, and the page stays what it is', async () => {
    const { page } = bed()
    await go('/requests?dialect=wavix')
    let fetched = 0
    const count = (request: { url(): string; headers(): Record<string, string> }) => {
      if (request.headers()['hx-request'] !== undefined) fetched++
    }
    page.on('request', count)
    const begun = performance.now()
    const statuses = await atRate(n => wavix(`${OWNED}&n=${n}`))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(statuses).toHaveLength(RATE * SECONDS)
    await wavix('/the-last-of-all')
    await page.getByRole('link', { name: 'GET (no operation)' }).first().waitFor()
    page.off('request', count)
    expect(await main().locator('tbody tr').count()).toBe(100)
    // many requests are one fetch a second
    expect(fetched).toBeGreaterThan(0)
    expect(fetched).toBeLessThan((performance.now() - begun) / 1000 + 2)
    await go('')
    expect(await page.getByRole('row').filter({ hasText: 'wavix' }).first().innerText()).toMatch(/\d{3}/)
  })

  it('a request that comes in while the list is fetched appears as well, and is not lost with what it waited for', async () => {
    const { page } = bed()
    const rows = main().locator('tbody tr', { hasText: 'GET (no operation)' })
    const told = () =>
      page.evaluate(`new Promise(tell => document.body.addEventListener('journal', tell, { once: true }))`)
    const [fetched, answered] = [gate(), gate()]
    let fetches = 0
    // the first answer is one from before the second request, and comes late
    await page.route(/path=while-fetched/, async route => {
      if (route.request().headers()['hx-request'] === undefined || fetches++ > 0) return route.continue()
      const response = await route.fetch()
      fetched.open()
      await answered.isOpen
      await route.fulfill({ response })
    })
    const listens = page.waitForResponse(/requests\/stream/)
    await go('/requests?path=while-fetched')
    await listens
    await wavix('/while-fetched/1')
    await fetched.isOpen
    const isTold = told()
    await wavix('/while-fetched/2')
    await isTold
    answered.open()
    await rows.nth(1).waitFor({ timeout: 30_000 })
    expect([await rows.count(), fetches]).toEqual([2, 2])
    await page.unrouteAll()
  })

  async function atRate(ask: (n: number) => Promise<Response>): Promise<number[]> {
    const all: Promise<number>[] = []
    const perTick = RATE / 20
    for (let tick = 0; tick < 20 * SECONDS; tick++) {
      for (let n = 0; n < perTick; n++) all.push(ask(tick * perTick + n).then(({ status }) => status))
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return Promise.all(all)
  }

  it('a request: both sides, copied as curl, kept as HAR, sent again', async () => {
    const { page } = bed()
    expect((await wavix('/buy/cart', 'PUT', { ids: ['12022404201'] })).status).toBe(200)
    await go('/requests?operation=PUT+%2Fv1%2Fbuy%2Fcart')
    const har = await page.evaluate(`fetch(document.querySelector('a[href*=".har"]').href).then(a => a.json())`)
    expect((har as { log: { entries: unknown[] } }).log.entries.length).toBeGreaterThan(0)
    await main().getByRole('row').nth(1).getByRole('link').first().click()
    const curl = await page.locator('#curl').innerText()
    expect(curl).toContain(`--data-raw '{"ids":["12022404201"]}'`)
    expect(curl).not.toContain('demo-wavix-acme')
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    await act('Replay', 'Send it again')
    expect(await page.locator('.secret').innerText()).toContain('200')
    await main().getByRole('row').nth(1).getByRole('link').first().click()
    expect(await main().innerText()).toContain('Replay of')
  })
}
