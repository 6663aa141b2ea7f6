/** docs/mutants.md is made of the scores that were measured last, and of the reasons for what nobody sees. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Score {
  source: string
  /** All that there are, and those that were tried. */
  mutants: number
  tried: number
  seen: number
  unseen: { line: number; change: string; isReached: boolean }[]
}

const SCORES = join(import.meta.dirname, 'scores.json')

export const readScores = () => JSON.parse(readFileSync(SCORES, 'utf8')) as Score[]

/** What is measured anew takes the place of what was. */
export function keep(scores: readonly Score[]): void {
  const others = readScores().filter(old => !scores.some(({ source }) => source === old.source))
  const all = [...others, ...scores].sort((a, b) => (a.source < b.source ? -1 : 1))
  writeFileSync(SCORES, `${JSON.stringify(all, null, 2)}\n`)
}
