import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const BLOCK = 4096
const MEGABYTE = 1024 * 1024

function bytesOf(path: string, seen: Set<string>): number {
  const stat = lstatSync(path)
  const own = Math.ceil(stat.size / BLOCK) * BLOCK
  const id = `${stat.dev} ${stat.ino}`
  // of several names of one file, which a compiler leaves, one counts
  if (seen.has(id)) return 0
  seen.add(id)
  if (!stat.isDirectory()) return own
  const entries = readdirSync(path).filter(name => name !== 'node_modules')
  return entries.reduce((sum, name) => sum + bytesOf(join(path, name), seen), own)
}

/** What a package takes on a disk with blocks of 4 KiB, without packages inside of it. */
export const megabytesOf = (folder: string): number => bytesOf(folder, new Set()) / MEGABYTE
