import { join } from 'node:path'
import { buildPackage } from './build/package.ts'
import { ROOT } from './build/root.ts'

await buildPackage(join(ROOT, 'dist'))
