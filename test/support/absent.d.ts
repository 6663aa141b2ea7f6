// The types of what is installed below test/clients, where it is not: then nobody can say more of them than their names.
// biome-ignore-all lint/suspicious/noExplicitAny: what is not here has no shape
type Any = any
export type Browser = Any
export type BrowserContext = Any
export type LaunchOptions = Any
export type ConsoleMessage = Any
export type Locator = Any
export type Page = Any
export type Request = Any
export type Response = Any
export type PGlite = Any
export type SinchClient = Any
export const chromium: Any
export const PGlite: Any
export const SinchClient: Any
