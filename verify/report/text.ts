import type { Redact } from '../redact.ts'
import { type CheckResult, count, type Failure, type Report } from '../result.ts'
import { exchangeText } from './exchange.ts'

const MARKS = { passed: 'ok  ', failed: 'FAIL', 'not applicable': '-   ' } as const

export function summary(report: Report): string {
  const [passed, failed, skipped] = [count(report, 'passed'), count(report, 'failed'), count(report, 'not applicable')]
  return `${passed} passed, ${failed} failed, ${skipped} not applicable`
}

/** For people. */
export function textReport(report: Report, redact: Redact): string {
  const { dialect, target, allowPurchases, ms, checks } = report
  const head = `${dialect} at ${target}${allowPurchases ? ', with purchases' : ', read only'}`
  const body = checks.map(check => line(check, redact)).join('\n')
  return `${head}\n\n${body}\n\n${summary(report)} (${(ms / 1000).toFixed(1)} s)\n`
}

function line({ group, name, source, outcome, reason, failure }: CheckResult, redact: Redact): string {
  const head = `${MARKS[outcome]} ${group}: ${name}`
  if (reason !== undefined) return `${head}\n       ${reason}`
  return failure ? `${head}\n${indented(failureText(failure, source, redact))}` : head
}

function failureText({ message, exchange, steps }: Failure, source: string, redact: Redact): string {
  const parts = [redact.text(message), `rule: ${source}`]
  if (exchange) {
    const { request, answer } = exchangeText(exchange, redact)
    parts.push(`request:\n${indented(request)}`, `answer:\n${indented(answer)}`)
  }
  if (steps.length > 1) parts.push(`requests of the check:\n${indented(steps.map(redact.text).join('\n'))}`)
  return parts.join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '       ')
}
