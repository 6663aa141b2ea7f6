import { table } from '../../adapters/kit/table.ts'
import type { Title } from './library.ts'

/** Everything comes from this server; styles are set by the reference's own script, so they may stand inline. */
export const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

/** Colours of the console, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f5f7f9; --text: #1a222d; --muted: #566273; --line: #d9dfe6; --link: #0b57b0; --code: #e8edf2 }
@media (prefers-color-scheme: dark) {
  :root { --back: #0f141a; --text: #e4e9f0; --muted: #9ca9b9; --line: #2b3541; --link: #82b8ff; --code: #1d2530 }
}
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.2rem; color: var(--text); background: var(--back); overflow-wrap: anywhere }
a { color: var(--link) } code { font: 0.9em ui-monospace, monospace; background: var(--code); padding: 0 0.2em }
section { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem } h2 { margin-bottom: 0.2rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0 }
th { border-bottom: 1px solid var(--line) } pre { font: 0.85em/1.45 ui-monospace, monospace; background: var(--code); padding: 0.6rem 0.8rem; border-radius: 6px; white-space: pre-wrap; max-height: 24rem; overflow: auto }
details { margin: 0.6rem 0 } summary { cursor: pointer; color: var(--link) }
form { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr)); margin: 0.6rem 0 } form label { font-size: 0.9em; color: var(--muted) }
input, button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--muted); border-radius: 6px; padding: 0.3rem 0.5rem; width: 100%; box-sizing: border-box } button { cursor: pointer; align-self: end }
@media (max-width: 600px) { thead { display: none } td { display: block; padding: 0 0 0.2rem } tr { display: block; padding: 0.4rem 0; border-bottom: 1px solid var(--line) } }
.note { color: var(--muted) } nav { padding-bottom: 0.6rem; border-bottom: 1px solid var(--line) }`

const ESCAPES = table({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })
export const escaped = (text: string) => text.replace(/[&<>"']/g, each => ESCAPES[each] as string)
/** What stands between backquotes is code. */
export const words = (text: string) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')

/** From every page of the reference to all of them, and to the console. */
const WAY_BACK = '<nav aria-label="Way back"><a href="/console">Console</a> · <a href="/docs">All references</a></nav>'

export function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escaped(title)}</title>${head}</head>
<body>${WAY_BACK}${body}</body>
</html>
`
}

export function indexPage(titles: readonly Title[]): string {
  const rows = titles.map(({ dialect, title, kind }) => {
    const file = kind === 'rest' ? 'openapi.json' : 'actions.json'
    return `<li><a href="/docs/${dialect}">${escaped(title)}</a> <span class="note">(<a href="/docs/${dialect}/${file}">${file}</a>)</span></li>`
  })
  return page('didgate: dialects', `<h1>Dialects</h1><ul>${rows.join('')}</ul>`, `<style>${STYLE}</style>`)
}

/** The library in the colours of the console; it has a scheme of its own, so the way back follows that. */
const SCALAR_STYLE = `
body { margin: 0; overflow-x: clip } body > nav { font: 14px/1.5 system-ui, sans-serif; padding: 0.5rem 1.2rem; background: var(--scalar-background-1); color: var(--scalar-color-2) }
body > nav a { color: var(--scalar-color-accent) }
.light-mode { color-scheme: light; --scalar-background-1: #ffffff; --scalar-background-2: #f5f7f9; --scalar-background-3: #e8edf2; --scalar-color-1: #1a222d; --scalar-color-2: #566273; --scalar-color-3: #566273; --scalar-color-accent: #0b57b0; --scalar-border-color: #d9dfe6; --scalar-background-accent: #e8f0fb }
.dark-mode { color-scheme: dark; --scalar-background-1: #0f141a; --scalar-background-2: #171e27; --scalar-background-3: #1d2530; --scalar-color-1: #e4e9f0; --scalar-color-2: #9ca9b9; --scalar-color-3: #9ca9b9; --scalar-color-accent: #82b8ff; --scalar-border-color: #2b3541; --scalar-background-accent: #1c2b3f }
@media (max-width: 600px) {
  body .reference-endpoint :is(.endpoint-label, .section-accordion-button) { flex-wrap: wrap }
  body .reference-endpoint :is(.endpoint-label-path, .endpoint-label-name) { white-space: normal; overflow-wrap: anywhere }
  body .reference-endpoint .section-accordion-button-content { flex-basis: 100% }
  body .reference-endpoint .section-accordion-button-actions { margin-left: auto }
}`

/** Where a page sends what is tried out. */
export const relayOf = (relay: string | undefined) => (relay === undefined ? '' : ` data-relay="${relay}"`)

/** The scripts do the rest: the library, and the one that starts it. */
export function scalarPage({ dialect, title }: Title, relay?: string): string {
  const body = `<div id="reference" data-url="/docs/${dialect}/openapi.json"${relayOf(relay)}></div>
<noscript><p>This page needs scripts. The document itself: <a href="/docs/${dialect}/openapi.json">openapi.json</a></p></noscript>
<script src="/docs/assets/scalar.js"></script><script src="/docs/assets/start.js"></script>`
  return page(title, body, `<style>${SCALAR_STYLE}</style>`)
}

/** Nothing leaves this server: no fonts from elsewhere, no proxy, no telemetry, none of the maker's services. */
export const START_SCRIPT = `'use strict'
const { url, relay } = document.getElementById('reference').dataset
Scalar.createApiReference('#reference', {
  url,
  proxyUrl: relay,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  hideTestRequestButton: relay === undefined,
  showDeveloperTools: 'never',
  persistAuth: false,
  // an operation is a line until it is opened: all of them in full are tens of thousands of elements to draw
  layout: 'classic',
  defaultOpenAllTags: true,
  documentDownloadType: 'json',
  showOperationId: true,
})
`
