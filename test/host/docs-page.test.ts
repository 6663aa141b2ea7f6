/** The reference pages in a real browser: they open by themselves, without an error, and ask nobody else. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Page,
  Request,
  Response,
} from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import { createLog } from '../../src/logs/log.ts'
import { type Didgate, readConfig, startDidgate } from '../../src/main.ts'
import { hasBrowser, launch } from '../support/browser.ts'

const rest = dialectModules.flatMap(({ name, reference }) =>
  reference?.kind === 'rest' ? [[name, reference] as const] : [],
)
const actions = dialectModules.flatMap(({ name, reference }) =>
  reference?.kind === 'actions' ? [[name, reference] as const] : [],
)

/** The one whose operation is tried. */
const TRIED = 'wavix'
const KEY = 'k'.repeat(32)

/** An element, as the page's own code sees it. */
interface HasHref {
  getAttribute(name: 'href'): string | null
}

interface Opened {
  page: Page
  /** What happened on it that was not asked for. */
  errors: string[]
  requests: string[]
}

/** The library works for seconds on what it is given, and longer where others work as well. */
const TIMEOUT = 120_000

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 1000 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }

/** One of each look: its pages share what the library's three megabytes were compiled to. */
const contexts = new Map<BrowserContextOptions, Promise<BrowserContext>>()

async function opened(browser: Browser, url: string, look = DESK): Promise<Opened> {
  const context = contexts.get(look) ?? browser.newContext(look)
  contexts.set(look, context)
  const page = await (await context).newPage()
  page.setDefaultTimeout(TIMEOUT)
  const errors: string[] = []
  const requests: string[] = []
  page.on('console', (message: ConsoleMessage) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error: Error) => errors.push(String(error)))
  page.on('requestfailed', (request: Request) => errors.push(`failed: ${request.url()}`))
  page.on('request', (request: Request) => requests.push(request.url()))
  await page.goto(url, { waitUntil: 'networkidle', timeout: TIMEOUT })
  return { page, errors, requests }
}

/** An operation as it is listed, until it is opened. */
const lineOf = (page: Page, summary: string) => page.getByRole('heading', { level: 3 }).filter({ hasText: summary })

/** Distinct bytes of an image's rows: a blank one has hardly any. */
function variety(png: Buffer): number {
  const chunks: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return new Set(inflateSync(Buffer.concat(chunks))).size
}

