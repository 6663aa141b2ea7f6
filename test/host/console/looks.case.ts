/** Every page for everybody, with all that strangers wrote on it: light and dark, wide and narrow, by keyboard, without scripts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { clientFile } from '../../support/client-package.ts'
import { type Bed, NUMBERS } from './bed.ts'
import { type Hands, PAGES } from './hands.ts'
import { harm } from './harm.ts'

interface Axe {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[]
}

/** Each at both widths, in both colours. */
const LOOKS = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 360 },
] as const
/** Only to be looked at. */
const MORE_LOOKS = [
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 360 },
] as const

/** Colours are all that one scheme has and the other not. */
const RULES = {
  dark: "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']",
  light: "{ type: 'rule', values: ['color-contrast'] }",
}

/** What is right is not told: that would be most of the page. */
const judgement = (scheme: keyof typeof RULES) =>
  `axe.run(document, { runOnly: ${RULES[scheme]}, resultTypes: ['violations'] }).then(({ violations }) => ({ violations }))`

export function looks(bed: () => Bed, hands: Hands): void {
  const { act, askOf, at, go, main } = hands
  const shoots = Boolean(process.env.KEEP_SCREENSHOTS)

  it(
    'every page is for everybody, light and dark, wide and narrow',
    async () => {
      const { page, folder } = bed()
      const axe = readFileSync(clientFile('axe-core', 'axe.min.js') as string, 'utf8')
      const found: string[] = []
      const judge = async (name: string, scheme: 'light' | 'dark') => {
        await page.evaluate(axe)
        const { violations } = (await page.evaluate(judgement(scheme))) as Axe
        for (const { id, nodes } of violations)
          found.push(`${name} ${id}: ${nodes[0]?.target} ${nodes[0]?.failureSummary}`)
        found.push(...(await harm(bed(), name)))
      }
      const shoot = async (name: string) => {
        if (shoots) await page.screenshot({ path: join(folder, `${name.replace(/\W/g, '_')}.png`), fullPage: true })
      }
      const { requests } = (await (await hands.admin('GET', '/requests?limit=1&status=422')).json()) as {
        requests: { id: number }[]
      }
      const { deliveries } = (await (await hands.admin('GET', '/deliveries?limit=1')).json()) as {
        deliveries: { id: number }[]
      }
      const all = [...PAGES, '/numbers/%2B12125550190', `/requests/${requests[0]?.id}`]
      all.push('/documents?status=all', `/callbacks/${deliveries[0]?.id}`)
      for (const { scheme, width } of shoots ? [...LOOKS, ...MORE_LOOKS] : LOOKS) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height: 900 })
        for (const path of all) {
          const answer = await go(path)
          if (answer?.status() !== 200) found.push(`${path}: ${answer?.status()}`)
          const name = `${scheme}-${width}${path}`
          if (LOOKS.some(look => look.scheme === scheme && look.width === width)) await judge(name, scheme)
          await shoot(name)
        }
        // and as they are when a form is open and was refused
        await go('/numbers/%2B12125550190')
        await act('Reprice', 'Set the prices', { Monthly: 'free' })
        await askOf('Reprice').getByRole('alert').waitFor()
        await judge(`${scheme}-${width}-refused`, scheme)
        await shoot(`${scheme}-${width}-refused`)
      }
      if (shoots) process.stderr.write(`${folder}\n`)
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: 1280, height: 900 })
      expect(found).toEqual([])
    },
    180_000 + NUMBERS / 2,
  )

  it('is read without scripts, and by the keyboard', async () => {
    const { browser, context, page } = bed()
    const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() })
    const still = await plain.newPage()
    for (const path of ['', '/numbers', '/map', '/accounts/12']) {
      await still.goto(at(path))
      expect(await still.locator('h1').innerText()).not.toBe('')
      expect(await still.locator('main').innerText()).not.toContain('needs scripts')
    }
    // a file that is refused leaves the form as it was, with the reason
    await still.goto(at('/import'))
    const file = { name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from('telephone\n1\n') }
    await still.getByLabel('CSV file').setInputFiles(file)
    await still.getByLabel('Only check, keep nothing').check()
    await still.getByRole('button', { name: 'Import' }).click()
    expect(await still.locator('form.upload').getByRole('alert').innerText()).toMatch(/telephone|column/)
    expect(await still.getByLabel('Only check, keep nothing').isChecked()).toBe(true)
    await plain.close()
    await go('/numbers')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    await page.keyboard.press('Enter')
    expect(page.url()).toContain('#main')
    // what asks is opened, filled in and sent without a mouse
    await go('/numbers/%2B12125550190')
    await askOf('Block').locator('summary').focus()
    for (const key of ['Enter', 'Tab']) await page.keyboard.press(key)
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('status').first().waitFor()
    expect(await main().innerText()).toContain('By keyboard')
  })
}
