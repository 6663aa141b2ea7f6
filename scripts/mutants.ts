/** Plants faults in the named sources (default: all that are listed) one by one, and tells which of them no test sees. */
import { GROUPS } from '../test/mutants/files.ts'
import { measure } from '../test/mutants/measure.ts'
import { keep, readScores, type Score } from '../test/mutants/page.ts'

function report({ source, tried, seen, unseen }: Score): void {
  const lines = unseen.map(({ line, change, isReached }) => `  ${line}: ${change}${isReached ? '' : ' (not reached)'}`)
  process.stdout.write([`\n${source}: ${seen} of ${tried}`, ...lines, ''].join('\n'))
}

const AGAIN = '--again'
const wanted = process.argv.slice(2).filter(word => word !== AGAIN)
/** Only what nobody saw when it was measured last. */
const isAgain = process.argv.includes(AGAIN)
for (const group of GROUPS) {
  const sources = group.sources.filter(source => wanted.length === 0 || wanted.includes(source))
  if (sources.length === 0) continue
  try {
    const scores = await measure(sources, group, isAgain ? readScores() : [])
    keep(scores)
    scores.forEach(report)
  } catch (error) {
    process.stderr.write(`\n${sources.join(', ')}: ${error}\n`)
    process.exitCode = 1
  }
}
