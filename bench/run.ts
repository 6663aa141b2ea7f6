import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importWhileBuying } from './import.ts'
import { onsipWorkloads } from './onsip.ts'
import { searchGrowth } from './search.ts'
import { startTimes } from './start.ts'
import { machineLine, markdown } from './table.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    import: { type: 'string', default: '1000000' },
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '1000000' },
  },
})

const say = (text: string) => process.stdout.write(`${text}\n`)
const folder = '.tmp/bench'
mkdirSync(folder, { recursive: true })

say(machineLine())
const options = { folder, seconds: Number(values.seconds), rounds: Number(values.rounds) }
const rows = await onsipWorkloads(options)
say(markdown(rows))

const starts = startTimes()
say(starts)

const growth = await searchGrowth(folder, Number(values.small), Number(values.large))
say(growth)

const figures = await importWhileBuying(folder, Number(values.import))
const importLine =
  `Import of ${figures.numbers} numbers on SQLite: ${figures.seconds.toFixed(1)} s, at most ` +
  `${figures.peakMegabytes.toFixed(0)} MB resident; meanwhile ${figures.purchases} purchases, ` +
  `p50 ${figures.purchaseP50.toFixed(1)} ms, p99 ${figures.purchaseP99.toFixed(1)} ms.`
say(importLine)

const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim()
writeFileSync(
  'bench/results.md',
  `# Results\n\n\`${command}\` on ${machineLine()}.\n\nEach pair ran by turns; the middle of ${options.rounds} runs of ` +
    `${options.seconds} s.\n\n${markdown(rows)}\n\n${growth}\n\n${importLine}\n\n${starts}\n`,
)
