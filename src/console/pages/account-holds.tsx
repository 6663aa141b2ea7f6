import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Area, Field } from '../fields.tsx'
import { Act, Ask } from '../forms.tsx'
import { NumberLink, Table, Time } from '../parts.tsx'
import type { View } from '../view.ts'

export const Holds = ({ view, id, of }: { view: View; id: number; of: readonly Answer[] }): JSX.Element => (
  <>
    <Table<Answer>
      label="Holds"
      items={of}
      empty="No number is kept for this account."
      columns={[
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'Taken', cell: each => <Time at={each.taken_at} /> },
        { name: 'Until', cell: each => <Time at={each.until} /> },
        {
          name: 'Do',
          cell: each => (
            <Act
              {...{ view, verb: 'Give it up', call: `DELETE /accounts/${id}/holds/${each.id}`, done: 'Given up.' }}
            />
          ),
        },
      ]}
    />
    <Ask
      {...{
        view,
        title: 'Keep numbers',
        verb: 'Keep them',
        call: `POST /accounts/${id}/holds`,
        done: 'They are kept.',
      }}
      explain="All of them or none; until then this account alone may buy them."
    >
      <Area name="l:e164s" label="Numbers" hint="+12125550100 +12125550101" />
      <Field name="until" label="Until" hint="2026-06-01T00:00:00Z" required />
    </Ask>
  </>
)
