import type { SqlTypes } from './schema.ts'

/**
 * The digits of a number, which only searches inside of numbers ask for (`core/numbers/filter.ts`). An index of trigrams
 * answers `=` as well, at milliseconds a number, and PostgreSQL takes it to be cheap for lists of numbers: it is to be over
 * nothing that is ever asked for by `=`.
 */
export const DIGITS = 'substr(numbers.e164, 2)'

/** Where there is no pg_trgm (undefined_object), digits inside of a number are found by reading the shelf. */
export const POSTGRES_INNER_DIGITS = [
  `DO $$ BEGIN
    CREATE INDEX IF NOT EXISTS numbers_inner_digits ON numbers USING gin (${DIGITS} gin_trgm_ops);
  EXCEPTION WHEN undefined_object THEN NULL; END $$`,
  'DROP INDEX IF EXISTS numbers_trigrams',
]

export const createInnerDigits = ({ innerDigits }: SqlTypes): string[] => [...innerDigits]
