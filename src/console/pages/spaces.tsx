import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { Choice, Field } from '../fields.tsx'
import { grouped } from '../format.ts'
import { Act, Ask } from '../forms.tsx'
import { Card, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'

const Open = ({ view }: { view: View }): JSX.Element => (
  <Ask
    {...{ view, title: 'Make a space', verb: 'Make it', call: 'POST /spaces', done: 'The space is there.' }}
    explain="A world of its own inside of this gateway: own numbers, accounts, money and clock."
    show="name,base_urls,ports,credentials"
  >
    <Field name="name" label="Name" hint="drawn" />
    <Choice
      name="seed"
      label="Begins with"
      of={[
        ['demo', 'the demo world'],
        ['none', 'nothing'],
      ]}
    />
    <Field name="now" label="Clock at" hint="2026-06-01T00:00:00Z" />
    <Field name="n:ttl_seconds" label="Ends after, seconds" type="number" hint="3600" />
    <Choice
      name="b:ports"
      label="Ports of its own"
      of={[
        ['', 'none'],
        ['true', 'one for each dialect'],
      ]}
    />
  </Ask>
)

const urls = (of: Answer) => Object.values(of.base_urls ?? {}) as string[]

export const spacePages = [
  page('/spaces', async view => {
    const { spaces } = await view.admin.get('/spaces?limit=100')
    const body = (
      <>
        <Open view={view} />
        <Table<Answer>
          label="Spaces"
          items={spaces}
          empty="There is no space. Each test, or team, can have a world of its own."
          columns={[
            { name: 'Space', cell: each => <a href={`/console/~${each.name}`}>{each.name}</a> },
            { name: 'Its clock', cell: each => <Time at={each.now} /> },
            { name: 'Ends', cell: each => <Time at={each.expires_at} /> },
            { name: 'Reached at', cell: each => <code>{urls(each)[0]?.replace(/\/[^/]*$/, '/…')}</code> },
            {
              name: 'Do',
              cell: each => (
                <Ask
                  {...{ view, title: 'End it', verb: `End ${each.name}`, call: `DELETE /spaces/${each.name}` }}
                  done="The space has ended."
                  explain="With all that is in it."
                  isDangerous
                />
              ),
            },
          ]}
        />
      </>
    )
    return { title: 'Spaces', body }
  }),
  page('/snapshots', async view => {
    const { snapshots } = await view.admin.get('/snapshots')
    const body = (
      <>
        <Card title="Keep this moment">
          <Act {...{ view, verb: 'Keep it', call: 'POST /snapshots', done: 'The moment is kept.' }}>
            <Field name="name" label="Name" hint="after-login" required />
          </Act>
        </Card>
        <Table<Answer>
          label="Snapshots"
          items={snapshots}
          empty="No moment is kept."
          columns={[
            { name: 'Snapshot', cell: each => each.name },
            { name: 'Clock', cell: each => <Time at={each.now} /> },
            { name: 'Bytes', isNumeric: true, cell: each => grouped(each.bytes) },
            { name: 'Do', cell: each => <OneSnapshot view={view} name={each.name} /> },
          ]}
        />
      </>
    )
    return { title: 'Snapshots', body }
  }),
]

const OneSnapshot = ({ view, name }: { view: View; name: string }): JSX.Element => (
  <div class="asks">
    <Ask
      {...{ view, title: 'Go on from it', verb: 'Restore', call: `POST /snapshots/${name}/restore` }}
      done="The world goes on from there."
      explain="All that happened since is gone."
      isDangerous
    />
    <Ask
      {...{ view, title: 'Forget', verb: 'Forget it', call: `DELETE /snapshots/${name}`, done: 'Forgotten.' }}
      explain="The world stays as it is."
    />
  </div>
)
