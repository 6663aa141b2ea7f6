import { cpus } from 'node:os'
import type { Result } from './client.ts'

export interface Row {
  workload: string
  subject: string
  result: Result
  /** What a request costs the peer over what it costs ours, in the servers' own processor time, in the same run. */
  ratio?: number
}

/** Of two results of one run: what a request costs `theirs` over what it costs `ours`; by rate where no process was measured. */
export function ratioOf(ours: Result, theirs: Result): number {
  if (ours.processorMicros === undefined || theirs.processorMicros === undefined)
    return ours.perSecond / theirs.perSecond
  return theirs.processorMicros / ours.processorMicros
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function machineLine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}, ${process.platform} ${process.arch}`
}

const cell = (value: number, digits = 0) => value.toFixed(digits)

export function markdown(rows: readonly Row[]): string {
  const head =
    '| workload | subject | requests/s | p50 ms | p99 ms | processor µs | ratio |\n|---|---|--:|--:|--:|--:|--:|'
  const lines = rows.map(({ workload, subject, result, ratio }) => {
    const processor = result.processorMicros === undefined ? '' : cell(result.processorMicros)
    const figures = [cell(result.perSecond), cell(result.p50, 2), cell(result.p99, 2), processor]
    return `| ${[workload, subject, ...figures, ratio === undefined ? '' : cell(ratio, 2)].join(' | ')} |`
  })
  return [head, ...lines].join('\n')
}

/** The middle one of several runs, by throughput; each percentile is the middle one by itself, since one stall makes a p99. */
export function middle(results: readonly Result[]): Result {
  const sorted = [...results].sort((a, b) => a.perSecond - b.perSecond)
  const run = sorted[Math.floor(sorted.length / 2)] as Result
  const spent = results.flatMap(({ processorMicros }) => processorMicros ?? [])
  return {
    ...run,
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
    ...(spent.length > 0 && { processorMicros: median(spent) }),
  }
}
