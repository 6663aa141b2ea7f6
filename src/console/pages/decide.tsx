import type { JSX } from 'hono/jsx/jsx-runtime'
import { Reason } from '../fields.tsx'
import { Ask } from '../forms.tsx'
import type { View } from '../view.ts'

interface Decision {
  verb: string
  title: string
  explain: string
  done: string
  isDangerous?: boolean
}

export const ORDER: readonly Decision[] = [
  { verb: 'accept', title: 'Accept', explain: 'It is taken on; numbers come later.', done: 'The order is accepted.' },
  { verb: 'complete', title: 'Complete', explain: 'It is filled now and charged.', done: 'The order is completed.' },
  {
    ...{ verb: 'reject', title: 'Reject', explain: 'Its client is told so.', done: 'The order is rejected.' },
    isDangerous: true,
  },
]

export const REVIEW: readonly Decision[] = [
  { verb: 'approve', title: 'Approve', explain: 'It is found right.', done: 'It is approved.' },
  { verb: 'reject', title: 'Reject', explain: 'It is found wrong.', done: 'It is rejected.', isDangerous: true },
]

/** What an operator says to what waits. */
export const Decide = ({ view, path, of }: { view: View; path: string; of: readonly Decision[] }): JSX.Element => (
  <div class="asks">
    {of.map(({ verb, title, explain, done, isDangerous = false }) => (
      <Ask {...{ view, title, explain, done, isDangerous, verb: title, call: `POST ${path}/${verb}` }}>
        <Reason />
      </Ask>
    ))}
  </div>
)
