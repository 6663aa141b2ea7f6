import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ShippedFiles } from '../../adapters/kit/dialect.ts'
import { packageRoot } from './package-files.ts'

type Loaded = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

/** They are part of the program and never change, so that all worlds of a process can share them. */
const loaded = new WeakMap<ShippedFiles, Loaded>()

/** A dialect's files by their paths below its mount, read once. */
export function loadShippedFiles(files: ShippedFiles | undefined): Loaded {
  if (!files) return new Map()
  const known = loaded.get(files) ?? readFiles(files)
  loaded.set(files, known)
  return known
}

function readFiles(files: ShippedFiles): Loaded {
  const folder = join(packageRoot(), files.folder)
  const names = readdirSync(folder).filter(name => name.endsWith(files.suffix))
  return new Map(names.map(name => [`${files.prefix}/${name}`, new Uint8Array(readFileSync(join(folder, name)))]))
}

export function shippedFile(bytes: Uint8Array<ArrayBuffer>, type: string, method: string): Response {
  const headers = {
    'content-type': type,
    'content-length': String(bytes.byteLength),
    'access-control-allow-origin': '*',
  }
  return new Response(method === 'HEAD' ? null : bytes, { headers })
}
