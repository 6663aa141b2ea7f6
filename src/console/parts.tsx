import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { table } from '../../adapters/kit/table.ts'
import { queryText } from './client.ts'
import { grouped, groupedMoney, groupedNumber, utc, visible, words } from './format.ts'
import { InTurns } from './in-turns.tsx'
import type { View } from './view.ts'

type Element = JSX.Element

/** Text of strangers: on its own, so that no other turns round with it, and cut where nobody reads on. */
export const Said = ({ text, most = 300 }: { text: string; most?: number }): Element => (
  <bdi class={text.length > 40 ? 'long' : undefined}>
    {visible(text.slice(0, most))}
    {text.length > most && <span class="muted"> … {grouped(text.length - most)} more</span>}
  </bdi>
)

/** What came as JSON, and is shown as that. */
export const Data = ({ of, most }: { of: unknown; most?: number }): Element => (
  <code class="data">
    <Said text={JSON.stringify(of)} {...(most !== undefined && { most })} />
  </code>
)

const said = (child: Child, most?: number): Child =>
  typeof child === 'string' ? <Said text={child} {...(most !== undefined && { most })} /> : child

export const Time = ({ at }: { at: string | null | undefined }): Element =>
  at ? <time datetime={at}>{utc(at)}</time> : <span class="muted">–</span>

export const Money = ({ amount, currency }: { amount: string; currency?: string }): Element => (
  <span class={amount.startsWith('-') ? 'money minus' : 'money'}>
    {groupedMoney(amount)}
    {currency && <span class="unit"> {currency}</span>}
  </span>
)

export const NumberLink = ({ view, e164 }: { view: View; e164: string }): Element => (
  <a class="number" href={`${view.base}/numbers/${encodeURIComponent(e164)}`}>
    {groupedNumber(e164)}
  </a>
)

export const AccountLink = ({ view, id, name }: { view: View; id: number | null; name?: string }): Element =>
  id === null ? (
    <span class="muted">–</span>
  ) : (
    <a href={`${view.base}/accounts/${id}`}>{said(name ?? `Account ${id}`)}</a>
  )

const TONES = table<string>({
  ...{ available: 'good', active: 'info', delivered: 'good', completed: 'good', approved: 'good', done: 'good' },
  ...{ suspended: 'warn', releasing: 'warn', quarantined: 'warn', waiting: 'warn', pending: 'warn', in_review: 'warn' },
  ...{ accepted: 'info', blocked: 'bad', failed: 'bad', rejected: 'bad', unworded: 'bad', refused: 'bad' },
})

/** A state in a word; the colour only repeats it. */
export const State = ({ of }: { of: string }): Element => (
  <span class={`state ${TONES[of] ?? 'plain'}`}>{words(of)}</span>
)

export const Empty = ({ children }: { children?: Child }): Element => <p class="empty">{children}</p>

export const Count = ({ of }: { of: number }): Element => <span class="count">{grouped(of)}</span>

export interface Column<T> {
  name: string
  /** To the right: amounts and counts. */
  isNumeric?: true
  cell: (item: T) => Child
}

interface TableOf<T> {
  label: string
  items: readonly T[]
  columns: readonly Column<T>[]
  empty: Child
}

/** One look for all lists. Scrolls by itself where it is wider than the screen, by keyboard too. */
export function Table<T>({ label, items, columns, empty }: TableOf<T>): Element {
  if (items.length === 0) return <Empty>{empty}</Empty>
  return (
    <section class="scroll" tabindex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, isNumeric }) => (
              <th scope="col" class={isNumeric && 'right'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <InTurns
            of={items}
            each={item => (
              <tr>
                {columns.map(({ cell, isNumeric }) => (
                  <td class={isNumeric && 'right'}>{said(cell(item))}</td>
                ))}
              </tr>
            )}
          />
        </tbody>
      </table>
    </section>
  )
}

export const Card = ({
  title,
  children,
  id,
  aside,
}: {
  title: string
  children?: Child
  id?: string
  aside?: Child
}) => (
  <section class="card" id={id}>
    <header>
      <h2>{title}</h2>
      {aside}
    </header>
    {children}
  </section>
)

/** Names and what they stand for. */
export const Facts = ({ of }: { of: readonly (readonly [string, Child])[] }): Element => (
  <dl class="facts">
    {of.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>
          {value === '' || value === false || value === null || value === undefined ? (
            <span class="muted">–</span>
          ) : (
            said(value, 2_000)
          )}
        </dd>
      </div>
    ))}
  </dl>
)

export function Pager({ view, total, limit, offset }: { view: View; total: number; limit: number; offset: number }) {
  if (total <= limit && offset === 0) return <p class="muted small">{grouped(total)} in all</p>
  const to = (at: number) => withQuery(view, { offset: String(at) })
  const last = Math.min(offset + limit, total)
  return (
    <nav class="pager" aria-label="Pages">
      {offset > 0 && <a href={to(Math.max(0, offset - limit))}>← Back</a>}
      <span>
        {grouped(Math.min(offset + 1, total))}–{grouped(last)} of {grouped(total)}
      </span>
      {last < total && <a href={to(offset + limit)}>Next →</a>}
    </nav>
  )
}

/** This page's address with other values in its query. */
export function withQuery(view: View, values: Record<string, string>): string {
  const url = new URL(view.here, 'http://127.0.0.1')
  const all = { ...Object.fromEntries(url.searchParams), ...values }
  return `${url.pathname}${queryText(all)}`
}

/** Bytes of strangers as text: escaped like everything here, wrapped, and cut where nobody reads on. */
export const Code = ({ text, label }: { text: string; label: string }): Element => (
  <section class="scroll" tabindex={0} aria-label={label}>
    <pre>
      <Said text={text} most={20_000} />
    </pre>
  </section>
)
