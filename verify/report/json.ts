import type { Redact } from '../redact.ts'
import { count, type Report } from '../result.ts'
import { exchangeText } from './exchange.ts'

/** For programs: one object, one member per check. */
export function jsonReport(report: Report, redact: Redact): string {
  const { checks, ...about } = report
  const totals = {
    passed: count(report, 'passed'),
    failed: count(report, 'failed'),
    not_applicable: count(report, 'not applicable'),
  }
  const listed = checks.map(({ failure, ...check }) => ({
    ...check,
    ...(failure && {
      failure: {
        message: redact.text(failure.message),
        ...(failure.exchange && exchangeText(failure.exchange, redact)),
        steps: failure.steps.map(redact.text),
      },
    }),
  }))
  return `${JSON.stringify({ ...about, totals, checks: listed }, null, 2)}\n`
}
