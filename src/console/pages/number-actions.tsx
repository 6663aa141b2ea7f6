import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Choice, Field, Reason } from '../fields.tsx'
import { groupedNumber } from '../format.ts'
import { Ask } from '../forms.tsx'
import type { View } from '../view.ts'

/** What an operator may do to it in its state; each asks first. */
export const Actions = ({ view, of }: { view: View; of: Answer }): JSX.Element => {
  const call = (verb: string) => `POST /numbers/${encodeURIComponent(of.e164)}/${verb}`
  const shown = groupedNumber(of.e164)
  return (
    <div class="asks">
      {of.state === 'blocked' ? (
        <Ask
          {...{
            view,
            title: 'Unblock',
            call: call('unblock'),
            verb: `Unblock ${shown}`,
            done: 'It goes on as before.',
          }}
          explain="It goes on in the state that it was in before."
        >
          <Reason />
        </Ask>
      ) : (
        <Ask
          {...{ view, title: 'Block', call: call('block'), verb: `Block ${shown}`, done: 'It is blocked.' }}
          explain="It is neither sold nor in service until it is unblocked. Its owner keeps it."
          isDangerous
        >
          <Reason />
        </Ask>
      )}
      <Ask
        {...{ view, title: 'Reprice', call: call('reprice'), verb: 'Set the prices', done: 'Its prices are set.' }}
        explain="For its next buyer. Whoever has it keeps the price of the subscription."
      >
        <Field name="setup_price" label="Set-up" value={of.setup_price} />
        <Field name="monthly_price" label="Monthly" value={of.monthly_price} />
        <Field name="per_minute_price" label="Per minute" value={of.per_minute_price} />
      </Ask>
      {of.owner && <OwnedActions view={view} of={of} call={call} />}
      <Ask
        {...{ view, title: 'Retire', call: call('retire'), verb: `Retire ${shown} for ever`, done: 'It is retired.' }}
        explain="It is taken out for ever: it is never sold again, and nobody can bring it back."
        isDangerous
      >
        <Reason />
      </Ask>
    </div>
  )
}

const OwnedActions = ({ view, of, call }: { view: View; of: Answer; call: (verb: string) => string }): JSX.Element => (
  <>
    <Ask
      {...{ view, title: 'Label', call: call('label'), verb: 'Keep the label', done: 'The label is kept.' }}
      explain="A note that its owner sees; empty: none."
    >
      <Field name="z:label" label="Label" value={of.owner.label ?? ''} wide />
    </Ask>
    <Ask
      {...{ view, title: 'Move', call: call('move'), verb: 'Move it', done: 'It was moved.' }}
      explain="To another account of the same tree. The payer stays; what the old owner configured ends."
    >
      <Field name="n:account_id" label="To account (id)" type="number" required />
      <Choice
        name="b:force"
        label="Although a call was just made"
        of={[
          ['false', 'no'],
          ['true', 'yes, by force'],
        ]}
      />
    </Ask>
    <Ask
      {...{ view, title: 'Release', call: call('release'), verb: 'Give it back', done: 'The release is on its way.' }}
      explain="In its owner's name, without a fee. It rests as its country and account say."
      isDangerous
    >
      <Choice
        name="when"
        label="When"
        of={[
          ['now', 'now'],
          ['period_end', 'when the paid period ends'],
        ]}
      />
    </Ask>
  </>
)
