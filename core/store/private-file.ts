import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const OTHERS = 0o077
const OWNER = 0o700

/**
 * With the folders above it that are not there yet, for their owner alone. Node's `recursive` never ends below a folder
 * that takes none although it lets itself be asked, such as /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: OWNER })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // another process was faster
  }
}

/** Numbers, accounts and sealed secrets are for the user who runs this, whatever the umask says. Files made before, too. */
export function makePrivate(path: string): void {
  try {
    // a folder that was there already may be somebody's home: it is left as it is
    makeFolder(dirname(path))
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
