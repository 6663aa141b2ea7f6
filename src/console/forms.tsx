import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { View } from './view.ts'

type Element = JSX.Element

interface ActOf {
  view: View
  /** Method and path of the admin route that does it, such as `POST /numbers/+1…/block`. */
  call: string
  /** On the button. */
  verb: string
  /** Told afterwards. */
  done: string
  /** Members of the answer to show once. */
  show?: string
  /** Where to go then; this page by default. */
  back?: string
  isDangerous?: boolean
  children?: Child
}

/** A form that makes one call of the admin API: its fields are the members of the body, see `bodyOf`. */
export const Act = ({ view, call, verb, done, show, back, isDangerous, children }: ActOf): Element => (
  <form method="post" action={`${view.base}/do`} class="act">
    <input type="hidden" name="_csrf" value={view.csrf} />
    <input type="hidden" name="_call" value={call} />
    <input type="hidden" name="_done" value={done} />
    <input type="hidden" name="_back" value={back ?? view.here} />
    {show && <input type="hidden" name="_show" value={show} />}
    {children}
    <button type="submit" class={isDangerous ? 'danger' : 'primary'}>
      {verb}
    </button>
  </form>
)

/** Asks before it does: what it does is told beside the button that does it. */
export const Ask = ({ title, explain, ...act }: ActOf & { title: string; explain: string }): Element => (
  <details class="ask">
    <summary class={act.isDangerous ? 'dangerous' : ''}>{title}</summary>
    <p>{explain}</p>
    <Act {...act} />
  </details>
)

interface FieldOf {
  /** Of the body; `n:` a number, `b:` yes or no, `l:` a list, `j:` JSON, `z:` null where empty; dots lead into members. */
  name: string
  label: string
  value?: string | undefined
  hint?: string
  required?: boolean
  type?: string
  wide?: boolean
  list?: readonly string[]
}

export const Field = ({ name, label, value, hint, required, type = 'text', wide, list }: FieldOf): Element => (
  <label class={wide ? 'field wide' : 'field'}>
    <span>{label}</span>
    <input name={name} type={type} value={value} placeholder={hint} required={required} autocomplete="off" />
    {list && <small>{list.join(', ')}</small>}
  </label>
)

interface ChoiceOf {
  name: string
  label: string
  value?: string | undefined
  /** Values, or values with what they are called. */
  of: readonly (string | readonly [string, string])[]
}

export const Choice = ({ name, label, value, of }: ChoiceOf): Element => (
  <label class="field">
    <span>{label}</span>
    <select name={name}>
      {of.map(each => {
        const [key, text] = typeof each === 'string' ? [each, each === '' ? 'any' : each.replace(/_/g, ' ')] : each
        return (
          <option value={key} selected={key === value}>
            {text}
          </option>
        )
      })}
    </select>
  </label>
)

export const Area = ({
  name,
  label,
  value = '',
  hint,
}: Pick<FieldOf, 'name' | 'label' | 'value' | 'hint'>): Element => (
  <label class="field wide">
    <span>{label}</span>
    <textarea name={name} rows={4} placeholder={hint} spellcheck={false}>
      {value}
    </textarea>
  </label>
)

export const Reason = (): Element => <Field name="reason" label="Reason" hint="Kept with it" wide />

/** A form of questions: it changes nothing, and its answers stand in the address. */
export const Filter = ({ action, children }: { action: string; children?: Child }): Element => (
  <form method="get" action={action} class="filter">
    {children}
    <button type="submit">Show</button>
  </form>
)

type Body = { [name: string]: unknown }

/** Of the fields of such a form; what is left empty is not sent. Throws a SyntaxError for JSON that is none. */
export function bodyOf(fields: Iterable<[string, unknown]>): Body {
  const body: Body = {}
  for (const [name, value] of fields) {
    if (name.startsWith('_') || typeof value !== 'string') continue
    const [, kind = '', path = ''] = /^(?:([nbljz]):)?(.+)$/s.exec(name) ?? []
    if (value === '' && kind !== 'z') continue
    put(body, path.split('.'), typed(kind, value))
  }
  return body
}

function typed(kind: string, text: string): unknown {
  if (kind === 'z') return text === '' ? null : text
  if (kind === 'n') return Number(text)
  if (kind === 'b') return text === 'true'
  if (kind === 'l') return text.split(/[\s,;]+/).filter(each => each !== '')
  return kind === 'j' ? JSON.parse(text) : text
}

function put(body: Body, [first = '', ...rest]: string[], value: unknown): void {
  // only own, plain members: a field's name comes from a form
  if (['__proto__', 'constructor', 'prototype'].includes(first)) return
  if (rest.length === 0) body[first] = value
  else {
    const inner = (Object.hasOwn(body, first) ? body[first] : {}) as Body
    body[first] = inner
    put(inner, rest, value)
  }
}
