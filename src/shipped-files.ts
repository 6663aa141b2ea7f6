import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ShippedFiles } from '../adapters/kit/dialect.ts'
import { packageRoot } from './package-files.ts'

/** A dialect's files by their paths below its mount, read once. */
export function loadShippedFiles(files: ShippedFiles | undefined): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  if (!files) return new Map()
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
