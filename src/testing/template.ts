import { existsSync, readFileSync } from 'node:fs'
import { createCore } from '../../core/core.ts'
import { openClock } from '../../core/ground/clock.ts'
import { openSqliteImage } from '../../core/store/sqlite.ts'
import { demoWorldFolder } from '../config/package-files.ts'
import { loadWorld } from '../worlds/seed.ts'

/** Seals secrets of databases that live in memory and hold public test data only; one key, so that images can be shared. */
export const TEST_KEY = 'didgate testing: not a secret'
/** The worlds of images were made long before any test begins, so that each may choose its own time. */
export const FOUNDED = Date.parse('2020-01-01T00:00:00Z')

export type Template = 'demo' | 'none'

/** Made by `npm run build` beside this file; where the sources run, the world is loaded instead. */
export const DEMO_IMAGE = new URL('./demo.image', import.meta.url)

/**
 * The only state of this module: databases as bytes, migrated and, for `demo`, filled. Nobody writes to them: every
 * gateway gets a copy. They are kept because loading the demo world takes some hundred milliseconds.
 */
const images = new Map<Template, Promise<Uint8Array>>()

export function imageOfTemplate(name: Template): Promise<Uint8Array> {
  const known = images.get(name)
  if (known) return known
  const made = name === 'demo' && existsSync(DEMO_IMAGE) ? readImage() : makeImage(name)
  images.set(name, made)
  // the next start may try again
  made.catch(() => images.delete(name))
  return made
}

async function readImage(): Promise<Uint8Array> {
  return readFileSync(DEMO_IMAGE)
}

export async function makeImage(name: Template): Promise<Uint8Array> {
  const store = await openSqliteImage(undefined)
  try {
    await store.migrate()
    const clock = await openClock(store, () => FOUNDED)
    if (name === 'demo') await loadWorld(createCore({ store, clock, key: TEST_KEY }), demoWorldFolder())
    return await store.image()
  } finally {
    await store.close()
  }
}
