// biome-ignore-all lint/performance/useDomNodeTextContent: what is hidden is not shown
/** The console in a real browser: every page, what it does, who may come in, and what strangers wrote shown harmless. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../src/log.ts'
import { type Didgate, readConfig, startDidgate } from '../src/main.ts'
import { demoWorldFolder } from '../src/package-files.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!CHROMIUM) process.stderr.write('skipped in a browser: no chromium is installed (apt-get install chromium)\n')

const TOKEN = 'a token of the console 0123456789'
/** Letters that end texts, attributes and scripts, that turn the line round, and many of them. */
const HOSTILE = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">&lt;b&gt;\u202e${'x'.repeat(60)}`

interface Axe {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[]
}

describe.skipIf(!CHROMIUM)('the console in a browser', () => {
  let didgate: Didgate
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let folder: string
  const trouble: string[] = []
  const at = (path: string) => `${didgate.addresses.admin}/console${path}`
  const go = (path: string) => page.goto(at(path), { waitUntil: 'load' })

  beforeAll(async () => {
    const env = {
      ...{ PORT: '0', ADMIN_PORT: '0', DATABASE_URL: 'sqlite::memory:', DIDGATE_KEY: 'k'.repeat(32) },
      ...{ DIDGATE_SEED: demoWorldFolder(), DIDGATE_ADMIN_TOKEN: TOKEN },
    }
    const { config, problems } = readConfig(env, { dialects: ['wavix', 'cm'], serving: true })
    if (!config) throw new Error(problems.join('\n'))
    didgate = await startDidgate(config, { log: createLog('silent') })
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] })
    folder = mkdtempSync(join(tmpdir(), 'didgate-console-'))
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    page = await context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', error => trouble.push(`${page.url()}: ${error}`))
    page.on('console', message => {
      // the browser itself writes down every answer of 400 and more
      const isStatus = /Failed to load resource/.test(message.text())
      if (message.type() === 'error' && !isStatus) trouble.push(`${page.url()}: ${message.text()}`)
    })
    page.on('request', request => {
      const isOurs = request.url().startsWith(`${didgate.addresses.admin}/`) || request.url().startsWith('data:')
      if (!isOurs) trouble.push(`asked ${request.url()}`)
    })
  })
  afterAll(async () => {
    await browser?.close()
    await didgate?.close()
    if (folder && !process.env.KEEP_SCREENSHOTS) rmSync(folder, { recursive: true })
  })

  const signIn = async (token: string) => {
    await page.getByLabel('Admin token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  const main = () => page.locator('main')
  /** Opens what asks, fills it in, and does it. */
  const act = async (title: string, verb: string | RegExp, fields: Record<string, string> = {}, within = main()) => {
    const ask = within.locator('details.ask', { has: page.locator('summary', { hasText: new RegExp(`^${title}$`) }) })
    await ask.locator('summary').first().click()
    for (const [label, value] of Object.entries(fields)) await ask.getByLabel(label, { exact: true }).fill(value)
    await ask.getByRole('button', { name: verb }).click()
  }
  const told = () => page.getByRole('status').or(page.getByRole('alert')).first().innerText()
  const wavix = (path: string, init: RequestInit = {}, key = 'demo-wavix-acme') =>
    fetch(`${didgate.addresses.data}/wavix/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    })
  const buy = async (key?: string): Promise<string> => {
    const listed = await wavix('/buy/countries/8652/cities/200/dids?per_page=1', {}, key)
    const [, number = ''] = /"number":"(\d+)"/.exec(await listed.text()) ?? []
    await wavix('/buy/cart', { method: 'PUT', body: JSON.stringify({ ids: [number] }) }, key)
    await wavix('/buy/cart/checkout', { method: 'POST' }, key)
    return `+${number}`
  }

  it('asks for the token, refuses a wrong one, and lets the right one in', async () => {
    await page.goto(`${didgate.addresses.admin}/`)
    expect(page.url()).toContain('/console/sign-in')
    await signIn('a wrong token')
    expect(await told()).toContain('not the admin token')
    await signIn(TOKEN)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    expect(cookie?.expires).toBeGreaterThan(0)
    expect(cookie?.value).not.toContain(TOKEN)
  })

  it('changes nothing without the token of the form, and nothing for who has not come in', async () => {
    const [cookie] = await context.cookies()
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'content-type': 'application/x-www-form-urlencoded' }
    const body = '_call=POST+%2Faccounts&name=Foreign&_back=%2Fconsole'
    const before = await didgate.core.accounts.list({}, { limit: 1, offset: 0 })
    const send = (init: RequestInit) => fetch(at('/do'), { method: 'POST', redirect: 'manual', body, ...init })
    expect((await send({ headers })).status).toBe(403)
    expect((await send({ headers: { 'content-type': headers['content-type'] } })).status).toBe(401)
    const get = await fetch(at('/numbers'), { redirect: 'manual' })
    expect([get.status, get.headers.get('location')]).toEqual([303, '/console/sign-in?next=%2Fconsole%2Fnumbers'])
    expect((await didgate.core.accounts.list({}, { limit: 1, offset: 0 })).total).toBe(before.total)
    const policy = get.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('a number: found, blocked, unblocked, repriced, labelled, moved, released, retired', async () => {
    const e164 = await buy()
    await go('')
    await page.getByLabel('Go to a number').fill(e164)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Its life' }).waitFor()
    const state = () => page.locator('.facts .state').first().innerText()
    expect(await state()).toBe('active')
    await act('Label', 'Keep the label', { Label: HOSTILE })
    expect(await told()).toContain('kept')
    await act('Block', /^Block/, { Reason: HOSTILE })
    expect(await state()).toBe('blocked')
    await act('Unblock', /^Unblock/)
    expect(await state()).toBe('active')
    await act('Reprice', 'Set the prices', { Monthly: '7.25' })
    expect((await didgate.core.numbers.find(e164))?.monthlyPrice).toBe(7_250_000)
    await act('Reprice', 'Set the prices', { Monthly: 'free' })
    expect(await told()).toContain('monthly_price')
    await act('Move', 'Move it', { 'To account (id)': '13' })
    expect(await page.getByRole('alert').innerText()).toMatch(/not permitted|no account/)
    await act('Release', 'Give it back')
    expect(await state()).toBe('available')
    await act('Retire', /^Retire/)
    expect(await state()).toBe('retired')
    expect(await page.locator('.timeline').innerText()).toContain('purchased')
    expect(await page.title()).not.toBe('owned')
    const audit = await didgate.core.audit.list({ limit: 1000 })
    const acts = audit.filter(({ subject }) => subject === e164).map(({ action }) => action)
    expect(acts).toEqual(expect.arrayContaining(['number.block', 'number.reprice', 'number.release', 'number.retire']))
  })

  it('numbers by every filter, in every state, and a bad filter told', async () => {
    await go('/numbers?country=US&type=local&area_code=212&capabilities=voice&documents=none')
    expect(await page.locator('#found tbody tr').count()).toBeGreaterThan(5)
    await go('/numbers?state=retired')
    expect(await page.locator('#found tbody tr').count()).toBe(1)
    await go('/numbers?account=12')
    expect(await main().innerText()).toContain('No number matches')
    const answer = await go('/numbers?country=nowhere')
    expect(answer?.status()).toBe(400)
    expect(await page.getByRole('alert').innerText()).toContain('country')
  })

  it('accounts: money, credentials shown once, users', async () => {
    await go('/accounts')
    await act('Open an account', 'Open it', { Name: HOSTILE })
    expect(await told()).toContain('open')
    await go('/accounts/12')
    await act('Top up', 'Pay in', { Amount: '25.00', Note: HOSTILE })
    await act('Correct', 'Correct it', { Amount: '-5', Note: 'Counted twice' })
    expect(await told()).toContain('set right')
    expect((await didgate.core.ledger.balance(12, 'USD'))?.balance).toBeGreaterThan(1_000_000_000)
    await act('Make a credential', 'Make it', { Name: HOSTILE })
    const secret = await page.locator('.secret').innerText()
    expect(secret).toContain('secret')
    await page.reload()
    expect(await page.locator('.secret').count()).toBe(0)
    const row = page.getByRole('row').filter({ hasText: 'Rotate' }).first()
    await act('Rotate', 'Give it a new secret', {}, row)
    expect(await page.locator('.secret').count()).toBe(1)
    await act('Revoke', 'Revoke it', {}, page.getByRole('row').filter({ hasText: 'Revoke' }).first())
    expect(await told()).toContain('revoked')
    await go('/accounts/12/ledger?kind=adjustment')
    expect(await page.locator('tbody tr').count()).toBe(1)
    const csv = await page.evaluate(`fetch('/console/accounts/12/ledger.csv').then(answer => answer.text())`)
    expect(String(csv)).toContain('-5.00')
    expect((await didgate.core.invariants()).violations).toEqual([])
  })

  it('tells in two clicks why a purchase through wavix failed', async () => {
    await wavix('/buy/cart/checkout', { method: 'POST' }, 'demo-wavix-globex')
    await go('')
    await page.getByRole('row').filter({ hasText: 'wavix' }).getByRole('link').last().click()
    await page.getByRole('row').filter({ hasText: 'checkout' }).getByRole('link').first().click()
    expect(await page.locator('#why').innerText()).toContain('Why it was refused')
  })

  it('orders are decided, callbacks are looked at', async () => {
    const order = {
      ...{ companyProfileGuid: '00000000-0000-4000-8000-000000001201', quantity: 500, phoneNumberType: 'LOCAL' },
      ...{ areaCode: '020', callbackUrl: 'http://127.0.0.1:9/orders' },
    }
    const path = '/cm/voice-phonenumberrequestapi/v1/00000000-0000-4000-8000-000000000012/numberRequests'
    const headers = { 'x-cm-producttoken': 'demo-cm-acme', 'content-type': 'application/json' }
    await fetch(`${didgate.addresses.data}${path}`, { method: 'POST', headers, body: JSON.stringify(order) })
    await go('/orders')
    await act('Reject', 'Reject', { Reason: HOSTILE })
    expect(await told()).toContain('rejected')
    await go('/orders?status=rejected')
    expect(await main().innerText()).toContain('<script>')
    const callbacks = async () => {
      await go('/callbacks')
      return page.getByRole('row').filter({ hasText: '127.0.0.1:9/orders' }).count()
    }
    await expect.poll(callbacks, { timeout: 20_000 }).toBeGreaterThan(0)
    await page.getByRole('row').filter({ hasText: '127.0.0.1:9/orders' }).first().getByRole('link').first().click()
    await page.getByRole('button', { name: 'Deliver again' }).click()
    expect(await told()).toContain('sent again')
  })

  it('an import with its bad lines', async () => {
    await go('/import')
    const csv =
      'e164,country,type,currency,setup_price,monthly_price\n+12125550190,US,local,USD,1,1\nnonsense,US,local,USD,1,1\n'
    const file = { name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
    await page.getByLabel('CSV file').setInputFiles(file)
    await page.getByLabel('Leave bad lines out').check()
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByText('What came of the last file').waitFor()
    expect(await main().innerText()).toContain('is not')
    expect((await didgate.core.numbers.find('+12125550190'))?.state).toBe('available')
  })

  const PAGES = ['', '/numbers', '/map', '/map/212', '/accounts', '/accounts/12', '/accounts/12/ledger', '/orders']
  PAGES.push(
    '/documents',
    '/callbacks',
    '/import',
    '/events',
    '/invariants',
    '/clock',
    '/spaces',
    '/requests',
    '/faults',
  )

  it('every page is for everybody, light and dark, wide and narrow', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    const found: string[] = []
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      for (const path of [...PAGES, '/numbers/%2B12125550190']) {
        await page.setViewportSize({ width: scheme === 'light' ? 1280 : 360, height: 900 })
        const answer = await go(path)
        if (answer?.status() !== 200) found.push(`${path}: ${answer?.status()}`)
        await page.evaluate(axe)
        const tags = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }"
        const { violations } = await page.evaluate<Axe>(`axe.run(document, ${tags})`)
        for (const { id, nodes } of violations)
          found.push(`${scheme} ${path} ${id}: ${nodes[0]?.target} ${nodes[0]?.failureSummary}`)
        const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        if (Number(wider) > 0) found.push(`${scheme} ${path} scrolls sideways by ${wider}`)
        const name = `${path.replace(/\W/g, '_') || 'overview'}-${scheme}.png`
        if (process.env.KEEP_SCREENSHOTS) await page.screenshot({ path: join(folder, name), fullPage: true })
        if ((await page.title()) === 'owned') found.push(`${path} ran what a stranger wrote`)
      }
    }
    if (process.env.KEEP_SCREENSHOTS) process.stderr.write(`${folder}\n`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 900 })
    expect(found).toEqual([])
  })

  it('is read without scripts, and by the keyboard', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() })
    const still = await plain.newPage()
    for (const path of ['', '/numbers', '/map', '/accounts/12']) {
      await still.goto(at(path))
      expect(await still.locator('h1').innerText()).not.toBe('')
      expect(await still.locator('main').innerText()).not.toContain('needs scripts')
    }
    await plain.close()
    await go('/numbers')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    await page.keyboard.press('Enter')
    expect(page.url()).toContain('#main')
  })

  it('signs out, and listens to nobody who has guessed ten times', async () => {
    await go('')
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(page.url()).toContain('/console/sign-in')
    const guess = () =>
      fetch(at('/sign-in'), { method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: 'guess' }) })
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await guess()).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses[10]).toBe(429)
    await go('/numbers')
    expect(page.url()).toContain('/console/sign-in')
  })

  it('made no error, and asked nobody else', () => {
    expect(trouble).toEqual([])
  })
})
