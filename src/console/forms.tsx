import { type Child, createContext, useContext } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { type Answer, isRefusal } from './client.ts'
import { FormContext } from './fields.tsx'
import { Said } from './parts.tsx'
import type { Shown, View } from './view.ts'

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

const formOf = ({ call, verb }: Pick<ActOf, 'call' | 'verb'>) => `${verb} ${call}`

/** A form that makes one call of the admin API: its fields are the members of the body, see `bodyOf`. */
export const Act = ({ view, call, verb, done, show, back, isDangerous, children }: ActOf): Element => {
  const form = formOf({ call, verb })
  return (
    <form method="post" action={`${view.base}/do`} class="act">
      <input type="hidden" name="_csrf" value={view.csrf} />
      <input type="hidden" name="_call" value={call} />
      <input type="hidden" name="_form" value={form} />
      <input type="hidden" name="_done" value={done} />
      <input type="hidden" name="_here" value={view.here} />
      {back && <input type="hidden" name="_back" value={back} />}
      {show && <input type="hidden" name="_show" value={show} />}
      <Again view={view} form={form}>
        {children}
      </Again>
      <button type="submit" class={isDangerous ? 'danger' : 'primary'}>
        {verb}
      </button>
    </form>
  )
}

/** The fields of a form: after a refusal with what was typed in, and the reason above them. */
export const Again = ({ view, form, children }: { view: View; form: string; children?: Child }): Element => {
  const { notice } = view
  if (notice?.refused?.form !== form) return <>{children}</>
  notice.isPlaced = true
  return (
    <>
      <p class="notice bad wide" role="alert" id="refused">
        <Said text={notice.text} most={2_000} />
      </p>
      <FormContext.Provider value={{ values: notice.refused.typed, issues: notice.refused.issues }}>
        {children}
      </FormContext.Provider>
    </>
  )
}

/** Asks before it does: what it does is told beside the button that does it. */
export const Ask = ({ title, explain, ...act }: ActOf & { title: string; explain: string }): Element => (
  <details class="ask" open={act.view.notice?.refused?.form === formOf(act)}>
    <summary class={act.isDangerous ? 'dangerous' : ''}>{title}</summary>
    <p>{explain}</p>
    <Act {...act} />
  </details>
)

const RefusedFilter = createContext<string | undefined>(undefined)

/** A form of questions: it changes nothing, and its answers stand in the address. */
export const Filter = ({ action, children }: { action: string; children?: Child }): Element => {
  const why = useContext(RefusedFilter)
  return (
    <form method="get" action={action} class="filter">
      {why !== undefined && (
        <p class="notice bad wide" role="alert" id="refused">
          <Said text={why} most={2_000} />
        </p>
      )}
      {children}
      <button type="submit">Show</button>
    </form>
  )
}

/** A list below the filter that it was asked by. What the API refuses is told in the filter, which keeps what was typed. */
export async function filtered<T = Answer>(
  filter: Child,
  ask: Promise<T>,
  show: (found: T) => Child,
): Promise<Omit<Shown, 'title'>> {
  try {
    const list = show(await ask)
    return {
      body: (
        <>
          {filter}
          {list}
        </>
      ),
    }
  } catch (error) {
    // what is not there at all has no filter either
    if (!isRefusal(error) || error.status === 404) throw error
    const body = (
      <RefusedFilter.Provider value={error.message}>
        <FormContext.Provider value={{ values: {}, issues: error.issues }}>{filter}</FormContext.Provider>
      </RefusedFilter.Provider>
    )
    return { body, status: error.status }
  }
}
