/** A browser for the pages, where there is one and what drives it is installed; why not is said. */
import { existsSync } from 'node:fs'
import type { Browser, LaunchOptions } from 'playwright-core'
import { clientPackage } from './client-package.ts'

/** The first is the engine alone: without the windows that nobody sees, a page costs half. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']
const CHROMIUM = NAMES.map(name => `/usr/bin/${name}`).find(existsSync)
if (!CHROMIUM)
  process.stderr.write('skipped in a browser: no chromium is installed (apt-get install chromium-headless-shell)\n')

const playwright = clientPackage('playwright-core') as typeof import('playwright-core') | undefined

export const hasBrowser = CHROMIUM !== undefined && playwright !== undefined

/** Pages make much that is soon garbage: room for it spares a tenth of what they cost. */
const ARGUMENTS = ['--no-sandbox', '--js-flags=--max-semi-space-size=64 --min-semi-space-size=32']

export function launch(options: LaunchOptions = {}): Promise<Browser> {
  if (!CHROMIUM || !playwright) throw new Error('there is no browser here')
  return playwright.chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, ...options })
}
