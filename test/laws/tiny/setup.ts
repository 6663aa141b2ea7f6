/** What CONTRIBUTING says to run for a new dialect: the demo world is written anew, beside the one of the package. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateDemoWorld } from '../../../fixtures/demo/generate.ts'

const folder = mkdtempSync(join(tmpdir(), 'didgate-tiny-'))

export function setup(): void {
  const { worldJson, numbersCsv } = generateDemoWorld()
  writeFileSync(join(folder, 'world.json'), worldJson)
  writeFileSync(join(folder, 'numbers.csv'), numbersCsv)
  process.env.TINY_WORLD = folder
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true })
}
