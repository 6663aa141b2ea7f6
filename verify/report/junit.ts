import { XMLBuilder } from 'fast-xml-parser'
import type { Redact } from '../redact.ts'
import { type CheckResult, count, type Report } from '../result.ts'
import { exchangeText } from './exchange.ts'

const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true })
const seconds = (ms: number) => (ms / 1000).toFixed(3)

/** What XML 1.0 cannot carry would make the whole report unreadable. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to drop
const clean = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

/** For continuous integration: one suite per group of checks. */
export function junitReport(report: Report, redact: Redact): string {
  const groups = [...new Set(report.checks.map(({ group }) => group))]
  const suites = groups.map(group => {
    const checks = report.checks.filter(check => check.group === group)
    return { '@_name': `${report.dialect} ${group}`, ...counts({ ...report, checks }), testcase: checks.map(one) }
  })
  const root = { '@_name': `didgate verify ${report.dialect}`, ...counts(report), testsuite: suites }
  return builder.build({ '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' }, testsuites: root }) as string

  function one({ group, name, ms, outcome, reason, source, failure }: CheckResult) {
    const head = { '@_classname': `${report.dialect}.${group}`, '@_name': clean(name), '@_time': seconds(ms) }
    if (outcome === 'not applicable') return { ...head, skipped: { '@_message': clean(reason ?? '') } }
    if (!failure) return head
    const { request, answer } = failure.exchange ? exchangeText(failure.exchange, redact) : { request: '', answer: '' }
    const text = `${failure.message}\nrule: ${source}\n\n${request}\n\n${answer}`
    return { ...head, failure: { '@_message': clean(redact.text(failure.message)), '#text': clean(redact.text(text)) } }
  }
}

function counts(report: Report) {
  return {
    '@_tests': report.checks.length,
    '@_failures': count(report, 'failed'),
    '@_skipped': count(report, 'not applicable'),
    '@_time': seconds(report.checks.reduce((sum, { ms }) => sum + ms, 0)),
  }
}
