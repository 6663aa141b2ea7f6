import type { ActionEntry, ActionList, ActionParameter } from './actions.ts'
import type { JsonSchema } from './json-schema.ts'
import { EVIDENCE } from './openapi.ts'
import { escaped, page, relayOf, STYLE, words } from './pages.ts'

/** All actions of a dialect that has no OpenAPI, each with an example and a form to try it. */
export function actionsPage(list: ActionList, relay?: string): string {
  const contents = list.actions.map(({ name }) => `<a href="#${name}">${name}</a>`).join(' · ')
  const addresses = list.addresses.map(each => `<code>${escaped(each)}</code>`).join(', ')
  const body = `<h1>${escaped(list.title)}</h1><p>${words(list.description)}</p>
<p>Addresses: ${addresses}. Grammar of all answers: <a href="${escaped(list.grammar)}">${escaped(list.grammar)}</a>.
The same as data: <a href="/docs/${list.dialect}/actions.json">actions.json</a>.</p>
<p>${contents}</p>${list.actions.map(each => actionSection(each, relay !== undefined)).join('')}
${tryScript(list, relay)}`
  return page(list.title, body, `<style>${STYLE}</style>`)
}

function actionSection(entry: ActionEntry, canTry: boolean): string {
  const { name, summary, session, evidence, parameters, answers } = entry
  const whole = answers.map(
    ({ status, define, file }) => `${status}, <a href="${escaped(file)}"><code>${escaped(define)}</code></a>`,
  )
  const caller = session === 'required' ? 'Needs a session.' : 'Works without a session.'
  return `<section id="${name}"><h2>${name}</h2><p>${words(summary)}</p>
<p class="note">${caller} Answers: ${whole.join('; ')}. Evidence ${evidence}: ${escaped(EVIDENCE[evidence])}.</p>
<table><thead><tr><th>Parameter</th><th>Form</th><th>Meaning</th></tr></thead><tbody>${parameters.map(row).join('')}</tbody></table>${example(entry)}${canTry ? form(entry) : ''}</section>`
}

function example({ name, example: kept }: ActionEntry): string {
  if (!kept) return ''
  return `<details><summary>Example</summary><pre tabindex="0" aria-label="${name}: request">${escaped(kept.request)}</pre>
<pre tabindex="0" aria-label="${name}: answer">${escaped(`${kept.status}\n\n${kept.answer}`)}</pre></details>`
}

/** What is left empty is not sent. */
function form({ name, parameters }: ActionEntry): string {
  const inputs = parameters
    .filter(each => each.name !== 'Action')
    .map(each => `<label>${each.name} <input name="${escaped(each.name)}" autocomplete="off"></label>`)
  return `<details><summary>Try it</summary><form data-action="${name}">${inputs.join('')}<button>Send ${name}</button></form></details>`
}

/** To the first address of the list, through this server. */
function tryScript({ addresses }: ActionList, relay: string | undefined): string {
  if (relay === undefined) return ''
  return `<div id="try" data-url="${escaped(addresses[0] ?? '')}"${relayOf(relay)}></div><script src="/docs/assets/try.js"></script>`
}

export const TRY_SCRIPT = `'use strict'
const { url, relay } = document.getElementById('try').dataset
for (const form of document.querySelectorAll('form[data-action]')) {
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const given = [...new FormData(form)].filter(([, value]) => value !== '')
    const body = new URLSearchParams([['Action', form.dataset.action], ...given])
    const shown = form.nextElementSibling ?? form.parentElement.appendChild(document.createElement('pre'))
    shown.tabIndex = 0
    shown.setAttribute('role', 'status')
    shown.textContent = '…'
    try {
      const answer = await fetch(relay + '?' + new URLSearchParams({ scalar_url: url }), { method: 'POST', body })
      shown.textContent = answer.status + '\\n\\n' + (await answer.text()).replace(/></g, '>\\n<')
    } catch (error) {
      shown.textContent = String(error)
    }
  })
}
`

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
