import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { Ask } from '../forms.tsx'
import { Money, Table } from '../parts.tsx'
import type { View } from '../view.ts'

const YES_NO = [
  ['', 'as it is'],
  ['true', 'yes'],
  ['false', 'no'],
] as const

export const Funds = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <>
    <Table<Answer>
      label="Balances"
      items={of.balances}
      empty="No money yet."
      columns={[
        { name: 'Currency', cell: each => each.currency },
        { name: 'Balance', isNumeric: true, cell: each => <Money amount={each.balance} /> },
        { name: 'May owe', isNumeric: true, cell: each => <Money amount={each.credit_limit} /> },
        { name: 'Release fee', isNumeric: true, cell: each => <Money amount={each.release_fee} /> },
      ]}
    />
    <div class="asks">
      <Ask
        {...{ view, title: 'Top up', verb: 'Pay in', call: `POST /accounts/${of.id}/topups`, done: 'It is paid in.' }}
        explain="Money that the customer paid. Orders that wait for it are tried again."
      >
        <Field name="currency" label="Currency" value={of.currency} required />
        <Field name="amount" label="Amount" hint="25.00" required />
        <Field name="note" label="Note" wide />
      </Ask>
      <Ask
        {...{ view, title: 'Correct', verb: 'Correct it', done: 'The account is set right.' }}
        call={`POST /accounts/${of.id}/corrections`}
        explain="A signed amount that sets the account right. The note is shown to the customer."
        isDangerous
      >
        <Field name="currency" label="Currency" value={of.currency} required />
        <Field name="amount" label="Amount" hint="-2.50" required />
        <Field name="note" label="Note" required wide />
      </Ask>
      <Ask
        {...{ view, title: 'Credit limit', verb: 'Set the limit', done: 'The limit is set.' }}
        call={`PATCH /accounts/${of.id}`}
        explain="How far below zero the account may go."
      >
        <Field name="credit_limit.currency" label="Currency" value={of.currency} required />
        <Field name="credit_limit.amount" label="Amount" hint="100.00" required />
      </Ask>
    </div>
  </>
)

export const Switches = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <Ask
    {...{ view, title: 'Change', verb: 'Change it', call: `PATCH /accounts/${of.id}`, done: 'The account is changed.' }}
    explain="What is left empty stays as it is."
  >
    <Field name="name" label="Name" value={of.name} />
    <Choice name="b:is_active" label="Active" of={YES_NO} />
    <Choice name="b:identity_verified" label="Identity verified" of={YES_NO} />
    <Choice name="b:allow_unauthenticated" label="Calls without credentials" of={YES_NO} />
    <Field name="l:features_off" label="Features off" value={of.features_off.join(' ')} hint="numbers" />
    <Field name="release_fee.currency" label="Release fee in" hint="USD or *" />
    <Field name="release_fee.amount" label="Release fee" hint="1.00" />
    <Field name="quarantine_days.country" label="Rest in country" hint="NL or *" />
    <Field name="n:quarantine_days.days" label="Days of rest" type="number" />
  </Ask>
)
