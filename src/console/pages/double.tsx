import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Area, Choice, Field } from '../fields.tsx'
import { grouped, words } from '../format.ts'
import { Act, Ask } from '../forms.tsx'
import { Card, Data, Facts, NumberLink, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

/** What clients meet most; every other code can be written into the field of the effect. */
const FAULTS = [
  ...['insufficient_funds', 'number_unavailable', 'documents_required', 'unauthenticated', 'forbidden', 'not_found'],
  ...['conflict', 'limit_reached', 'rate_limited', 'overloaded', 'temporarily_unavailable', 'timeout', 'internal'],
]

const When = ({ view }: { view: View }): JSX.Element => (
  <>
    <Choice name="when.dialect" label="Dialect" of={['', ...view.world.dialects]} />
    <Field name="when.operation" label="Operation" hint="POST /v1/buy/cart/checkout" />
    <Field name="n:when.account" label="Account (id)" type="number" />
    <Field name="when.e164" label="Number" hint="+1212*" />
    <Field name="n:when.nth" label="Every so many" type="number" hint="each" />
    <Field name="n:when.times" label="So many times" type="number" hint="always" />
    <Field name="n:when.probability" label="Probability" hint="1" />
  </>
)

const Rules = ({ view, faults }: { view: View; faults: readonly Answer[] }): JSX.Element => (
  <Table<Answer>
    label="Faults on demand"
    items={faults}
    empty="No fault is asked for: everything works as it does."
    columns={[
      { name: 'Fault', cell: each => each.id },
      { name: 'When', cell: each => <Data of={each.when} /> },
      { name: 'Then', cell: each => <Data of={each.then} /> },
      { name: 'Matched', isNumeric: true, cell: each => grouped(each.matched) },
      { name: 'Applied', isNumeric: true, cell: each => grouped(each.applied ?? 0) },
      {
        name: 'Do',
        cell: each => <Act {...{ view, verb: 'End it', call: `DELETE /faults/${each.id}`, done: 'It has ended.' }} />,
      },
    ]}
  />
)

const NewFault = ({ view }: { view: View }): JSX.Element => {
  const act = { view, call: 'POST /faults', done: 'From now on it happens.' }
  return (
    <div class="asks">
      <Ask {...act} title="A fault" verb="Let it fail" explain="As the provider words it. Empty: every request.">
        <When view={view} />
        <Choice name="then.fault" label="Then" of={FAULTS} />
      </Ask>
      <Ask {...act} title="A delay" verb="Hold it back" explain="Answers come later.">
        <When view={view} />
        <Field name="n:then.delay_ms" label="Milliseconds" type="number" value="500" required />
      </Ask>
      <Ask
        {...act}
        title="A lost connection"
        verb="Cut it"
        explain="Before it is done, in the middle, or after it was done."
      >
        <When view={view} />
        <Choice name="then.drop" label="Cut" of={['before', 'mid_body', 'after_commit']} />
      </Ask>
      <Ask {...act} title="A status" verb="Answer it so" explain="A status and a body of your own.">
        <When view={view} />
        <Field name="n:then.status" label="Status" type="number" value="503" required />
        <Area name="then.body" label="Body" />
      </Ask>
      <Ask {...act} title="A broken body" verb="Break it" explain="The answer is cut short, or cannot be read.">
        <When view={view} />
        <Choice name="then.body" label="Body" of={['truncated', 'malformed']} />
      </Ask>
      <Ask {...act} title="A strange callback" verb="Let it happen" explain="What receivers must bear.">
        <Choice name="when.dialect" label="Dialect" of={['', ...view.world.dialects]} />
        <input type="hidden" name="b:when.callback" value="true" />
        <Choice name="then.callback" label="It is" of={['twice', 'out_of_order', 'lost', 'wrong_signature']} />
        <Field name="n:when.times" label="So many times" type="number" hint="always" />
      </Ask>
      <Ask {...act} title="As JSON" verb="Make it" explain="Everything that the admin API takes.">
        <Area name="j:when" label="when" value="{}" />
        <Area name="j:then" label="then" value={'{"fault": "insufficient_funds"}'} />
      </Ask>
    </div>
  )
}

const Move = ({ view, clock }: { view: View; clock: Answer }): JSX.Element => {
  const act = { view, call: 'POST /clock', show: 'now,ran' }
  return (
    <>
      <Act {...act} verb="Move on" done="The clock was moved.">
        <Choice
          name="n:advance_seconds"
          label="By"
          of={[
            ['3600', 'an hour'],
            ['86400', 'a day'],
            ['604800', 'a week'],
            ['2678400', '31 days'],
          ]}
        />
      </Act>
      <div class="asks spaced">
        <Ask {...act} title="Set" verb="Set it" done="The clock is set." explain="It only ever goes forward.">
          <Field name="set" label="To" value={clock.now} required />
        </Ask>
        {clock.frozen ? (
          <Ask {...act} title="Let it go" verb="Let it go" done="The clock goes on." explain="From where it stands.">
            <input type="hidden" name="b:freeze" value="false" />
          </Ask>
        ) : (
          <Ask
            {...act}
            title="Stop it"
            verb="Stop it"
            done="The clock stands still."
            explain="Until it is moved or let go."
          >
            <input type="hidden" name="b:freeze" value="true" />
          </Ask>
        )}
        <Ask
          {...{
            view,
            title: 'Reset the world',
            verb: 'Begin anew',
            call: 'POST /reset',
            done: 'The world began anew.',
          }}
          explain="Everything is emptied, and the seed is loaded again."
          isDangerous
        />
      </div>
    </>
  )
}

export const doublePages = [
  page('/faults', async view => {
    const { faults } = await view.admin.get('/faults')
    const body = (
      <>
        <NewFault view={view} />
        <Rules view={view} faults={faults} />
        {faults.length > 0 && (
          <Ask
            {...{ view, title: 'End all', verb: 'End all faults', call: 'DELETE /faults', done: 'All have ended.' }}
            explain="Everything works again as it does."
            isDangerous
          />
        )}
      </>
    )
    return { title: 'Faults on demand', body }
  }),
  page('/clock', async view => {
    const [clock, { upcoming }] = await Promise.all([view.admin.get('/clock'), view.admin.get('/upcoming?limit=30')])
    const body = (
      <>
        <Card title="What time it is">
          <Facts
            of={[
              ['Now', <Time at={clock.now} />],
              ['It', clock.frozen ? 'stands still' : 'goes on'],
            ]}
          />
        </Card>
        <Card title="Move it">
          <Move view={view} clock={clock} />
        </Card>
        <Card title="What falls due next">
          <Table<Answer>
            label="Due"
            items={upcoming}
            empty="Nothing falls due."
            columns={[
              { name: 'At', cell: each => <Time at={each.at} /> },
              { name: 'What', cell: each => words(each.what) },
              { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
            ]}
          />
        </Card>
      </>
    )
    return { title: 'Clock', body }
  }),
]
