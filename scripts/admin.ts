/** Writes docs/admin.md from the routes, the columns and the world's schema. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminPage } from './admin-page.ts'
import { ROOT } from './coverage-data.ts'

writeFileSync(join(ROOT, 'docs', 'admin.md'), adminPage())
