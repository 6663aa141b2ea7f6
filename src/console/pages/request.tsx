import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Answer } from '../client.ts'
import { curlOf } from '../curl.ts'
import { grouped, laidOut } from '../format.ts'
import { Ask } from '../forms.tsx'
import { AccountLink, Card, Code, Data, Empty, Facts, NumberLink, Said, State, Table, Time } from '../parts.tsx'
import { page, type View } from '../view.ts'
import { deliveryColumns } from './callbacks.tsx'
import { Status } from './requests.tsx'

const Why = ({ of }: { of: Answer }): JSX.Element => (
  <section class="card why" id="why">
    <header>
      <h2>Why it was refused</h2>
      <State of={of.fault} />
    </header>
    <p>
      <Said text={of.why?.sentence ?? 'The rule has no sentence of its own.'} most={2_000} />
    </p>
    {of.why && (
      <Facts
        of={[
          ['Rule', of.why.rule],
          ['What decided', <Data of={of.why.data} most={2_000} />],
        ]}
      />
    )}
  </section>
)

const Side = ({ title, of, line }: { title: string; of: Answer; line: string }): JSX.Element => (
  <Card title={title} aside={<span class="muted small">{grouped(of.body_bytes)} bytes</span>}>
    <Code label={`${title}: headers`} text={[line, ...headersOf(of.headers)].join('\n')} />
    {of.body === null ? (
      <Empty>A body that is no text.</Empty>
    ) : (
      of.body !== '' && <Code label={`${title}: body`} text={laidOut(of.body)} />
    )}
    {of.body_cut && <p class="muted small">Only its beginning was kept.</p>}
  </Card>
)

const headersOf = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`)

const Caused = ({ view, of }: { view: View; of: Answer }): JSX.Element => (
  <Card title="What it caused">
    <Table<Answer>
      label="Changes"
      items={of.changes}
      empty="It changed no number."
      columns={[
        { name: 'Number', cell: each => <NumberLink view={view} e164={each.e164} /> },
        { name: 'What', cell: each => each.kind.replace(/_/g, ' ') },
        { name: 'State then', cell: each => <State of={each.state} /> },
      ]}
    />
    {of.deliveries?.length > 0 && (
      <Table<Answer>
        label="Callbacks"
        items={of.deliveries}
        columns={deliveryColumns(view).filter(({ name }) => ['Callback', 'Status', 'Dialect', 'To'].includes(name))}
        empty=""
      />
    )}
  </Card>
)

const Nearest = ({ of }: { of: Answer }): JSX.Element | null =>
  of.nearest?.length > 0 ? (
    <Card title="Operations that are near to it">
      <Code label="Operations" text={laidOut(JSON.stringify(of.nearest))} />
    </Card>
  ) : null

export const requestPage = page('/requests/:id', async view => {
  const path = `/requests/${encodeURIComponent(view.c.req.param('id') ?? '')}`
  const [of, { data_plane: origin }] = await Promise.all([view.admin.get(path), view.admin.get('/status')])
  const body = (
    <>
      {of.fault !== null && <Why of={of} />}
      <Card title="The request">
        <Facts
          of={[
            ['At', <Time at={of.at} />],
            ['Dialect', of.dialect],
            ['Operation', of.operation],
            ['Account', <AccountLink view={view} id={of.account} />],
            ['Status', <Status of={of.status} />],
            ['Took', `${of.ms} ms`],
            [
              'Numbers',
              of.numbers.length > 0 &&
                of.numbers.slice(0, 20).map((e164: string) => <NumberLink view={view} e164={e164} />),
            ],
            ['Fault on demand', of.dropped && <a href={`${view.base}/faults`}>{of.dropped}</a>],
            ['Replay of', of.replay_of && <a href={`${view.base}/requests/${of.replay_of}`}>{of.replay_of}</a>],
          ]}
        />
      </Card>
      <div class="columns">
        <Side title="Asked" of={of.request} line={`${of.request.method} ${of.request.url}`} />
        <Side title="Answered" of={of.response} line={String(of.response.status)} />
      </div>
      <Caused view={view} of={of} />
      <Nearest of={of} />
      <Card
        title="Again"
        aside={
          <button type="button" data-copy="curl">
            Copy as curl
          </button>
        }
      >
        <section class="scroll" tabindex={0} aria-label="As curl">
          <pre id="curl">{curlOf(of.request, origin)}</pre>
        </section>
        {view.world.mode === 'double' && (
          <div class="asks">
            <Ask
              {...{
                view,
                title: 'Replay',
                verb: 'Send it again',
                call: `POST ${path}/replay`,
                show: 'id,status,fault',
              }}
              done="It was sent again, with the credentials that it had."
              back={`${view.base}/requests`}
              explain="It does again whatever it does: it may buy, or release, once more."
            />
          </div>
        )}
      </Card>
    </>
  )
  return { title: of.operation ?? `${of.request.method} ${of.request.url}`.slice(0, 80), body }
})
