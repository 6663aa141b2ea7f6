import type { Bed } from './bed.ts'

/** What texts of strangers have done to the page that is shown. */
export async function harm({ page }: Bed, name: string): Promise<string[]> {
  const found: Record<string, unknown> = await page.evaluate(`(() => {
    const all = selector => [...document.querySelectorAll(selector)].filter(each => !each.closest('.plot'))
    const texts = all('title, main bdi, main dd, main h1, main td').map(each => each.textContent).join(' ')
    return {
      ran: document.title === 'owned',
      'is wider': document.documentElement.scrollWidth > innerWidth && document.documentElement.scrollWidth,
      'has elements': all('main :is(script, img, iframe, object, svg, style, [onerror], [style])').length,
      'turns round': /[\\u202a-\\u202e\\u2066-\\u2069]/.test(texts),
    }
  })()`)
  return Object.entries(found).flatMap(([what, is]) => (is ? [`${name} ${what}: ${is}`] : []))
}
