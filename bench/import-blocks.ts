/** A file on PostgreSQL whose every number is the first of its block: each brings a city, a product and its counters. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { plan } from './data.ts'
import { NPAS, NXXS } from './load.ts'
import { emptyDatabase } from './postgres.ts'

async function writeFile(path: string, numbers: number): Promise<void> {
  const file = createWriteStream(path)
  let isFirst = true
  for await (const { row } of plan(numbers, NPAS, NXXS)) {
    if (isFirst) file.write(`${Object.keys(row).join()}\n`)
    isFirst = false
    if (!file.write(`${Object.values(row).join()}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

async function command(program: string, args: readonly string[], url: string): Promise<void> {
  const env = { ...process.env, DATABASE_URL: url, DIDGATE_KEY: 'bench-key-bench-key-bench-key-32' }
  const child = spawn(process.execPath, [program, ...args], { env, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
}

export interface ImportedBlocks {
  server: string
  folder: string
  numbers: number
  programs: Readonly<Record<string, string>>
}

/** As an operator would, with the command: its start is part of the time. */
export async function importBlocks({ server, folder, numbers, programs }: ImportedBlocks): Promise<string> {
  const file = `${folder}/blocks.csv`
  await writeFile(file, numbers)
  const lines: string[] = []
  for (const [name, program] of Object.entries(programs)) {
    const url = await emptyDatabase(server, 'didgate_bench_blocks')
    await command(program, ['migrate'], url)
    const startedAt = performance.now()
    await command(program, ['import', file], url)
    const perSecond = numbers / ((performance.now() - startedAt) / 1000)
    lines.push(`${name}: ${perSecond.toFixed(0)} numbers/s`)
  }
  return `A file of ${numbers} numbers, each the first of its block, on PostgreSQL: ${lines.join('; ')}.`
}
