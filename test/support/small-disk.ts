/** A disk of its own, so small that it is soon full. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PIECE = 64 * 1024

export interface SmallDisk {
  folder: string
  /** Bytes. */
  free(): number
  /** A file of this name takes all that is free. */
  fill(name: string): string
  remove(): void
}

/** Undefined where this machine lets nobody have one, which is said. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-disk-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status !== 0) {
    process.stderr.write('skipped on a disk of its own: a tmpfs may not be mounted here\n')
    removeFolder()
    return undefined
  }
  return {
    folder,
    free() {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    fill(name) {
      const file = join(folder, name)
      try {
        for (;;) appendFileSync(file, Buffer.alloc(PIECE))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
      return file
    },
    remove() {
      spawnSync('umount', ['--lazy', folder])
      removeFolder()
    },
  }
}
