/** One gateway with the demo world and one browser before its console, shared by all that is tried in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core'
import { fill } from '../../../bench/load.ts'
import { demoWorldFolder } from '../../../src/config/package-files.ts'
import { createLog } from '../../../src/logs/log.ts'
import { type Didgate, readConfig, startDidgate } from '../../../src/main.ts'
import { launch } from '../../support/browser.ts'

export const TOKEN = 'a token of the console 0123456789'
/** As many numbers beside the demo world's; `CONSOLE_NUMBERS=1000000` tries all of it in an inventory of that size. */
export const NUMBERS = Number(process.env.CONSOLE_NUMBERS ?? 0)
/** Area codes that the demo world does not use. */
const APART = { from: 693, npas: 90, nxxs: 700 }

export interface Bed {
  didgate: Didgate
  browser: Browser
  context: BrowserContext
  page: Page
  /** Where screenshots are put. */
  folder: string
  /** Errors of pages, and requests to other hosts. */
  trouble: string[]
}

/** What was asked for on the page itself, and never of the browser's own accord. */
function watch({ page, didgate, trouble }: Bed): void {
  // the page that checks the books reads all of them
  page.setDefaultTimeout(120_000 + NUMBERS / 10)
  page.on('pageerror', (error: Error) => trouble.push(`${page.url()}: ${error}`))
  page.on('console', (message: ConsoleMessage) => {
    // the browser itself writes down every answer of 400 and more
    const isStatus = /Failed to load resource/.test(message.text())
    if (message.type() === 'error' && !isStatus) trouble.push(`${page.url()}: ${message.text()}`)
  })
  page.on('request', (request: Request) => {
    const isOurs = request.url().startsWith(`${didgate.addresses.admin}/`) || request.url().startsWith('data:')
    if (!isOurs) trouble.push(`asked ${request.url()}`)
  })
}

async function start(url: string): Promise<Didgate> {
  const env = {
    ...{ PORT: '0', ADMIN_PORT: '0', DATABASE_URL: url, DIDGATE_KEY: 'k'.repeat(32) },
    ...{ DIDGATE_SEED: demoWorldFolder(), DIDGATE_ADMIN_TOKEN: TOKEN },
  }
  const { config, problems } = readConfig(env, { dialects: [], serving: true })
  if (!config) throw new Error(problems.join('\n'))
  return startDidgate(config, { log: createLog('silent') })
}

export async function openBed(): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-console-'))
  const url = NUMBERS > 0 ? `sqlite:${join(folder, 'world.db')}` : 'sqlite::memory:'
  let didgate = await start(url)
  if (NUMBERS > 0) {
    await didgate.close()
    await fill(url, NUMBERS, APART)
    didgate = await start(url)
  }
  const browser = await launch()
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const bed: Bed = { didgate, browser, context, page: await context.newPage(), folder, trouble: [] }
  watch(bed)
  return bed
}

export async function closeBed(bed: Bed | undefined): Promise<void> {
  await bed?.browser.close()
  await bed?.didgate.close()
  if (bed && !process.env.KEEP_SCREENSHOTS) rmSync(bed.folder, { recursive: true })
}
