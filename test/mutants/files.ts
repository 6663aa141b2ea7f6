/**
 * Which tests state what a source guarantees, those that see most first. A mutant that they do not see counts as not
 * seen, whatever a test of something else may make of it.
 */
export interface Group {
  sources: readonly string[]
  tests: readonly string[]
  /** Default: SQLite. */
  engines?: 'sqlite' | 'postgres' | 'sqlite,postgres'
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
    sources: ['take', 'taker', 'opening', 'deal', 'buy', 'release', 'lifecycle', 'configure'].map(
      name => `core/numbers/${name}.ts`,
    ),
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
      'core/deals',
    ),
  },
  {
    sources: ['core/numbers/shelf.ts', 'core/numbers/total.ts'],
    tests: test('core/shelf-indexes', 'core/totals', 'core/numbers', 'core/search-plans'),
    engines: 'sqlite,postgres',
  },
  {
    sources: ['core/numbers/known.ts'],
    tests: test('core/known-numbers', 'core/calls', 'core/numbers', 'laws/guarantees-numbers', 'core/search-plans'),
  },
  {
    sources: ['fill', 'purse', 'payers'].map(name => `core/orders/${name}.ts`),
    tests: test(
      ...['core/purse', 'core/waiting-orders', 'core/orders-filled', 'adapters/sinch/orders', 'laws/guarantees-money'],
    ),
  },
  {
    sources: ['core/leases/in-use.ts'],
    tests: test('core/resources-in-use', 'core/totals'),
  },
  {
    sources: ['core/store/again.ts', 'core/money/charge.ts', 'core/ground/together.ts', 'core/numbers/buy-together.ts'],
    tests: test('core/together', 'core/buy-together'),
    engines: 'postgres',
    sample: 25,
  },
  { sources: ['core/store/group-commit.ts'], tests: test('core/group-commit', 'core/store') },
  {
    sources: ['core/store/json-rows.ts', 'core/store/statements.ts'],
    tests: test('core/many-rows', 'core/store', 'core/round-trips'),
    engines: 'sqlite,postgres',
  },
  { sources: ['core/store/counters-in-place.ts'], tests: test('core/totals'), engines: 'sqlite,postgres' },
  { sources: ['core/store/postgres-watch.ts'], tests: test('core/postgres-watch'), engines: 'postgres' },
  { sources: ['src/logs/log.ts'], tests: test('host/log', 'host/redaction') },
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
  { sources: ['src/callbacks/slots.ts'], tests: test('host/slots', 'laws/callbacks-fair') },
  {
    sources: ['sender', 'attempt', 'lookup', 'try', 'watch', 'word'].map(n => `src/callbacks/${n}.ts`),
    tests: test(
      ...['host/attempts', 'host/names', 'host/exchange', 'host/rounds'],
      ...['host/outbound', 'host/sender', 'laws/callbacks-fair'],
    ),
    sample: 40,
  },
  {
    sources: ['core/numbers/hold.ts'],
    tests: test(
      ...['core/holds', 'core/holds-apart', 'adapters/bandwidth/holds', 'laws/guarantees-numbers', 'core/retention'],
      ...['core/orders-decided', 'core/orders-reviewed'],
    ),
  },
  {
    sources: ['accounts', 'admission', 'policies', 'rotation', 'verifications', 'callback-secrets'].map(
      name => `core/people/${name}.ts`,
    ),
    tests: test(
      ...['core/accounts', 'core/policies', 'core/verifications', 'core/rotation'],
      ...['core/admission', 'core/user-access', 'core/credentials', 'laws/may-act', 'core/waiting-orders'],
    ),
  },
  {
    sources: ['directory', 'addresses', 'users', 'user-access', 'user-changes'].map(name => `core/people/${name}.ts`),
    tests: test(...['core/directory', 'core/addresses', 'core/users', 'core/user-access'], 'core/hosted-addresses'),
  },
  { sources: ['core/orders/carts.ts'], tests: test('core/carts') },
  {
    sources: ['orders', 'parts', 'close', 'given', 'kept', 'list'].map(name => `core/orders/${name}.ts`),
    tests: test(
      ...['core/orders-parts', 'core/orders-given', 'core/orders-decided', 'core/orders-kept', 'core/orders-reviewed'],
      ...['core/orders-listed', 'core/orders-filled', 'core/waiting-orders', 'core/orders-queue'],
      'adapters/sinch/orders',
    ),
  },
  {
    sources: ['arrivals', 'wait', 'wanted'].map(name => `core/orders/${name}.ts`),
    tests: test(
      ...['core/wanted', 'core/orders-filled', 'core/waiting-orders', 'core/orders-parts', 'core/orders-queue'],
    ),
  },
  {
    sources: ['judge', 'hand-over', 'validate', 'resolve', 'known-numbers', 'new-owned'].map(
      name => `core/inventory/imports/${name}.ts`,
    ),
    tests: test('core/imports-lines', 'core/imports-values', 'core/imports', 'core/imports-late', 'core/imports-owned'),
    sample: 50,
  },
  {
    sources: ['resources', 'provisionings', 'trunks', 'destinations'].map(name => `core/leases/${name}.ts`),
    tests: test(
      ...[
        'core/resources',
        'core/trunks',
        'core/provisionings',
        'core/resources-in-use',
        'core/destinations',
        'laws/guarantees-configured',
        'laws/guarantees-leaving',
      ],
      ...['adapters/vobiz/inputs', 'adapters/sinch/orders', 'adapters/sinch/vectors', 'adapters/cm/vectors'],
    ),
    sample: 50,
  },
  {
    sources: ['core/papers/documents.ts', 'core/papers/company-profiles.ts'],
    tests: test('core/documents', 'adapters/wavix/vectors', 'adapters/wavix/inputs'),
    sample: 50,
  },
  {
    sources: ['src/http/serve-dialect.ts'],
    tests: test(
      ...['laws/seam', 'laws/let-in', 'host/gateway', 'host/faults-on-demand', 'laws/may-act'],
      ...['host/slow-body', 'kit/readers'],
    ),
    sample: 60,
  },
  {
    sources: ['core/numbers/owned-list.ts', 'core/numbers/owned-filter.ts'],
    tests: test('core/owned-by', 'core/owned-lists'),
  },
  {
    sources: ['core/numbers/pages.ts', 'core/numbers/place.ts', 'core/numbers/resting.ts'],
    tests: test('core/kept-for-one', 'core/owned-lists'),
  },
  {
    sources: ['core/numbers/filter.ts'],
    tests: test('core/filters', 'core/totals', 'core/shelf-indexes'),
  },
  {
    sources: ['core/numbers/mine.ts'],
    tests: test('core/kept-for-one', 'core/holds', 'laws/guarantees-numbers'),
  },
  {
    sources: ['core/numbers/operator.ts', 'core/numbers/hand-over.ts'],
    tests: test('core/operators-verbs', 'core/stopped-numbers', 'core/handed-over', 'core/removed-accounts'),
  },
  {
    sources: ['calls', 'calls-browse', 'calls-each', 'calls-record'].map(name => `core/leases/${name}.ts`),
    tests: test(
      'core/calls',
      'core/calls-record',
      'core/calls-browse',
      'laws/guarantees-money',
      'adapters/wavix/vectors',
    ),
    sample: 60,
  },
  {
    sources: ['oversight', 'exports', 'upcoming', 'history'].map(name => `core/upkeep/${name}.ts`),
    tests: test(
      ...['core/oversight', 'core/upcoming', 'core/history', 'core/exports', 'core/exports-whole'],
      ...['host/exports', 'host/corrections', 'host/admin-money', 'host/figures'],
    ),
    sample: 60,
  },
]
