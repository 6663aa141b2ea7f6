import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { keepPrivate } from '../../core/store/private-file.ts'

/** Beside a file, while it is not yet what its name says. */
export const draftOf = (file: string) => `${file}.${process.pid}.part`

export function removeDraft(draft: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
}

/** Gives a finished draft its name, which nothing has yet, and keeps both on the disk. Throws when something has it. */
export function giveName(draft: string, file: string): void {
  flush(draft)
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Error(isThere(file))
    throw error
  }
  rmSync(draft)
  flush(dirname(file))
}

export const isThere = (file: string) => `${file} is there already, and nothing is overwritten: choose another name`

/** A folder too: then the names in it. */
export function flush(file: string): void {
  const opened = openSync(file, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** For its owner alone, whole or not at all, and nothing is overwritten. */
export function copyPrivately(from: string, to: string): void {
  const draft = draftOf(to)
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    copyFileSync(from, draft)
    keepPrivate(draft) // the copy has the rights of what it was made from
    giveName(draft, to)
  } finally {
    removeDraft(draft)
  }
}

const CLOSED: unknown[] = ['EACCES', 'EPERM', 'EROFS']

/** What this user may not do to the folder of a file is told with what to do about it. */
export function writingTo<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!CLOSED.includes(code)) throw error
    throw new Error(
      `${dirname(file)} may not be written by this user (${code}): let this user write there, or choose another folder`,
      { cause: error },
    )
  }
}

/** Rights and read-only disks have many reasons: whether a file can be made is seen by making one. */
function insistOnWritable(file: string): void {
  const draft = draftOf(file)
  writingTo(file, () => closeSync(openSync(draft, 'wx', 0o600)))
  rmSync(draft)
}

/** Throws when a file cannot be made there, or its disk has less than this free. */
export function needSpace(file: string, bytes: number): void {
  const folder = dirname(file)
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`)
  insistOnWritable(file)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free < bytes) throw new Error(`${folder} has ${megabytes(free)} free, and ${megabytes(bytes)} are needed`)
}

export const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`
