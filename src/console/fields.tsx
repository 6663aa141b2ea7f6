import { createContext, useContext } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { FieldIssue } from './client.ts'

type Element = JSX.Element

/** What was typed into the form around a field when it was last refused, and what was wrong with it. */
interface Typed {
  values: Readonly<Record<string, string>>
  issues: readonly FieldIssue[]
}

const NOTHING: Typed = { values: {}, issues: [] }
export const FormContext = createContext<Typed>(NOTHING)

interface FieldOf {
  /** Of the body; `n:` a number, `b:` yes or no, `l:` a list, `j:` JSON, `z:` null where empty; dots lead into members. */
  name: string
  label: string
  value?: string | undefined
  hint?: string
  required?: boolean
  type?: string
  wide?: boolean
}

/** What was typed before, what was wrong with it, and the attributes that say so. */
function useTyped(name: string) {
  const { values, issues } = useContext(FormContext)
  const path = name.replace(/^[nbljz]:/, '')
  // one form of a page at most was refused
  const id = `wrong-${path}`
  const wrong = issues.find(({ field }) => field === path || field.startsWith(`${path}.`))
  return {
    typed: Object.hasOwn(values, name) ? values[name] : undefined,
    wrong: wrong && (
      <small class="wrong" id={id}>
        {wrong.message.slice(0, 300)}
      </small>
    ),
    attributes: {
      name,
      ...(wrong && { 'aria-invalid': 'true' as const, 'aria-describedby': id, autofocus: true }),
    },
  }
}

export const Field = ({ name, label, value, hint, required, type = 'text', wide }: FieldOf): Element => {
  const { typed, wrong, attributes } = useTyped(name)
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label>
        <span>{label}</span>
        <input
          {...attributes}
          type={type}
          value={typed ?? value}
          placeholder={hint}
          required={required}
          autocomplete="off"
        />
      </label>
      {wrong}
    </div>
  )
}

interface ChoiceOf {
  name: string
  label: string
  value?: string | undefined
  /** Values, or values with what they are called. */
  of: readonly (string | readonly [string, string])[]
}

export const Choice = ({ name, label, value, of }: ChoiceOf): Element => {
  const { typed, wrong, attributes } = useTyped(name)
  return (
    <div class="field">
      <label>
        <span>{label}</span>
        <select {...attributes}>
          {of.map(each => {
            const [key, text] = typeof each === 'string' ? [each, each === '' ? 'any' : each.replace(/_/g, ' ')] : each
            return (
              <option value={key} selected={key === (typed ?? value)}>
                {text}
              </option>
            )
          })}
        </select>
      </label>
      {wrong}
    </div>
  )
}

export const Area = ({
  name,
  label,
  value = '',
  hint,
}: Pick<FieldOf, 'name' | 'label' | 'value' | 'hint'>): Element => {
  const { typed, wrong, attributes } = useTyped(name)
  return (
    <div class="field wide">
      <label>
        <span>{label}</span>
        <textarea {...attributes} rows={4} placeholder={hint} spellcheck={false}>
          {typed ?? value}
        </textarea>
      </label>
      {wrong}
    </div>
  )
}

export const Check = ({ name, label }: Pick<FieldOf, 'name' | 'label'>): Element => {
  const { typed, attributes } = useTyped(name)
  return (
    <label class="check">
      <input {...attributes} type="checkbox" value="true" checked={typed === 'true'} /> {label}
    </label>
  )
}

export const Reason = (): Element => <Field name="reason" label="Reason" hint="Kept with it" wide />
