/** Plants faults in the named sources (default: all that are listed) one by one, and tells which of them no test sees. */
import { GROUPS } from '../test/mutants/files.ts'
import { measure } from '../test/mutants/measure.ts'
import { keep, keepCaught, readScores, type Score, writePage } from '../test/mutants/page.ts'
import { plantAll } from '../test/mutants/plant.ts'

const say = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`)

function report({ source, tried, seen, unseen }: Score): void {
  const lines = unseen.map(({ line, change, isReached }) => `  ${line}: ${change}${isReached ? '' : ' (not reached)'}`)
  say('', `${source}: ${seen} of ${tried}`, ...lines)
}

/** `isAgain`: only what nobody saw when it was measured last. */
async function measureAll(wanted: readonly string[], isAgain: boolean): Promise<void> {
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
}

const options = process.argv.slice(2)
const names = options.filter(option => !option.startsWith('--'))
if (options.includes('--planted')) {
  await plantAll(names, caught => {
    keepCaught(caught)
    say(`${caught.fault}: ${caught.by.join('; ') || 'NOBODY'}`)
  })
} else if (!options.includes('--page')) await measureAll(names, options.includes('--again'))
writePage()
