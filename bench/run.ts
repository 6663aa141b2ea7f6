import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { callbacks } from './callbacks.ts'
import { callsTable } from './calls.ts'
import { counting } from './counting.ts'
import { footprint } from './footprint.ts'
import { prepared } from './gateways.ts'
import { growthTable } from './growth.ts'
import { holds } from './holds.ts'
import { importWhileBuying } from './import.ts'
import { importBlocks } from './import-blocks.ts'
import { journal } from './journal.ts'
import { NPAS, NXXS } from './load.ts'
import { oneAccount, PROGRAM } from './one-account.ts'
import { peerTables } from './peers.ts'
import { emptyDatabase, postgresBed } from './postgres.ts'
import { spaces } from './spaces.ts'
import { startTimes } from './start.ts'
import { machineLine, markdown } from './table.ts'
import { twoProcesses } from './two-processes.ts'
import { yearTables } from './year.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '10000,1000000,10000000' },
    import: { type: 'string', default: '1000000' },
    /** Numbers bought in a simulated year, and how many of them with one order. */
    purchases: { type: 'string', default: '20000' },
    'per-order': { type: 'string', default: '1' },
    /** Server in which databases of the bench are made; empty: SQLite alone. */
    postgres: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432' },
    /** Folder of another build, which the purchases for one account are compared with. */
    baseline: { type: 'string' },
    only: {
      type: 'string',
      default:
        'peers,growth,footprint,postgres,counting,processes,account,blocks,import,holds,calls,callbacks,start,spaces,journal,year',
    },
  },
})

if (!existsSync('bench/node_modules')) throw new Error('the peers are not installed: npm ci --prefix bench')
const folder = '.tmp/bench'
mkdirSync(folder, { recursive: true })
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
const sizes = values.sizes.split(',').map(Number)
const largest = Math.max(...sizes)
const parts = new Set(values.only.split(','))
if (values.postgres === '') for (const part of ['postgres', 'processes', 'account', 'blocks']) parts.delete(part)

const sections: string[] = []
async function section(part: string, title: string, text: () => Promise<string>): Promise<void> {
  if (!parts.has(part)) return
  process.stdout.write(`\n## ${title}\n\n`)
  sections.push(`## ${title}\n\n${await text()}`)
  process.stdout.write(`${sections.at(-1)}\n`)
}

/** Purchases use the smallest inventory up. */
function afresh(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${folder}/n${Math.min(...sizes)}.db${suffix}`, { force: true })
}

const importLine = async () => {
  const figures = await importWhileBuying(folder, Number(values.import))
  return (
    `Import of ${figures.numbers} numbers on SQLite: ${figures.seconds.toFixed(1)} s, at most ` +
    `${figures.peakMegabytes.toFixed(0)} MB resident; meanwhile ${figures.purchases} purchases, ` +
    `p50 ${figures.purchaseP50.toFixed(1)} ms, p99 ${figures.purchaseP99.toFixed(1)} ms.`
  )
}

const growth = async (engine: 'sqlite' | 'postgres') => {
  afresh()
  const urls: string[] = []
  for (const size of sizes) {
    urls.push(engine === 'sqlite' ? await prepared(folder, size) : await postgresBed(values.postgres, size))
  }
  return growthTable({ sizes, urls, seconds, rounds })
}

process.stdout.write(`${machineLine()}\n`)
const middleSize = sizes[Math.min(1, sizes.length - 1)] as number
await section('peers', `Beside others, ${middleSize} numbers`, async () =>
  markdown(await peerTables({ folder, seconds, rounds }, middleSize)),
)
await section('growth', 'Growing inventories on SQLite', () => growth('sqlite'))
await section('footprint', 'Footprint', () => footprint(folder, largest))
await section('postgres', 'Growing inventories on PostgreSQL', () => growth('postgres'))
await section('counting', `Totals that are counted, ${largest} numbers`, async () =>
  counting({
    SQLite: await prepared(folder, largest),
    ...(values.postgres !== '' && { PostgreSQL: await postgresBed(values.postgres, largest) }),
  }),
)
await section('processes', 'Two gateways', async () =>
  twoProcesses(await postgresBed(values.postgres, middleSize), seconds),
)
await section('account', 'Purchases of 64 buyers for one account on PostgreSQL', () =>
  oneAccount({ server: values.postgres, seconds, rounds, baseline: values.baseline }),
)
await section('blocks', 'Import of new blocks', () =>
  importBlocks({
    ...{ server: values.postgres, folder, numbers: Math.min(Number(values.import), NPAS * NXXS) },
    programs: { didgate: PROGRAM, ...(values.baseline && { before: `${values.baseline}/${PROGRAM}` }) },
  }),
)
await section('import', 'Import', importLine)
await section('holds', 'Numbers on hold', holds)
await section('calls', 'Calls read back', () => {
  const fresh = (size: number) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${folder}/calls${size}.db${suffix}`, { force: true })
    return `sqlite:${folder}/calls${size}.db`
  }
  const onServer = (size: number) => emptyDatabase(values.postgres, `didgate_bench_calls_${size}`)
  return callsTable({ SQLite: fresh, ...(values.postgres !== '' && { PostgreSQL: onServer }) }, [
    Math.min(...sizes),
    largest,
  ])
})
await section('callbacks', 'Callbacks', async () =>
  callbacks(folder, values.postgres === '' ? undefined : await postgresBed(values.postgres, 10_000)),
)
await section('start', 'Gateways in a test', async () => startTimes())
await section('spaces', 'Spaces', spaces)
await section('journal', `What the journal costs, ${middleSize} numbers`, () =>
  journal(folder, middleSize, seconds, rounds),
)
await section('year', `A year of ${values.purchases} purchases`, () => {
  const purchases = Number(values.purchases)
  const numbers = Math.min(NPAS * NXXS, Math.max(10_000, purchases / 10))
  const year = { purchases, numbers, perOrder: Number(values['per-order']) }
  return yearTables(folder, values.postgres === '' ? undefined : values.postgres, year, seconds)
})

const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, '')
const text = sections.join('\n\n')
writeFileSync(
  'bench/results.md',
  `# Results\n\n\`${command}\` on ${machineLine()}.\n\nSubjects of a table ran by turns; the middle of ${rounds} runs ` +
    `of ${seconds} s. Servers run at their default settings, with the request log on and written to a file; what ` +
    'differs is a seed of none and a key of the bench. Processor µs: user and system time of the server per request, as ' +
    'the operating system counts it. Ratio: what a request costs the peer over what it costs didgate, so that above 1 ' +
    `didgate is the cheaper (by rate where a subject is no server).\n\n${text}\n`,
)
