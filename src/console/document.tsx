import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { AdminEnv } from '../admin/context.ts'
import { OWN_STYLES } from './assets.ts'

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

/** The frame of all frames: what every page loads. */
export const Document = ({ title, children }: { title: string; children?: Child }): JSX.Element => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content={HTMX} />
      <title>{title} · didgate</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/console/assets/uplot.css" />
      {OWN_STYLES.map(name => (
        <link rel="stylesheet" href={`/console/assets/${name}`} />
      ))}
      <script src="/console/assets/htmx.js" defer />
      <script src="/console/assets/uplot.js" defer />
      <script src="/console/assets/console.js" defer />
    </head>
    {children}
  </html>
)

export const html = (c: Context<AdminEnv>, element: JSX.Element, status = 200) =>
  c.html(`<!doctype html>\n${element}`, status as 200)
