/** Writes docs/testing.md and docs/rules.md from what the code takes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './coverage-data.ts'
import { rulesPage } from './rules-page.ts'
import { testingPage } from './testing-page.ts'

writeFileSync(join(ROOT, 'docs', 'testing.md'), testingPage())
writeFileSync(join(ROOT, 'docs', 'rules.md'), rulesPage())
