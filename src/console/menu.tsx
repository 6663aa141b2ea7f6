import type { JSX } from 'hono/jsx/jsx-runtime'
import type { View } from './view.ts'

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

/** A space has none of its own inside. */
function trafficOf({ world, space }: View): readonly (readonly [string, string])[] {
  if (world.mode !== 'double') return IN_PRODUCTION
  return space === '' ? DOUBLE : DOUBLE.filter(([path]) => path !== '/spaces')
}

const Links = ({ view, of }: { view: View; of: readonly (readonly [string, string])[] }): JSX.Element => {
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

export const Menu = ({ view }: { view: View }): JSX.Element => (
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
