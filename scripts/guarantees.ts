/** Writes docs/guarantees.md from the titles of tests. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './coverage-data.ts'
import { guaranteesPage } from './guarantees-data.ts'

writeFileSync(join(ROOT, 'docs', 'guarantees.md'), guaranteesPage())
