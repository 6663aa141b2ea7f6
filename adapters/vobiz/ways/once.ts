import { createOnce } from '../../kit/once.ts'
import { DIALECT } from '../ids.ts'

/** Not in the provider's documents, but some clients send it with every change. */
export const once = createOnce({ dialect: DIALECT, header: 'Idempotency-Key' })
