import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Document } from './document.tsx'
import { laidOut, visible } from './format.ts'
import { Menu } from './menu.tsx'
import { Said } from './parts.tsx'
import type { Notice, View } from './view.ts'

type Element = JSX.Element

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
    <p>
      <Said text={notice.text} most={2_000} />
    </p>
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
  <Document title={visible(title.slice(0, 120))}>
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
          <h1>
            <Said text={title} most={120} />
          </h1>
          {view.notice && !view.notice.isPlaced && <Told notice={view.notice} />}
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
