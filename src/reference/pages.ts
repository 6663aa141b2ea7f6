import { table } from '../../adapters/kit/table.ts'
import type { ActionEntry, ActionList, ActionParameter } from './actions.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Title } from './library.ts'
import { EVIDENCE } from './openapi.ts'

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
const STYLE = `
:root { color-scheme: light dark; --back: #f5f7f9; --text: #1a222d; --muted: #566273; --line: #d9dfe6; --link: #0b57b0; --code: #e8edf2 }
@media (prefers-color-scheme: dark) {
  :root { --back: #0f141a; --text: #e4e9f0; --muted: #9ca9b9; --line: #2b3541; --link: #82b8ff; --code: #1d2530 }
}
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.2rem; color: var(--text); background: var(--back); overflow-wrap: anywhere }
a { color: var(--link) } code { font: 0.9em ui-monospace, monospace; background: var(--code); padding: 0 0.2em }
section { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem } h2 { margin-bottom: 0.2rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0 }
th { border-bottom: 1px solid var(--line) } .note { color: var(--muted) } nav { padding-bottom: 0.6rem; border-bottom: 1px solid var(--line) }`

const ESCAPES = table({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })
const escaped = (text: string) => text.replace(/[&<>"']/g, each => ESCAPES[each] as string)
/** What stands between backquotes is code. */
const words = (text: string) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')

/** From every page of the reference to all of them, and to the console. */
const WAY_BACK = '<nav aria-label="Way back"><a href="/console">Console</a> · <a href="/docs">All references</a></nav>'

function page(title: string, body: string, head = ''): string {
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

/** The library has a look of its own; only the way back is ours. */
const SCALAR_STYLE = `
:root { color-scheme: light dark }
body { margin: 0 } body > nav { font: 14px/1.5 system-ui, sans-serif; padding: 0.5rem 1.2rem }`

/** The scripts do the rest: the library, and the one that starts it. */
export function scalarPage({ dialect, title }: Title): string {
  const body = `<div id="reference" data-url="/docs/${dialect}/openapi.json"></div>
<noscript><p>This page needs scripts. The document itself: <a href="/docs/${dialect}/openapi.json">openapi.json</a></p></noscript>
<script src="/docs/assets/scalar.js"></script><script src="/docs/assets/start.js"></script>`
  return page(title, body, `<style>${SCALAR_STYLE}</style>`)
}

/** Nothing leaves this server: no fonts from elsewhere, no proxy, no telemetry, none of the maker's services. */
export const START_SCRIPT = `'use strict'
Scalar.createApiReference('#reference', {
  url: document.getElementById('reference').dataset.url,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  hideTestRequestButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
  defaultOpenAllTags: true,
  documentDownloadType: 'json',
  showOperationId: true,
})
`

export function actionsPage(list: ActionList): string {
  const contents = list.actions.map(({ name }) => `<a href="#${name}">${name}</a>`).join(' · ')
  const addresses = list.addresses.map(each => `<code>${escaped(each)}</code>`).join(', ')
  const body = `<h1>${escaped(list.title)}</h1><p>${words(list.description)}</p>
<p>Addresses: ${addresses}. Grammar of all answers: <a href="${escaped(list.grammar)}">${escaped(list.grammar)}</a>.
The same as data: <a href="/docs/${list.dialect}/actions.json">actions.json</a>.</p>
<p>${contents}</p>${list.actions.map(actionSection).join('')}`
  return page(list.title, body, `<style>${STYLE}</style>`)
}

function actionSection({ name, summary, session, evidence, parameters, answers }: ActionEntry): string {
  const whole = answers.map(
    ({ status, define, file }) => `${status}, <a href="${escaped(file)}"><code>${escaped(define)}</code></a>`,
  )
  const caller = session === 'required' ? 'Needs a session.' : 'Works without a session.'
  return `<section id="${name}"><h2>${name}</h2><p>${words(summary)}</p>
<p class="note">${caller} Answers: ${whole.join('; ')}. Evidence ${evidence}: ${escaped(EVIDENCE[evidence])}.</p>
<table><thead><tr><th>Parameter</th><th>Form</th><th>Meaning</th></tr></thead><tbody>${parameters.map(row).join('')}</tbody></table></section>`
}

function row({ name, required, description, schema }: ActionParameter): string {
  const must = required ? ', required' : ''
  return `<tr><td><code>${name}</code></td><td>${escaped(formOf(schema))}${must}</td><td>${words(description)}</td></tr>`
}

function formOf({ type, enum: choices, minimum, maximum, default: initial }: JsonSchema): string {
  if (Array.isArray(choices)) return choices.map(each => (each === '' ? 'empty' : String(each))).join(' or ')
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`]),
    ...(initial === undefined ? [] : [`otherwise ${initial}`]),
  ]
  const word = { string: 'text', object: 'numbers by key' }[String(type)] ?? String(type)
  return [word, ...bounds].join(', ')
}
