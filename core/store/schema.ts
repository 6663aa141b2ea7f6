import { createAreaCounters } from './area-counters.ts'

/** The words in which the engines' column types differ. */
export interface SqlTypes {
  /** An integer primary key that counts by itself. */
  id: string
  bytes: string
  /** Text compared byte by byte, so that prefixes are ranges. */
  digits: string
  /** Statements that index numbers by three consecutive digits, where they are not yet. */
  trigrams: readonly string[]
  /** Statements after which every change of this table moves `access_version`. */
  touches(table: string): readonly string[]
  /** Text at this path of a column that holds JSON. */
  member(column: string, ...path: readonly string[]): string
  /** Statements that keep `stock_areas` with `stock`. */
  areaTriggers: readonly string[]
  /** Statements that index the digits of numbers by trigrams, and by nothing else that is asked of a number. */
  innerDigits: readonly string[]
  /** Statements by which counters change where they stand, if the engine must be told. */
  countersInPlace: readonly string[]
  /** Statements that keep `held` with `leases`. */
  heldTriggers: readonly string[]
  /** Of a table whose rows are of no worth after a crash. */
  unlogged: string
  /** Statements that let one public id have several secrets. */
  manySecrets: readonly string[]
  /** Versions that two servers never give to different changes; SQLite has one. */
  timedVersions: readonly string[]
}

const MONEY_MAX = '9007199254740991'

/** An integer number of micros that JavaScript can hold exactly. */
function money(column: string): string {
  return `${column} BIGINT NOT NULL CHECK (${column} BETWEEN -${MONEY_MAX} AND ${MONEY_MAX})`
}

const GEOGRAPHY = `country TEXT NOT NULL, type TEXT NOT NULL, area_code TEXT NOT NULL, npa_nxx TEXT,
  region TEXT NOT NULL, city TEXT NOT NULL, city_id BIGINT, rate_center TEXT, lata TEXT, latitude TEXT,
  longitude TEXT, postal_code TEXT, capabilities BIGINT NOT NULL, currency TEXT NOT NULL,
  ${money('setup_price')}, ${money('monthly_price')}, ${money('per_minute_price')}, channels BIGINT NOT NULL,
  required_documents TEXT NOT NULL`

