import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { laidOut } from './format.ts'
import type { Notice, View } from './view.ts'

type Element = JSX.Element

/** Everything comes from this server, and nothing stands inline: what a stranger wrote cannot become a script. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** htmx would put a style element of its own into the page, and read expressions: neither is wanted. */
const HTMX = JSON.stringify({
  ...{ includeIndicatorStyles: false, allowEval: false, allowScriptTags: false, selfRequestsOnly: true },
  historyCacheSize: 0,
})

const MENU = [
  ['', 'Overview'],
  ['/numbers', 'Numbers'],
  ['/map', 'Map of the plan'],
  ['/accounts', 'Accounts'],
  ['/orders', 'Orders'],
  ['/documents', 'Documents'],
  ['/callbacks', 'Callbacks'],
  ['/import', 'Import'],
  ['/events', 'Events'],
] as const

const DOUBLE = [
  ['/requests', 'Requests'],
  ['/faults', 'Faults'],
  ['/clock', 'Clock'],
  ['/spaces', 'Spaces'],
  ['/snapshots', 'Snapshots'],
] as const

/** Requests are kept in production too, where that is asked for. */
const IN_PRODUCTION = [DOUBLE[0]] as const

const Document = ({ title, children }: { title: string; children?: Child }): Element => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content={HTMX} />
      <title>{title} · didgate</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/console/assets/uplot.css" />
      <link rel="stylesheet" href="/console/assets/style.css" />
      <script src="/console/assets/htmx.js" defer />
      <script src="/console/assets/uplot.js" defer />
      <script src="/console/assets/console.js" defer />
    </head>
    {children}
  </html>
)

/** A space has none of its own inside. */
function trafficOf({ world, space }: View): readonly (readonly [string, string])[] {
  if (world.mode !== 'double') return IN_PRODUCTION
  return space === '' ? DOUBLE : DOUBLE.filter(([path]) => path !== '/spaces')
}

const Links = ({ view, of }: { view: View; of: readonly (readonly [string, string])[] }): Element => {
  const path = view.here.replace(/\?.*$/, '').slice(view.base.length)
  const isHere = (to: string) => (to === '' ? path === '' || path === '/' : path === to || path.startsWith(`${to}/`))
  return (
    <ul>
      {of.map(([to, name]) => (
        <li>
          <a href={`${view.base}${to}`} aria-current={isHere(to) ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  )
}

const Menu = ({ view }: { view: View }): Element => (
  <nav aria-label="Pages of the console">
    <Links view={view} of={MENU} />
    <h2>{view.world.mode === 'double' ? 'The double' : 'Traffic'}</h2>
    <Links view={view} of={trafficOf(view)} />
    <h2>Reference</h2>
    <ul>
      <li>
        <a href="/docs">API reference</a>
      </li>
    </ul>
  </nav>
)

const Head = ({ view }: { view: View }): Element => (
  <header class="top">
    <a class="brand" href={view.base}>
      didgate
    </a>
    <span class={`mode ${view.world.mode}`}>{view.world.mode}</span>
    {view.space !== '' && (
      <span class="mode space">
        space {view.space} · <a href="/console">leave</a>
      </span>
    )}
    <form action={`${view.base}/find`} method="get" class="find">
      <input name="q" type="search" aria-label="Go to a number" placeholder="Go to a number, +1 212 …" />
    </form>
    {view.isSignedIn && (
      <form method="post" action="/console/sign-out">
        <input type="hidden" name="_csrf" value={view.csrf} />
        <button type="submit">Sign out</button>
      </form>
    )}
  </header>
)

const Told = ({ notice }: { notice: Notice }): Element => (
  <div class={notice.isError ? 'notice bad' : 'notice good'} role={notice.isError ? 'alert' : 'status'}>
    <p>{notice.text}</p>
    {notice.shown && (
      <dl class="facts secret">
        {Object.entries(notice.shown).map(([name, value]) => (
          <div>
            <dt>{name.replace(/_/g, ' ')}</dt>
            <dd>
              <code>{typeof value === 'string' ? value : laidOut(JSON.stringify(value))}</code>
            </dd>
          </div>
        ))}
      </dl>
    )}
  </div>
)

export const Layout = ({ view, title, children }: { view: View; title: string; children?: Child }): Element => (
  <Document title={title}>
    <body>
      <a class="skip" href="#main">
        To the content
      </a>
      <Head view={view} />
      <div class="frame">
        <details class="menu">
          <summary>Menu</summary>
          <Menu view={view} />
        </details>
        <div class="side">
          <Menu view={view} />
        </div>
        <main id="main">
          <h1>{title}</h1>
          {view.notice && <Told notice={view.notice} />}
          {children}
        </main>
      </div>
      <footer>Times are UTC.</footer>
    </body>
  </Document>
)

/** Before anybody has come in: nothing of the world is on it. */
export const SignIn = ({ message, next }: { message?: string; next: string }): Element => (
  <Document title="Sign in">
    <body class="door">
      <main id="main">
        <h1>didgate</h1>
        <p>Sign in with the admin token of this gateway (DIDGATE_ADMIN_TOKEN).</p>
        {message && (
          <p class="notice bad" role="alert">
            {message}
          </p>
        )}
        <form method="post" action="/console/sign-in">
          <input type="hidden" name="next" value={next} />
          <label class="field">
            <span>Admin token</span>
            <input name="token" type="password" autocomplete="current-password" required />
          </label>
          <button type="submit" class="primary">
            Sign in
          </button>
        </form>
      </main>
    </body>
  </Document>
)

/** What went wrong, where no page can be shown. */
export const Trouble = ({ status, message }: { status: number; message: string }): Element => (
  <Document title={`Error ${status}`}>
    <body class="door">
      <main id="main">
        <h1>{status === 404 ? 'Not here' : 'That did not work'}</h1>
        <p class="notice bad" role="alert">
          {message}
        </p>
        <p>
          <a href="/console">To the overview</a>
        </p>
      </main>
    </body>
  </Document>
)
