import type { Redact } from '../redact.ts'
import type { Report } from '../result.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { markdownReport } from './markdown.ts'
import { textReport } from './text.ts'

export const reports: Readonly<Record<string, (report: Report, redact: Redact) => string>> = {
  text: textReport,
  junit: junitReport,
  json: jsonReport,
  markdown: markdownReport,
}
