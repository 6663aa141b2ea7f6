/** What an operator does to numbers, accounts, orders and papers. */
import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Bed } from './bed.ts'
import type { Hands } from './hands.ts'

interface Offer {
  dialect: string
  available: { available: number }[]
}

const CM = '/cm/voice-phonenumberrequestapi/v1/00000000-0000-4000-8000-000000000012/numberRequests'

export function actions(bed: () => Bed, hands: Hands): void {
  const { act, askOf, fieldOf, go, inputOf, main, told, wavix, send } = hands

  it('a number: found, blocked, unblocked, repriced, labelled, moved, released, retired', async () => {
    const { page, didgate } = bed()
    const e164 = await hands.buy()
    await go('')
    await page.getByLabel('Go to a number').fill(e164)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Its life' }).waitFor()
    const state = () => page.locator('.facts .state').first().innerText()
    expect(await state()).toBe('active')
    await act('Label', 'Keep the label', { Label: 'Front desk' })
    expect(await told()).toContain('kept')
    await act('Block', /^Block/, { Reason: 'Asked by its carrier' })
    expect(await state()).toBe('blocked')
    await act('Unblock', /^Unblock/)
    expect(await state()).toBe('active')
    await act('Reprice', 'Set the prices', { Monthly: '7.25' })
    expect((await didgate.core.numbers.find(e164))?.monthlyPrice).toBe(7_250_000)
    await act('Move', 'Move it', { 'To account (id)': '13' })
    expect(await page.getByRole('alert').innerText()).toMatch(/not permitted|no account/)
    await act('Release', 'Give it back')
    expect(await state()).toBe('available')
    await act('Retire', /^Retire/)
    expect(await state()).toBe('retired')
    expect(await page.locator('.timeline').innerText()).toContain('purchased')
    const audit = await didgate.core.audit.list({ limit: 1000 })
    const acts = audit.filter(({ subject }) => subject === e164).map(({ action }) => action)
    expect(acts).toEqual(expect.arrayContaining(['number.block', 'number.reprice', 'number.release', 'number.retire']))
  })

  it('a refused form keeps what was typed, with the error beside it', async () => {
    const { page, didgate } = bed()
    const number = () => didgate.core.numbers.find('+12022401540')
    const before = await number()
    await go('/numbers/%2B12022401540')
    await act('Reprice', 'Set the prices', { 'Set-up': '3.50', Monthly: 'free' })
    const ask = askOf('Reprice')
    expect(await ask.getAttribute('open')).not.toBeNull()
    expect(await ask.getByRole('alert').innerText()).toContain('monthly_price')
    expect(await inputOf(ask, 'Set-up').inputValue()).toBe('3.50')
    const wrong = inputOf(ask, 'Monthly')
    expect([await wrong.inputValue(), await wrong.getAttribute('aria-invalid')]).toEqual(['free', 'true'])
    expect(await fieldOf(ask, 'Monthly').innerText()).toContain('must be decimal text')
    expect(await page.getByRole('alert').count()).toBe(1)
    expect(await number()).toEqual(before)
    await wrong.fill('2.25')
    await ask.getByRole('button', { name: 'Set the prices' }).click()
    expect(await told()).toContain('prices are set')
    expect(await number()).toMatchObject({ setupPrice: 3_500_000, monthlyPrice: 2_250_000 })
    // nothing of it is left for the next one who looks
    await page.reload()
    expect(await askOf('Reprice').getAttribute('open')).toBeNull()
  })

  it('a choice and a text of many lines are kept too, and bad JSON is told where it stands', async () => {
    await go('/faults')
    await act('A fault', 'Let it fail', { Operation: 'POST /none', Probability: '7', Then: 'rate_limited' })
    expect(await inputOf(askOf('A fault'), 'Then').inputValue()).toBe('rate_limited')
    expect(await inputOf(askOf('A fault'), 'Operation').inputValue()).toBe('POST /none')
    await act('As JSON', 'Make it', { when: '{"dialect": ', then: '{"status": 503}' })
    const asJson = askOf('As JSON')
    expect(await asJson.getByRole('alert').innerText()).toContain('no JSON')
    expect(await inputOf(asJson, 'when').inputValue()).toBe('{"dialect": ')
    expect(await askOf('A fault').getAttribute('open')).toBeNull()
    expect(await main().innerText()).toContain('No fault is asked for')
  })

  const BAD_FILTERS = [
    ['/numbers?country=nowhere&area_code=212', 'Country', 'nowhere', 'country'],
    ['/requests?status=many&operation=None', 'Status', 'many', 'status'],
    ['/accounts/12/ledger?from=yesterday&note=x', 'From', 'yesterday', 'from'],
    ['/events?after=never', 'After event', 'never', 'after'],
  ] as const
  it.each(BAD_FILTERS)('a refused filter keeps what was asked: %s', async (path, label, typed, said) => {
    const answer = await go(path)
    expect(answer?.status()).toBe(400)
    expect(await bed().page.locator('.filter').getByRole('alert').innerText()).toContain(said)
    expect(
      await bed()
        .page.locator('.filter')
        .getByLabel(new RegExp(`^${label}`))
        .inputValue(),
    ).toBe(typed)
  })

  it('numbers by every filter, and in every state', async () => {
    const rows = () => bed().page.locator('#found tbody tr').count()
    await go('/numbers?country=US&type=local&area_code=212&capabilities=voice&documents=none')
    expect(await rows()).toBeGreaterThan(5)
    await go('/numbers?state=retired')
    expect(await rows()).toBe(1)
    await go('/numbers?account=12')
    expect(await main().innerText()).toContain('No number matches')
  })

  it('accounts: money, credentials shown once, users', async () => {
    const { page, didgate } = bed()
    await go('/accounts')
    await act('Open an account', 'Open it', { Name: 'Initech' })
    expect(await told()).toContain('open')
    await go('/accounts/12')
    await act('Top up', 'Pay in', { Amount: '25.00', Note: 'Invoice 7' })
    await act('Correct', 'Correct it', { Amount: '-5', Note: 'Counted twice' })
    expect(await told()).toContain('set right')
    expect((await didgate.core.ledger.balance(12, 'USD'))?.balance).toBeGreaterThan(1_000_000_000)
    await act('Make a credential', 'Make it', { Dialect: 'vobiz', Name: 'Test bed' })
    const secret = await page.locator('.secret').innerText()
    expect(secret).toContain('secret')
    await page.reload()
    expect(await page.locator('.secret').count()).toBe(0)
    const made = page.getByRole('row').filter({ hasText: 'Test bed' })
    await act('Rotate', 'Give it a new secret', {}, made)
    expect(await page.locator('.secret').count()).toBe(1)
    await act('Revoke', 'Revoke it', {}, made)
    expect(await told()).toContain('revoked')
    expect(await made.innerText()).toContain('retired')
    await go('/accounts/12/ledger?kind=adjustment')
    expect(await page.locator('tbody tr').count()).toBe(1)
    const csv = await page.evaluate(`fetch('/console/accounts/12/ledger.csv').then(answer => answer.text())`)
    expect(String(csv)).toContain('-5.00')
    expect((await didgate.core.invariants()).violations).toEqual([])
  })

  it('users: disabled and enabled, a new password shown once, sessions ended', async () => {
    const { page } = bed()
    const login = (password: string) =>
      send('/onsip/api', {
        method: 'POST',
        body: new URLSearchParams({ Action: 'SessionCreate', Username: 'globex_gil', Password: password }),
      }).then(answer => answer.text())
    expect(await login('demo-gil-password')).toContain('<IsCompleted>true')
    await go('/accounts/13')
    await page.getByRole('button', { name: 'End it' }).click()
    expect(await main().innerText()).toContain('Nobody is logged in')
    const gil = page.getByRole('row').filter({ hasText: 'gil@globex' })
    await act('Disable', 'Disable', {}, gil)
    expect(await login('demo-gil-password')).toContain('<IsCompleted>false')
    await act('Enable', 'Enable', {}, gil)
    await act('New password', 'Draw a new password', {}, gil)
    const password = await page.locator('.secret code').innerText()
    expect(await login('demo-gil-password')).toContain('<IsCompleted>false')
    expect(await login(password)).toContain('<IsCompleted>true')
  })

  it('numbers are kept for an account, and given up', async () => {
    await go('/accounts/12')
    await act('Keep numbers', 'Keep them', { Numbers: '+12022401961 +12022402382', Until: '2099-01-01' })
    expect(await inputOf(askOf('Keep numbers'), 'Numbers').inputValue()).toBe('+12022401961 +12022402382')
    const until = new Date(bed().didgate.core.clock.now() + 3_600_000).toISOString()
    await act('Keep numbers', 'Keep them', { Until: until })
    expect(await told()).toContain('kept')
    await main().getByRole('button', { name: 'Give it up' }).first().click()
    expect(await main().getByRole('button', { name: 'Give it up' }).count()).toBe(1)
  })

  it('orders are decided, callbacks are looked at', async () => {
    const { page } = bed()
    const order = (quantity: number) =>
      send(CM, {
        method: 'POST',
        headers: { 'x-cm-producttoken': 'demo-cm-acme', 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ companyProfileGuid: '00000000-0000-4000-8000-000000001201', quantity, phoneNumberType: 'LOCAL' },
          ...{ areaCode: '020', callbackUrl: 'http://127.0.0.1:9/orders' },
        }),
      })
    for (const quantity of [400, 500]) await order(quantity)
    await go('/orders')
    await act('Accept', 'Accept', {}, page.getByRole('row').filter({ hasText: '400' }))
    expect(await page.getByRole('row').filter({ hasText: '400' }).innerText()).toContain('accepted')
    await act('Complete', 'Complete', {}, page.getByRole('row').filter({ hasText: '400' }))
    // there are not as many: the reason stands beside the button
    expect(await page.getByRole('row').filter({ hasText: '400' }).getByRole('alert').innerText()).not.toBe('')
    await act('Reject', 'Reject', { Reason: 'None left' }, page.getByRole('row').filter({ hasText: '500' }))
    expect(await told()).toContain('rejected')
    await go('/orders?status=rejected')
    expect(await main().innerText()).toContain('None left')
    const row = () => page.getByRole('row').filter({ hasText: '127.0.0.1:9/orders' })
    const callbacks = async () => {
      await go('/callbacks')
      return row().count()
    }
    await expect.poll(callbacks, { timeout: 20_000 }).toBeGreaterThan(0)
    await row().first().getByRole('link').first().click()
    await page.getByRole('button', { name: 'Deliver again' }).click()
    expect(await told()).toContain('sent again')
  })

  it('a paper is opened safely, rejected and approved', async () => {
    const { page, didgate } = bed()
    const found = await didgate.core.numbers.search({ documents: 'some', currency: 'USD' }, { limit: 1, offset: 0 })
    const e164 = found.items[0]?.e164 ?? ''
    await wavix('/buy/cart', 'PUT', { ids: [e164.slice(1)] })
    await wavix('/buy/cart/checkout', 'POST')
    await go('/documents')
    expect(await main().innerText()).toContain('No paper is waiting')
    const paper = (name: string) => page.getByRole('row').filter({ hasText: name })
    expect((await hands.upload(e164, 'first.pdf')).status).toBe(200)
    await go('/documents')
    const link = page.getByRole('link', { name: 'first.pdf' })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(await download.failure()).toBeNull()
    const headers = await page.evaluate(
      `fetch(${JSON.stringify(download.url())}).then(({ headers }) => headers.get('content-type') + headers.get('content-disposition'))`,
    )
    expect(headers).toMatch(/^application\/octet-stream.*attachment/)
    await act('Reject', 'Reject', { Reason: 'Not readable' }, paper('first.pdf'))
    expect(await told()).toContain('rejected')
    await go('/documents?status=rejected')
    expect(await paper('first.pdf').innerText()).toContain('Not readable')
    expect((await hands.upload(e164, 'second.pdf')).status).toBe(200)
    await go('/documents')
    await act('Approve', 'Approve', {}, paper('second.pdf'))
    expect(await told()).toContain('approved')
    await go('/documents?status=approved')
    expect(await paper('second.pdf').innerText()).toContain('approved')
  })

  it('"why did my purchase through wavix fail?" is answered from the start page in three clicks at most', async () => {
    const { page, didgate } = bed()
    const found = await didgate.core.numbers.search({ currency: 'USD', documents: 'none' }, { limit: 10, offset: 0 })
    const ids = found.items.map(({ e164 }) => e164.slice(1))
    await wavix('/buy/cart', 'PUT', { ids }, 'demo-wavix-globex')
    expect((await wavix('/buy/cart/checkout', 'POST', undefined, 'demo-wavix-globex')).status).toBe(422)
    let clicks = 0
    const click = async (link: Locator) => {
      clicks++
      await link.click()
    }
    await go('')
    await click(page.getByRole('row').filter({ hasText: 'wavix' }).getByRole('link').last())
    await click(page.getByRole('row').filter({ hasText: 'checkout' }).getByRole('link').first())
    const why = await page.locator('#why').innerText()
    expect(why).toContain('Why it was refused')
    expect(why).toMatch(/insufficient funds[\s\S]*10\.00/i)
    expect(clicks).toBeLessThanOrEqual(3)
  })

  it('the overview shows the shelf as each dialect offers it', async () => {
    const { page } = bed()
    const headers = { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' }
    const listed = await send('/vobiz/api/v1/Account/MA_DEMO0001/inventory/numbers?per_page=1', { headers })
    const { total } = (await listed.json()) as { total: number }
    const { offers } = (await (await hands.admin('GET', '/offers')).json()) as { offers: Offer[] }
    const sumOf = (name: string) =>
      offers.find(({ dialect }) => dialect === name)?.available.reduce((sum, { available }) => sum + available, 0)
    expect(offers).toHaveLength(9)
    expect(sumOf('vobiz')).toBe(total)
    expect(sumOf('sinch')).toBeLessThan(total)
    await go('')
    const row = page.getByRole('region', { name: 'Stock by dialect' }).getByRole('row').filter({ hasText: 'onsip' })
    expect(await row.innerText()).toMatch(/in USD.*United States and Canada.*numbers that need papers/s)
  })

  it('an import with its bad lines, and one that is refused', async () => {
    const { page, didgate } = bed()
    await go('/import')
    const head = 'e164,country,type,currency,setup_price,monthly_price\n'
    const lines = '+12125550190,US,local,USD,1,1\nnonsense,US,local,USD,1,1\n'
    const file = (text: string) => ({ name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByLabel('CSV file').setInputFiles(file(`telephone\n${lines}`))
    await page.getByRole('button', { name: 'Import' }).click()
    await expect.poll(() => page.locator('.said').innerText()).toMatch(/telephone|column/)
    // the file is still chosen, and another may be
    await page.getByLabel('CSV file').setInputFiles(file(head + lines))
    await page.getByLabel('Leave bad lines out').check()
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByText('What came of the last file').waitFor()
    expect(await main().innerText()).toContain('is not')
    expect((await didgate.core.numbers.find('+12125550190'))?.state).toBe('available')
  })
}