function people({ id }: SqlTypes): string[] {
  return [
    `CREATE TABLE accounts (id ${id}, guid TEXT NOT NULL UNIQUE, handle TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
      parent_id BIGINT REFERENCES accounts (id), payer_id BIGINT NOT NULL, currency TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('owner', 'operator')), is_active BIGINT NOT NULL,
      identity_verified BIGINT NOT NULL, allow_unauthenticated BIGINT NOT NULL, features_off TEXT NOT NULL,
      default_organization_id BIGINT, default_user_id BIGINT, profile TEXT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX accounts_parent ON accounts (parent_id)',
    `CREATE TABLE organizations (id ${id}, account_id BIGINT NOT NULL REFERENCES accounts (id),
      domain TEXT NOT NULL UNIQUE, contact TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX organizations_account ON organizations (account_id)',
    `CREATE TABLE users (id ${id}, account_id BIGINT NOT NULL REFERENCES accounts (id),
      organization_id BIGINT NOT NULL REFERENCES organizations (id), username TEXT NOT NULL,
      auth_username TEXT NOT NULL UNIQUE, role TEXT NOT NULL, is_enabled BIGINT NOT NULL, sip_password TEXT NOT NULL,
      contact TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX users_account ON users (account_id)',
    `CREATE TABLE sip_addresses (id ${id}, account_id BIGINT NOT NULL REFERENCES accounts (id),
      organization_id BIGINT NOT NULL REFERENCES organizations (id), user_id BIGINT REFERENCES users (id),
      username TEXT NOT NULL, domain TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (domain, username))`,
    'CREATE INDEX sip_addresses_account ON sip_addresses (account_id)',
    `CREATE TABLE credentials (id ${id}, account_id BIGINT NOT NULL REFERENCES accounts (id),
      user_id BIGINT REFERENCES users (id), realm TEXT NOT NULL, kind TEXT NOT NULL, public_id TEXT NOT NULL,
      secret_hash TEXT NOT NULL, role TEXT NOT NULL, scopes TEXT NOT NULL, name TEXT NOT NULL,
      is_active BIGINT NOT NULL, created_at BIGINT NOT NULL, UNIQUE (realm, public_id))`,
    'CREATE INDEX credentials_account ON credentials (account_id)',
    `CREATE TABLE sessions (id ${id}, realm TEXT NOT NULL, token_hash TEXT NOT NULL,
      user_id BIGINT NOT NULL REFERENCES users (id), created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
      UNIQUE (realm, token_hash))`,
    'CREATE INDEX sessions_expires ON sessions (expires_at)',
    `CREATE TABLE login_attempts (realm TEXT NOT NULL, name TEXT NOT NULL, failures BIGINT NOT NULL,
      window_started_at BIGINT NOT NULL, locked_until BIGINT NOT NULL, PRIMARY KEY (realm, name))`,
    `CREATE TABLE policies (kind TEXT NOT NULL, account_id BIGINT NOT NULL, scope TEXT NOT NULL,
      value BIGINT NOT NULL, PRIMARY KEY (kind, account_id, scope))`,
    `CREATE TABLE company_profiles (id ${id}, guid TEXT NOT NULL UNIQUE,
      account_id BIGINT NOT NULL REFERENCES accounts (id), status TEXT NOT NULL, country TEXT NOT NULL,
      types TEXT NOT NULL, data TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX company_profiles_account ON company_profiles (account_id)',
    `CREATE TABLE trunks (id ${id}, guid TEXT NOT NULL UNIQUE, account_id BIGINT NOT NULL REFERENCES accounts (id),
      name TEXT NOT NULL, label TEXT NOT NULL, data TEXT NOT NULL, created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL)`,
    'CREATE INDEX trunks_account ON trunks (account_id)',
  ]
}

function inventory({ id, digits }: SqlTypes): string[] {
  return [
    `CREATE TABLE places (id ${id}, kind TEXT NOT NULL CHECK (kind IN ('country', 'region', 'city')),
      parent_id BIGINT REFERENCES places (id), country_id BIGINT NOT NULL, country TEXT NOT NULL,
      code TEXT NOT NULL, name TEXT NOT NULL, has_regions BIGINT NOT NULL)`,
    'CREATE INDEX places_parent ON places (parent_id)',
    'CREATE INDEX places_country ON places (country_id, kind)',
    `CREATE TABLE stock (id ${id}, country TEXT NOT NULL, type TEXT NOT NULL, area_code TEXT NOT NULL,
      npa_nxx TEXT NOT NULL, npa TEXT NOT NULL, region TEXT NOT NULL, city_id BIGINT NOT NULL,
      rate_center TEXT NOT NULL, currency TEXT NOT NULL, capabilities BIGINT NOT NULL,
      needs_documents BIGINT NOT NULL, available BIGINT NOT NULL CHECK (available >= 0),
      UNIQUE (country, type, area_code, npa_nxx, region, city_id, rate_center, currency, capabilities, needs_documents))`,
    'CREATE INDEX stock_npa ON stock (npa, npa_nxx)',
    'CREATE INDEX stock_city ON stock (city_id)',
    'CREATE TABLE npa_versions (npa TEXT PRIMARY KEY, version BIGINT NOT NULL)',
    `CREATE TABLE numbers (id ${id}, e164 ${digits} NOT NULL UNIQUE, reversed ${digits} NOT NULL,
      stock_id BIGINT NOT NULL REFERENCES stock (id), ${GEOGRAPHY},
      state TEXT NOT NULL CHECK (state IN
        ('available', 'active', 'suspended', 'releasing', 'quarantined', 'blocked', 'retired')),
      prior_state TEXT, owner_id BIGINT, lease_id BIGINT, last_owner_id BIGINT, releases_at BIGINT,
      cool_until BIGINT, reclaim_until BIGINT, available_from BIGINT, due_at BIGINT, last_call_at BIGINT,
      version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX numbers_shelf_e164 ON numbers (e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_shelf_block ON numbers (npa_nxx, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_shelf_area ON numbers (country, type, area_code, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_shelf_type ON numbers (country, type, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_shelf_city ON numbers (city_id, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_shelf_reversed ON numbers (reversed) WHERE available_from IS NOT NULL',
    'CREATE INDEX numbers_due ON numbers (due_at) WHERE due_at IS NOT NULL',
    `CREATE TABLE number_events (id ${id}, number_id BIGINT NOT NULL, version BIGINT NOT NULL, kind TEXT NOT NULL,
      state TEXT NOT NULL, owner_id BIGINT, lease_id BIGINT, releases_at BIGINT, cool_until BIGINT,
      actor_account_id BIGINT, actor_user_id BIGINT, at BIGINT NOT NULL, data TEXT NOT NULL,
      UNIQUE (number_id, version))`,
    `CREATE TABLE imports (id ${id}, status TEXT NOT NULL, is_owned BIGINT NOT NULL, published_line BIGINT NOT NULL,
      imported BIGINT NOT NULL, created_at BIGINT NOT NULL)`,
    `CREATE TABLE import_rows (import_id BIGINT NOT NULL, line BIGINT NOT NULL, e164 ${digits} NOT NULL,
      reversed ${digits} NOT NULL, stock_id BIGINT NOT NULL, ${GEOGRAPHY}, owner_id BIGINT, user_id BIGINT,
      activated_at BIGINT, paid_until BIGINT, PRIMARY KEY (import_id, line))`,
    `CREATE TABLE calls (id ${id}, number_id BIGINT NOT NULL, direction TEXT NOT NULL, answered BIGINT NOT NULL,
      started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, duration_seconds BIGINT NOT NULL)`,
    'CREATE INDEX calls_number ON calls (number_id, ended_at)',
  ]
}

function ownership({ id, bytes }: SqlTypes): string[] {
  return [
    `CREATE TABLE leases (id ${id}, guid TEXT NOT NULL UNIQUE, number_id BIGINT NOT NULL REFERENCES numbers (id),
      account_id BIGINT NOT NULL REFERENCES accounts (id), payer_id BIGINT NOT NULL, organization_id BIGINT,
      user_id BIGINT, label TEXT, trunk_id BIGINT, started_at BIGINT NOT NULL, ends_at BIGINT, closed_at BIGINT,
      order_line_id BIGINT, release_fee BIGINT NOT NULL, release_mode TEXT, updated_at BIGINT NOT NULL)`,
    'CREATE UNIQUE INDEX leases_open ON leases (number_id) WHERE closed_at IS NULL',
    'CREATE INDEX leases_account ON leases (account_id, id) WHERE closed_at IS NULL',
    'CREATE INDEX leases_number ON leases (number_id)',
    `CREATE TABLE routes (id ${id}, lease_id BIGINT NOT NULL, priority BIGINT NOT NULL, kind TEXT NOT NULL,
      target TEXT NOT NULL, trunk_id BIGINT, is_active BIGINT NOT NULL)`,
    'CREATE INDEX routes_lease ON routes (lease_id)',
    `CREATE TABLE settings (lease_id BIGINT NOT NULL, dialect TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (lease_id, dialect))`,
    `CREATE TABLE subscriptions (id ${id}, lease_id BIGINT NOT NULL REFERENCES leases (id),
      payer_id BIGINT NOT NULL, currency TEXT NOT NULL, ${money('amount')}, anchor_at BIGINT NOT NULL,
      periods BIGINT NOT NULL, paid_until BIGINT NOT NULL, next_due_at BIGINT, due_at BIGINT, unpaid_since BIGINT,
      closed_at BIGINT)`,
    'CREATE UNIQUE INDEX subscriptions_open ON subscriptions (lease_id) WHERE closed_at IS NULL',
    'CREATE INDEX subscriptions_due ON subscriptions (due_at) WHERE due_at IS NOT NULL',
    `CREATE TABLE provisionings (id ${id}, lease_id BIGINT NOT NULL, dialect TEXT NOT NULL, service TEXT NOT NULL,
      value TEXT NOT NULL, status TEXT NOT NULL, due_at BIGINT, created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL)`,
    'CREATE INDEX provisionings_lease ON provisionings (lease_id)',
    'CREATE INDEX provisionings_due ON provisionings (due_at) WHERE due_at IS NOT NULL',
    `CREATE TABLE documents (id ${id}, account_id BIGINT NOT NULL, lease_id BIGINT NOT NULL, type TEXT NOT NULL,
      file_name TEXT NOT NULL, content_type TEXT NOT NULL, content ${bytes} NOT NULL, status TEXT NOT NULL,
      reason TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX documents_lease ON documents (lease_id)',
    `CREATE TABLE carts (account_id BIGINT NOT NULL, number_id BIGINT NOT NULL, added_at BIGINT NOT NULL,
      PRIMARY KEY (account_id, number_id))`,
  ]
}

function accounting(types: SqlTypes): string[] {
  const { id } = types
  return [
    `CREATE TABLE balances (id ${id}, guid TEXT NOT NULL UNIQUE,
      account_id BIGINT NOT NULL REFERENCES accounts (id), currency TEXT NOT NULL, ${money('balance')},
      ${money('credit_limit')}, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
      UNIQUE (account_id, currency))`,
    `CREATE TABLE transactions (id ${id}, guid TEXT NOT NULL UNIQUE, account_id BIGINT NOT NULL,
      kind TEXT NOT NULL, currency TEXT NOT NULL, ${money('amount')}, ${money('setup_amount')},
      ${money('period_amount')}, ${money('balance_after')}, number_id BIGINT, e164 TEXT, lease_id BIGINT,
      subscription_id BIGINT, period BIGINT, order_line_id BIGINT, note TEXT NOT NULL, created_at BIGINT NOT NULL)`,
    'CREATE INDEX transactions_account ON transactions (account_id, created_at, id)',
    `CREATE UNIQUE INDEX transactions_period ON transactions (subscription_id, period)
      WHERE subscription_id IS NOT NULL`,
    'CREATE INDEX transactions_line ON transactions (order_line_id) WHERE order_line_id IS NOT NULL',
    `CREATE TABLE ledger_entries (id ${id}, transaction_id BIGINT NOT NULL REFERENCES transactions (id),
      book TEXT NOT NULL, account_id BIGINT, currency TEXT NOT NULL, ${money('amount')})`,
    'CREATE INDEX ledger_entries_transaction ON ledger_entries (transaction_id)',
    `CREATE TABLE orders (id ${id}, guid TEXT NOT NULL UNIQUE, account_id BIGINT NOT NULL, payer_id BIGINT NOT NULL,
      kind TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, dialect TEXT, criteria TEXT NOT NULL,
      quantity BIGINT NOT NULL, range_size BIGINT NOT NULL, company_profile_id BIGINT, callback_url TEXT,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX orders_account ON orders (account_id, kind, id)',
    "CREATE INDEX orders_waiting ON orders (id) WHERE status IN ('pending', 'accepted')",
    `CREATE TABLE order_lines (id ${id}, order_id BIGINT NOT NULL REFERENCES orders (id), position BIGINT NOT NULL,
      number_id BIGINT NOT NULL, lease_id BIGINT, status TEXT NOT NULL)`,
    'CREATE INDEX order_lines_order ON order_lines (order_id)',
  ]
}

function plumbing({ id }: SqlTypes): string[] {
  return [
    `CREATE TABLE audit_events (id ${id}, at BIGINT NOT NULL, actor_account_id BIGINT, actor_user_id BIGINT,
      account_id BIGINT, action TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL)`,
    `CREATE TABLE outbox (id ${id}, kind TEXT NOT NULL, account_id BIGINT NOT NULL, at BIGINT NOT NULL,
      data TEXT NOT NULL, is_done BIGINT NOT NULL)`,
    'CREATE INDEX outbox_open ON outbox (id) WHERE is_done = 0',
    `CREATE TABLE deliveries (id ${id}, event_id BIGINT NOT NULL, account_id BIGINT NOT NULL, dialect TEXT NOT NULL,
      url TEXT NOT NULL, method TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL,
      next_attempt_at BIGINT, created_at BIGINT NOT NULL)`,
    'CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
    `CREATE TABLE delivery_attempts (id ${id}, delivery_id BIGINT NOT NULL, at BIGINT NOT NULL, status BIGINT,
      error TEXT, duration_ms BIGINT NOT NULL)`,
    'CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id)',
    `CREATE TABLE callback_secrets (account_id BIGINT NOT NULL, realm TEXT NOT NULL, secret TEXT NOT NULL,
      PRIMARY KEY (account_id, realm))`,
    `CREATE TABLE idempotency_records (account_id BIGINT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
      result TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, key))`,
    'CREATE TABLE clock (id BIGINT PRIMARY KEY, offset_ms BIGINT NOT NULL)',
  ]
}

/** Every table of the first version. Later versions append statements of their own in migrations.ts. */
export function createTables(types: SqlTypes): string[] {
  return [
    ...people(types),
    ...inventory(types),
    ...ownership(types),
    ...accounting(types),
    ...plumbing(types),
    ...types.trigrams,
  ]
}

/** Totals of searches and lists are read from these alone. */
export function createTotalIndexes(): string[] {
  return [
    'CREATE INDEX stock_npa_totals ON stock (npa, npa_nxx, needs_documents, available)',
    `CREATE INDEX stock_totals ON stock
      (country, type, area_code, region, currency, capabilities, needs_documents, available)`,
    'CREATE INDEX numbers_shelf_country ON numbers (country, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX places_kind ON places (kind, country, name)',
    'CREATE INDEX leases_held ON leases (account_id, id, ends_at) WHERE closed_at IS NULL',
    'DROP INDEX leases_account',
    'CREATE INDEX numbers_shelf_outside ON numbers (e164) WHERE npa_nxx IS NULL AND available_from IS NOT NULL',
  ]
}

/** What is known of callers may be kept by a process while this number stands still. */
export function createAccessVersion(types: SqlTypes): string[] {
  return [
    'CREATE TABLE access_version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)',
    'INSERT INTO access_version (id, version) VALUES (1, 1)',
    ...['accounts', 'organizations', 'users', 'sip_addresses', 'credentials'].flatMap(types.touches),
  ]
}

/** Totals of whole areas from few rows, and pages of the shelf from its index alone. */
export function createAreaTotals({ id, areaTriggers }: SqlTypes): string[] {
  return [
    ...createAreaCounters(id, areaTriggers),
    'DROP INDEX numbers_shelf_e164',
    `CREATE INDEX numbers_shelf_e164 ON numbers (e164, available_from, required_documents, version, updated_at, last_call_at)
      WHERE available_from IS NOT NULL`,
  ]
}

/**
 * Deliveries wait in lanes, one for each receiver and account, so that a long one holds up no other. What waited before
 * there were lanes waits in one for each account. An event that could not be worded is tried again at `try_at`; `told`
 * names the dialects that need not be asked again.
 */
export function createCallbackLanes({ digits }: SqlTypes): string[] {
  return [
    `ALTER TABLE deliveries ADD COLUMN lane ${digits} NOT NULL DEFAULT ''`,
    'ALTER TABLE deliveries ADD COLUMN tries BIGINT NOT NULL DEFAULT 0',
    "UPDATE deliveries SET lane = '? ' || account_id",
    `UPDATE deliveries SET tries = (SELECT count(*) % 6 FROM delivery_attempts WHERE delivery_id = deliveries.id)
      WHERE next_attempt_at IS NOT NULL`,
    'CREATE INDEX deliveries_lanes ON deliveries (lane, next_attempt_at, id) WHERE next_attempt_at IS NOT NULL',
    'ALTER TABLE outbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE outbox ADD COLUMN try_at BIGINT NOT NULL DEFAULT 0',
    "ALTER TABLE outbox ADD COLUMN told TEXT NOT NULL DEFAULT ''",
    'DROP INDEX outbox_open',
    'CREATE INDEX outbox_open ON outbox (try_at, id) WHERE is_done = 0',
  ]
}

/** Numbers taken off the shelf for one account until a moment; see numbers/hold.ts. */
export function createHolds({ id }: SqlTypes): string[] {
  return [
    'ALTER TABLE numbers ADD COLUMN held_by BIGINT',
    'ALTER TABLE numbers ADD COLUMN held_until BIGINT',
    'ALTER TABLE number_events ADD COLUMN held_by BIGINT',
    'ALTER TABLE number_events ADD COLUMN held_until BIGINT',
    `CREATE TABLE holds (id ${id}, guid TEXT NOT NULL UNIQUE, number_id BIGINT NOT NULL REFERENCES numbers (id),
      account_id BIGINT NOT NULL REFERENCES accounts (id), dialect TEXT, data TEXT NOT NULL, taken_at BIGINT NOT NULL,
      held_until BIGINT NOT NULL, ended_at BIGINT, ending TEXT)`,
    'CREATE UNIQUE INDEX holds_open ON holds (number_id) WHERE ended_at IS NULL',
    'CREATE INDEX holds_account ON holds (account_id, id) WHERE ended_at IS NULL',
  ]
}

/** What an account has given back and nobody else can buy yet, by number. */
export function createRestingIndex(): string[] {
  return ["CREATE INDEX numbers_resting ON numbers (last_owner_id, e164) WHERE state = 'quarantined'"]
}

/** What accounts keep at a surface beside numbers: addresses, applications, sites. */
export function createResources({ id }: SqlTypes): string[] {
  return [
    `CREATE TABLE resources (id ${id}, guid TEXT NOT NULL UNIQUE, account_id BIGINT NOT NULL REFERENCES accounts (id),
      kind TEXT NOT NULL, parent_id BIGINT REFERENCES resources (id), name TEXT NOT NULL, data TEXT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    'CREATE INDEX resources_account ON resources (account_id, kind, id)',
    'CREATE INDEX resources_parent ON resources (parent_id)',
  ]
}

const WAITING = "('pending', 'accepted')"

/** What orders wait for, so that what comes to the shelf finds those that it can help. */
export function createWaitingOrders({ member }: SqlTypes): string[] {
  const filter = (name: string) => `coalesce(${member('criteria', 'filter', name)}, '')`
  return [
    `CREATE TABLE IF NOT EXISTS waiting_orders (order_id BIGINT PRIMARY KEY REFERENCES orders (id), account_id BIGINT NOT NULL,
      payer_id BIGINT NOT NULL, country TEXT NOT NULL, area_code TEXT NOT NULL, city TEXT NOT NULL,
      filter TEXT NOT NULL, range_size BIGINT NOT NULL, quantity BIGINT NOT NULL,
      lacks TEXT NOT NULL CHECK (lacks IN ('numbers', 'payer')))`,
    `INSERT INTO waiting_orders
      (order_id, account_id, payer_id, country, area_code, city, filter, range_size, quantity, lacks)
      SELECT id, account_id, payer_id, ${filter('country')}, ${filter('areaCode')}, '',
        ${member('criteria', 'filter')}, range_size, quantity, 'payer' FROM orders WHERE status IN ${WAITING}
      ON CONFLICT (order_id) DO NOTHING`,
    'CREATE INDEX IF NOT EXISTS waiting_orders_wanted ON waiting_orders (country, area_code, city, filter, range_size, quantity)',
    "CREATE INDEX IF NOT EXISTS waiting_orders_payer ON waiting_orders (payer_id) WHERE lacks = 'payer'",
    'CREATE INDEX IF NOT EXISTS waiting_orders_account ON waiting_orders (account_id)',
    'CREATE INDEX IF NOT EXISTS waiting_orders_filter ON waiting_orders (filter, range_size, order_id)',
    'DROP INDEX IF EXISTS orders_waiting',
  ]
}

/** A number stands once in a file; who bills it; why a file could not be finished. */
export function createImportRules(): string[] {
  return [
    `DELETE FROM import_rows WHERE EXISTS (SELECT 1 FROM import_rows first WHERE first.import_id = import_rows.import_id
      AND first.e164 = import_rows.e164 AND first.line < import_rows.line)`,
    'CREATE UNIQUE INDEX import_rows_e164 ON import_rows (import_id, e164)',
    'ALTER TABLE imports ADD COLUMN billed_elsewhere BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE imports ADD COLUMN reason TEXT',
  ]
}

/** One sealed text, by which another key is noticed before it is used. Emptying the database keeps it. */
export function createKeyCheck(): string[] {
  return ['CREATE TABLE key_check (id BIGINT PRIMARY KEY, sealed TEXT NOT NULL)']
}

/** What 0001 and 0002 were given after databases had been made by them; those made since have all of it. */
export function createOverlooked({ trigrams }: SqlTypes): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS callback_secrets (account_id BIGINT NOT NULL, realm TEXT NOT NULL, secret TEXT NOT NULL,
      PRIMARY KEY (account_id, realm))`,
    ...trigrams,
    'CREATE INDEX IF NOT EXISTS stock_npa_totals ON stock (npa, npa_nxx, needs_documents, available)',
    'CREATE INDEX IF NOT EXISTS numbers_shelf_country ON numbers (country, e164) WHERE available_from IS NOT NULL',
    'CREATE INDEX IF NOT EXISTS places_kind ON places (kind, country, name)',
    'CREATE INDEX IF NOT EXISTS leases_held ON leases (account_id, id, ends_at) WHERE closed_at IS NULL',
    'DROP INDEX IF EXISTS leases_account',
  ]
}
