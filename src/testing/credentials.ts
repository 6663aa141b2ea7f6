import { dialectModules, type Registered } from '../dialects.ts'

/** What the demo world lets a test log in with: Acme Telecom, in the words of each dialect. Public, and only for tests. */
export type DemoCredentials = { readonly [Module in Registered as Module['name']]: Module['demo']['told'] }
/** The dialects that can be asked for. */
export type DialectName = keyof DemoCredentials

export const demoCredentials = Object.fromEntries(
  dialectModules.map(({ name, demo }) => [name, demo.told]),
) as unknown as DemoCredentials
