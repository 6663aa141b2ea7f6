import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { Act, Ask } from '../forms.tsx'
import { Said, State, Table, Time } from '../parts.tsx'
import type { View } from '../view.ts'

export const Credentials = ({ view, id, of }: { view: View; id: number; of: readonly Answer[] }): JSX.Element => (
  <>
    <Table<Answer>
      label="Credentials"
      items={of}
      empty="Nobody may act for this account yet."
      columns={[
        { name: 'Dialect', cell: each => each.realm },
        { name: 'Name', cell: each => each.name },
        { name: 'Kind', cell: each => each.kind.replace('_', ' ') },
        {
          name: 'Public id',
          cell: each => (
            <code class="id">
              <Said text={each.public_id} />
            </code>
          ),
        },
        { name: 'Scopes', cell: each => each.scopes.join(' ') || 'all' },
        { name: 'State', cell: each => <State of={each.is_active ? 'active' : 'retired'} /> },
        { name: 'Made', cell: each => <Time at={each.created_at} /> },
        { name: 'Do', cell: each => (each.is_active ? <OneCredential view={view} id={id} of={each} /> : '') },
      ]}
    />
    <Ask
      {...{ view, title: 'Make a credential', verb: 'Make it', call: `POST /accounts/${id}/credentials` }}
      done="The credential is made. Its secret is shown this once."
      show="realm,public_id,secret,base_url,client"
      explain="As the clients of its dialect need it."
    >
      <Choice name="realm" label="Dialect" of={view.world.dialects} />
      <Field name="name" label="Name" hint="Test bed" />
      <Field name="l:scopes" label="Scopes" hint="all" />
      <Field name="n:user_id" label="For user (id)" type="number" />
    </Ask>
  </>
)

const OneCredential = ({ view, id, of }: { view: View; id: number; of: Answer }): JSX.Element => (
  <div class="asks">
    <Ask
      {...{ view, title: 'Rotate', verb: 'Give it a new secret', show: 'public_id,secret' }}
      call={`POST /accounts/${id}/credentials/${of.id}/rotate`}
      done="The old secret is void. The new one is shown this once."
      explain="Clients with the old secret are refused from now on."
      isDangerous
    />
    <Ask
      {...{ view, title: 'Revoke', verb: 'Revoke it', call: `DELETE /accounts/${id}/credentials/${of.id}` }}
      done="The credential is revoked."
      explain="For good. What was issued from it ends too."
      isDangerous
    />
  </div>
)

export const People = ({ view, id, users, sessions }: { view: View; id: number; users: Answer; sessions: Answer }) => (
  <>
    <Table<Answer>
      label="Users"
      items={users.users}
      empty="No users."
      columns={[
        { name: 'User', cell: each => `${each.username}@${each.domain}` },
        {
          name: 'Logs in as',
          cell: each => (
            <code>
              <Said text={each.auth_username} />
            </code>
          ),
        },
        { name: 'Role', cell: each => each.role.replace('_', ' ') },
        { name: 'Enabled', cell: each => (each.is_enabled ? 'yes' : 'no') },
        { name: 'Do', cell: each => <OneUser view={view} id={id} of={each} /> },
      ]}
    />
    <Table<Answer>
      label="Sessions"
      items={sessions.sessions}
      empty="Nobody is logged in."
      columns={[
        { name: 'Session of', cell: each => each.auth_username },
        { name: 'Dialect', cell: each => each.realm },
        { name: 'Since', cell: each => <Time at={each.created_at} /> },
        { name: 'Until', cell: each => <Time at={each.expires_at} /> },
        {
          name: 'Do',
          cell: each => (
            <Act
              {...{ view, verb: 'End it', call: `DELETE /accounts/${id}/sessions/${each.id}`, done: 'It is over.' }}
            />
          ),
        },
      ]}
    />
  </>
)

const OneUser = ({ view, id, of }: { view: View; id: number; of: Answer }): JSX.Element => {
  const path = `/accounts/${id}/users/${of.id}`
  const verb = of.is_enabled ? 'Disable' : 'Enable'
  return (
    <div class="asks">
      <Ask
        {...{ view, title: verb, verb, call: `PATCH ${path}`, done: `${verb}d.` }}
        explain="Disabling ends the user's sessions."
      >
        <input type="hidden" name="b:is_enabled" value={String(!of.is_enabled)} />
      </Ask>
      <Ask
        {...{ view, title: 'New password', verb: 'Draw a new password', call: `POST ${path}/password` }}
        done="The password is new, and shown this once."
        show="password"
        explain="The old one is void, and the user's sessions end."
        isDangerous
      />
    </div>
  )
}