describe.skipIf(!hasBrowser)('reference pages in a browser', () => {
  let didgate: Didgate
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    const env = { PORT: '0', ADMIN_PORT: '0', DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none', DIDGATE_KEY: KEY }
    const { config, problems } = readConfig(env, { dialects: [], serving: true })
    if (!config) throw new Error(problems.join('\n'))
    didgate = await startDidgate(config, { log: createLog('silent') })
    browser = await launch()
    folder = mkdtempSync(join(tmpdir(), 'didgate-pages-'))
  })
  afterAll(async () => {
    await browser?.close()
    await didgate?.close()
    if (folder && !process.env.KEEP_SCREENSHOTS) rmSync(folder, { recursive: true })
  })

  /** One of each, as whoever reads it has it before him while he tries this and that. */
  const shown = new Map<string, Promise<Opened>>()
  const open = (name: string): Promise<Opened> => {
    const known = shown.get(name) ?? opened(browser, `${didgate.addresses.admin}/docs/${name}`)
    shown.set(name, known)
    return known
  }

  const isOurs = (url: string) => url.startsWith(`${didgate.addresses.admin}/`) || /^(data|blob):/.test(url)

  async function expectCalm({ page, errors, requests }: Opened, name: string) {
    const file = join(folder, `${name}.png`)
    const shot = await page.screenshot({ path: file })
    if (process.env.KEEP_SCREENSHOTS) process.stderr.write(`${file}\n`)
    expect(errors).toEqual([])
    expect(requests.filter(url => !isOurs(url))).toEqual([])
    expect(shot.length).toBeGreaterThan(20_000)
    expect(variety(shot)).toBeGreaterThan(100)
    expect([shot.readUInt32BE(16), shot.readUInt32BE(20)]).toEqual([1280, 1000])
  }

  it.each(rest)('%s shows its operations', async (name, reference) => {
    const all = await open(name)
    // the library draws the contents first, then the page
    await all.page.getByRole('heading', { name: reference.title }).waitFor()
    for (const at of [0, -1])
      await lineOf(all.page, reference.operations.at(at)?.summary ?? '')
        .first()
        .waitFor()
    const text = await all.page.locator('body').innerText()
    expect(text).toContain(reference.title)
    expect(reference.operations.filter(({ summary }) => !text.includes(summary)).map(({ id }) => id)).toEqual([])
    // what nobody has opened is not drawn: in full they were 23,000 elements, and ten seconds of a small machine
    expect(await all.page.locator('*').count()).toBeLessThan(6_000)
    await expectCalm(all, name)
    expect(all.requests).toContain(`${didgate.addresses.admin}/docs/${name}/openapi.json`)
    if (name !== TRIED) await all.page.close()
  })

  it.each(actions)('%s shows its actions', async (name, reference) => {
    const all = await open(name)
    const headings = await all.page.locator('section h2').allInnerTexts()
    expect(headings.sort()).toEqual(Object.keys(reference.actions).sort())
    await expectCalm(all, name)
  })

  it('examples are what was kept, and not words for types', async () => {
    const examples: Record<string, number> = {}
    for (const [name] of rest) {
      const document = await (await fetch(`${didgate.addresses.admin}/docs/${name}/openapi.json`)).text()
      examples[name] = document.match(/"example":\s*(?:[{[]|"<)/g)?.length ?? 0
    }
    const kept = Object.entries(examples).filter(([name]) =>
      existsSync(join(import.meta.dirname, '../../fixtures', name)),
    )
    expect(kept.map(([name]) => name)).toEqual(['wavix', 'vobiz', 'sinch-v1', 'sinch', 'cm', 'twilio', 'bandwidth'])
    expect(kept.filter(([, count]) => count < 10)).toEqual([])
    const { page } = await open('onsip')
    const section = page.locator('#NpaNxxBrowse')
    await section.getByText('Example').click()
    expect(await section.locator('details pre').last().innerText()).toContain('<NpaNxxBrowse>')
  })

  it('an action is tried, and is answered by this gateway', async () => {
    const { page, errors, requests } = await open('onsip')
    const section = page.locator('#SessionCreate')
    await section.getByText('Try it').click()
    await section.getByLabel('Username').fill('nobody')
    await section.getByLabel('Password').fill('wrong')
    await section.getByRole('button', { name: 'Send SessionCreate' }).click()
    await expect.poll(() => section.getByRole('status').innerText()).toContain('<IsCompleted>false')
    expect(errors).toEqual([])
    expect(requests.filter(url => !isOurs(url))).toEqual([])
  })

  it('an operation is tried with credentials of its dialect, and is answered by this gateway', async () => {
    const { page, requests } = await open(TRIED)
    const [{ summary, tag } = { summary: '', tag: '' }] = rest.find(([name]) => name === TRIED)?.[1].operations ?? []
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill(summary)
    await page.getByRole('dialog').getByRole('option').filter({ hasText: summary }).first().click()
    const operation = page.locator('section', { has: lineOf(page, summary) }).last()
    await operation.getByText('Responses').first().waitFor()
    expect(page.url()).toContain(`#tag/${tag.toLowerCase()}/GET/`)
    // as it was kept
    expect(await operation.innerText()).toContain('"countries"')
    await operation.getByRole('button', { name: /^test request/i }).click()
    const answered = page.waitForResponse((response: Response) => response.url().includes('/try/'))
    const send = page.getByRole('button', { name: /send get request to/i }).first()
    const [answer] = await Promise.all([answered, send.click()])
    expect(answer.status()).toBe(401)
    expect(answer.url()).toContain(encodeURIComponent(`${didgate.addresses.data}/wavix/v1/`))
    expect(requests.filter(url => !isOurs(url))).toEqual([])
  })

  it('no page scrolls sideways at 390 px, and dark is dark', async () => {
    const found: string[] = []
    for (const name of ['', '/onsip', '/wavix#tag/cart/GET/v1/buy/cart', '/admin']) {
      const { page } = await opened(browser, `${didgate.addresses.admin}/docs${name}`, PHONE)
      await page.getByRole('navigation', { name: 'Way back' }).waitFor()
      // the one that its link names is open
      if (name.includes('#')) await page.getByRole('button', { name: /^test request/i }).waitFor()
      const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      if (Number(wider) > 0) found.push(`/docs${name} is wider by ${wider}`)
      const back = await page.evaluate(`getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)`)
      if (Math.max(...(back as string[]).map(Number)) > 60) found.push(`/docs${name} is ${back}`)
      const file = join(folder, `narrow${name.replace(/\W+/g, '-')}.png`)
      if (process.env.KEEP_SCREENSHOTS) await page.screenshot({ path: file })
      await page.close()
    }
    expect(found).toEqual([])
  })

  it('the index leads to all of them', async () => {
    const { page, errors } = await opened(browser, `${didgate.addresses.admin}/docs`)
    const links = await page
      .locator('li > a')
      .evaluateAll((all: HasHref[]) => all.map((each: HasHref) => each.getAttribute('href')))
    const pages = [...dialectModules.map(({ name }) => name), 'admin']
    expect(links.sort()).toEqual(pages.map(name => `/docs/${name}`).sort())
    expect(errors).toEqual([])
    await page.close()
  })

  it('a page that asks another host is noticed, and its policy forbids it', async () => {
    const { page, errors, requests } = await opened(browser, `${didgate.addresses.admin}/docs`)
    await page.evaluate(`new Promise(done => {
      const image = new Image()
      image.onerror = image.onload = done
      image.src = 'http://127.0.0.2:9/picture.png'
    })`)
    expect([...errors, ...requests.filter(url => !isOurs(url))].join('\n')).toContain('127.0.0.2')
    expect(errors.join('\n')).toContain('Content Security Policy')
    await page.close()
  })
})
