import type { Redact } from '../redact.ts'
import type { CheckResult, Report } from '../result.ts'
import { exchangeText } from './exchange.ts'
import { summary } from './text.ts'

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', '<br>')

/** For a wiki or the summary of a pipeline: a table, then every failure with its exchange. */
export function markdownReport(report: Report, redact: Redact): string {
  const rows = report.checks.map(
    ({ group, name, outcome, reason }) => `| ${outcome} | ${group} | ${cell(name)} | ${cell(reason ?? '')} |`,
  )
  const failures = report.checks.flatMap(check => (check.failure ? [section(check, check.failure, redact)] : []))
  return [
    `# didgate verify: ${report.dialect}`,
    `${report.target}: ${summary(report)}`,
    ['| Outcome | Group | Check | Why not |', '|---|---|---|---|', ...rows].join('\n'),
    ...failures,
    '',
  ].join('\n\n')
}

function section(check: CheckResult, failure: NonNullable<CheckResult['failure']>, redact: Redact): string {
  const parts = [`## ${check.group}: ${check.name}`, redact.text(failure.message), `Rule: ${check.source}`]
  if (failure.exchange) {
    const { request, answer } = exchangeText(failure.exchange, redact)
    parts.push(fenced(request), fenced(answer))
  }
  return parts.join('\n\n')
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
