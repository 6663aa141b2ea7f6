/** What SQLite says in its own words of a file, and what helps. */
const HELP: readonly (readonly [says: RegExp, help: string])[] = [
  [/malformed|is not a database/, 'it is damaged; didgate restore --force FILE puts a backup in its place'],
  [/readonly database/, 'whoever runs this must be allowed to write to it and to its folder'],
]

/** The same error, with the file and what to do about it where that is known. */
export function withHelp(error: unknown, databaseUrl: string): unknown {
  const message = (error as Error).message
  const help = HELP.find(([says]) => says.test(message))?.[1]
  if (help === undefined || !databaseUrl.startsWith('sqlite:')) return error
  return new Error(`${databaseUrl.slice('sqlite:'.length)}: ${message}: ${help}`, { cause: error })
}
