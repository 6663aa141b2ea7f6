/**
 * Which tests state what a source guarantees, those that see most first. A mutant that they do not see counts as not
 * seen, whatever a test of something else may make of it.
 */
export interface Group {
  sources: readonly string[]
  tests: readonly string[]
  /** Of each source no more mutants than this, drawn by lot with a seed. */
  sample?: number
}

/** Titles of tests that state nothing more for all the time they take: of crowds, and of long queues. */
export const DEAR =
  'two thousand|64 buyers|10,000|whatever comes at the same time|many years behind|160 guesses|after the migration'

const test = (...names: string[]) => names.map(name => `test/${name}.test.ts`)

export const GROUPS: readonly Group[] = [
  {
    sources: ['core/money/posting.ts', 'core/money/ledger.ts', 'core/upkeep/renewals.ts'],
    tests: test(
      'laws/guarantees-money',
      'core/due-dates',
      'core/imports-owned',
      'core/time-in-a-unit',
      'host/corrections',
      'host/admin-money',
      'host/figures',
    ),
  },
  {
    sources: ['core/upkeep/jobs.ts'],
    tests: test(
      'core/due-work',
      'core/due-work-together',
      'core/due-dates',
      'laws/guarantees-money',
      'core/holds',
      'core/time-in-a-unit',
    ),
  },
  { sources: ['core/ground/idempotency.ts'], tests: test('core/idempotency', 'laws/guarantees-numbers') },
  {
    sources: [
      'core/people/sessions.ts',
      'core/people/credentials.ts',
      'core/people/tokens.ts',
      'core/ground/access-cache.ts',
    ],
    tests: test(
      'core/credentials',
      'core/access-cache',
      'core/sessions',
      'core/sessions-open',
      'laws/may-act',
      'host/made-credentials',
    ),
    sample: 60,
  },
  {
    sources: ['take', 'buy', 'release', 'lifecycle', 'configure'].map(name => `core/numbers/${name}.ts`),
    tests: test(
      'laws/guarantees-numbers',
      'laws/guarantees-money',
      'laws/guarantees-configured',
      'laws/guarantees-leaving',
      'laws/guarantees-told',
      'core/holds',
      'core/idempotency',
      'host/corrections',
      'core/time-in-a-unit',
      'host/figures',
      'core/due-dates',
      'core/imports-owned',
      'core/claims-wait',
    ),
  },
  {
    sources: ['core/orders/fill.ts'],
    tests: test('core/orders-filled', 'adapters/sinch/orders', 'core/waiting-orders', 'laws/guarantees-money'),
    sample: 40,
  },
  { sources: ['core/store/group-commit.ts'], tests: test('core/group-commit', 'core/store') },
  {
    sources: ['onsip', 'wavix', 'vobiz', 'sinch-v1', 'sinch', 'cm', 'twilio'].map(name => `adapters/${name}/auth.ts`),
    tests: test('laws/let-in', 'host/made-credentials'),
  },
  {
    sources: ['adapters/bandwidth/auth.ts'],
    tests: test('laws/let-in', 'adapters/bandwidth/vectors', 'host/made-credentials'),
  },
  { sources: ['src/logs/redact.ts'], tests: test('host/redaction') },
  { sources: ['src/double/readable.ts'], tests: test('host/kept-exchanges') },
  {
    sources: ['body', 'json-body', 'pairs', 'charset', 'form-formats', 'multipart'].map(n => `adapters/kit/${n}.ts`),
    tests: test('kit/bodies', 'kit/texts', 'kit/multipart', 'kit/form-formats'),
  },
  {
    sources: ['core/events/outbox.ts', 'core/events/expand.ts', 'core/events/take.ts'],
    tests: test('core/outbox', 'core/events', 'laws/seam', 'host/sender', 'laws/callbacks-fair'),
  },
  {
    sources: ['sender', 'attempt', 'lookup', 'slots', 'try', 'watch', 'word'].map(n => `src/callbacks/${n}.ts`),
    tests: test(
      ...['host/slots', 'host/attempts', 'host/names', 'host/exchange', 'host/rounds'],
      ...['host/outbound', 'host/sender', 'laws/callbacks-fair'],
    ),
    sample: 40,
  },
]
