import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const OTHERS = 0o077
const OWNER = 0o700

/** Numbers, accounts and sealed secrets are for the user who runs this, whatever the umask says. Files made before, too. */
export function makePrivate(path: string): void {
  try {
    // a folder that was there already may be somebody's home: it is left as it is
    mkdirSync(dirname(path), { recursive: true, mode: OWNER })
    closeSync(openSync(path, 'a', 0o600))
  } catch (error) {
    throw new Error(`the database at ${path} cannot be opened or made: ${(error as Error).message}`, { cause: error })
  }
  // SQLite gives the files beside it the rights of the database; older ones may be left of a crash
  for (const file of [path, `${path}-wal`, `${path}-shm`]) keepPrivate(file)
}

export function keepPrivate(file: string): void {
  try {
    const { mode } = statSync(file)
    if ((mode & OTHERS) !== 0) chmodSync(file, mode & OWNER)
  } catch {
    // not there, or somebody else's, who decides on it
  }
}
