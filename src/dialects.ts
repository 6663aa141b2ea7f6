import type { DialectModule } from '../adapters/kit/dialect.ts'

/** The register: adding a dialect is its folder, its fixtures and one line here. */
export const dialectModules: readonly DialectModule[] = []
