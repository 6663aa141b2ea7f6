/** Nothing was built, or for another Node; what the loader says then names folders only. */
const NOT_BUILT = /Could not locate the bindings file|Module did not self-register|different Node\.js version/

/** Installed without its native part, better-sqlite3 says where it looked for it: here, what to do about it. */
export function withNative<T>(open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof Error) || !NOT_BUILT.test(error.message)) throw error
    throw new Error(
      'better-sqlite3 was installed without its native part, as --ignore-scripts and pnpm 10 do: run ' +
        '`npm rebuild better-sqlite3`, or `pnpm approve-builds` and `pnpm rebuild better-sqlite3`; or use PostgreSQL',
      { cause: error },
    )
  }
}
