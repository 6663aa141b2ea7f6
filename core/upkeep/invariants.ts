import { sql } from 'kysely'
import type { JsonObject } from '../ground/model.ts'
import type { Reader } from '../store/store.ts'
import type { Violation } from '../verbs.ts'

interface Invariant {
  id: number
  name: string
  /** Returns the rows that break it. */
  query: string
}

/** DESIGN 4.5: each query must return no row. */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: 1,
    name: 'one row per E.164',
    query: 'SELECT e164, count(*) AS n FROM numbers GROUP BY e164 HAVING count(*) > 1',
  },
  {
    id: 2,
    name: 'an owner exactly in active, suspended and releasing, possibly in blocked; held only what nobody owns',
    query: `SELECT e164, state FROM numbers WHERE
      (state IN ('active', 'suspended', 'releasing') AND (owner_id IS NULL OR lease_id IS NULL))
      OR (state IN ('available', 'quarantined', 'retired') AND (owner_id IS NOT NULL OR lease_id IS NOT NULL))
      OR (owner_id IS NULL) <> (lease_id IS NULL)
      OR (held_by IS NULL) <> (held_until IS NULL)
      OR (held_until IS NOT NULL AND (state <> 'available' OR available_from <> held_until OR due_at <> held_until))`,
  },
  {
    id: 3,
    name: 'at most one open lease and one open hold per number, leases never overlap, and the counters of open ones agree',
    query: `SELECT a.number_id, a.id AS lease FROM leases a JOIN leases b ON a.number_id = b.number_id AND a.id < b.id
      WHERE a.closed_at IS NULL OR a.closed_at > b.started_at
      UNION ALL SELECT n.id, n.lease_id FROM numbers n LEFT JOIN leases l ON l.id = n.lease_id AND l.closed_at IS NULL
        AND l.number_id = n.id AND l.account_id = n.owner_id WHERE n.lease_id IS NOT NULL AND l.id IS NULL
      UNION ALL SELECT l.number_id, l.id FROM leases l JOIN numbers n ON n.id = l.number_id
        WHERE l.closed_at IS NULL AND (n.lease_id IS NULL OR n.lease_id <> l.id)
      UNION ALL SELECT h.account_id, h.leases FROM held h LEFT JOIN (SELECT account_id, count(*) AS n FROM leases
        WHERE closed_at IS NULL GROUP BY account_id) c ON c.account_id = h.account_id WHERE h.leases <> coalesce(c.n, 0)
      UNION ALL SELECT number_id, count(*) FROM holds WHERE ended_at IS NULL GROUP BY number_id HAVING count(*) > 1
      UNION ALL SELECT h.number_id, h.id FROM holds h JOIN numbers n ON n.id = h.number_id WHERE h.ended_at IS NULL
        AND (n.held_by IS NULL OR n.held_by <> h.account_id OR n.held_until <> h.held_until)
      UNION ALL SELECT n.id, n.held_by FROM numbers n LEFT JOIN holds h ON h.number_id = n.id AND h.ended_at IS NULL
        WHERE n.held_until IS NOT NULL AND h.id IS NULL`,
  },
  {
    id: 4,
    name: 'exactly one open subscription per open lease',
    query: `SELECT l.id FROM leases l LEFT JOIN subscriptions s ON s.lease_id = l.id AND s.closed_at IS NULL
      WHERE l.closed_at IS NULL GROUP BY l.id HAVING count(s.id) <> 1
      UNION ALL SELECT s.lease_id FROM subscriptions s JOIN leases l ON l.id = s.lease_id
      WHERE s.closed_at IS NULL AND l.closed_at IS NOT NULL`,
  },
  {
    id: 5,
    name: 'every version of a number has exactly one event; the last one is the row',
    query: `SELECT n.e164 FROM numbers n LEFT JOIN number_events e ON e.number_id = n.id AND e.version = n.version
      WHERE e.id IS NULL OR e.state <> n.state
        OR coalesce(e.owner_id, 0) <> coalesce(n.owner_id, 0) OR coalesce(e.lease_id, 0) <> coalesce(n.lease_id, 0)
        OR coalesce(e.releases_at, 0) <> coalesce(n.releases_at, 0)
        OR coalesce(e.cool_until, 0) <> coalesce(n.cool_until, 0)
        OR coalesce(e.held_by, 0) <> coalesce(n.held_by, 0) OR coalesce(e.held_until, 0) <> coalesce(n.held_until, 0)
      UNION ALL SELECT n.e164 FROM numbers n JOIN (SELECT number_id, count(*) AS events, max(version) AS top
        FROM number_events GROUP BY number_id) c ON c.number_id = n.id
      WHERE c.events <> n.version OR c.top <> n.version`,
  },
  {
    id: 6,
    name: 'from quarantine to the shelf never before cool_until',
    query: `SELECT e.number_id, e.version FROM number_events e JOIN number_events p
      ON p.number_id = e.number_id AND p.version = e.version - 1
      WHERE p.state = 'quarantined' AND e.state = 'available' AND e.at < p.cool_until`,
  },
  {
    id: 7,
    name: 'entries sum to zero per currency; balance is the sum of entries and never below the credit limit; no charge is given back twice or more than charged',
    query: `SELECT currency AS what, sum(amount) AS off FROM ledger_entries GROUP BY currency HAVING sum(amount) <> 0
      UNION ALL SELECT b.currency, b.balance - coalesce(e.total, 0) FROM balances b LEFT JOIN
        (SELECT account_id, currency, sum(amount) AS total FROM ledger_entries WHERE book = 'customer'
          GROUP BY account_id, currency) e ON e.account_id = b.account_id AND e.currency = b.currency
        WHERE b.balance <> coalesce(e.total, 0)
      UNION ALL SELECT currency, balance FROM balances WHERE balance < -credit_limit
      UNION ALL SELECT currency, transaction_id FROM ledger_entries GROUP BY currency, transaction_id
        HAVING sum(amount) <> 0
      UNION ALL SELECT r.currency, r.id FROM transactions r LEFT JOIN transactions c ON c.id = r.refunds_id
        AND c.account_id = r.account_id AND c.currency = r.currency AND r.amount <= -c.amount
        WHERE r.refunds_id IS NOT NULL AND (c.id IS NULL OR r.kind <> 'refund')`,
  },
  {
    id: 8,
    name: 'every sold line has exactly one charge, every failed line nets to zero',
    query: `SELECT l.id FROM order_lines l LEFT JOIN transactions t ON t.order_line_id = l.id AND t.kind = 'purchase'
      WHERE l.status = 'sold' GROUP BY l.id HAVING count(t.id) <> 1
      UNION ALL SELECT l.id FROM order_lines l JOIN transactions t ON t.order_line_id = l.id
      WHERE l.status <> 'sold' GROUP BY l.id HAVING sum(t.amount) <> 0`,
  },
  {
    id: 9,
    name: 'one renewal per subscription and period',
    query: `SELECT subscription_id, period FROM transactions WHERE subscription_id IS NOT NULL
      GROUP BY subscription_id, period HAVING count(*) > 1`,
  },
  {
    id: 10,
    name: 'no number is lost: imported is the sum over states, and the shelf counters agree',
    query: `SELECT i.n - s.n AS off FROM (SELECT count(*) AS n FROM number_events WHERE version = 1) i,
        (SELECT count(*) AS n FROM numbers) s WHERE i.n <> s.n
      UNION ALL SELECT k.id FROM stock k LEFT JOIN (SELECT stock_id, count(*) AS n FROM numbers
        WHERE state = 'available' AND held_until IS NULL GROUP BY stock_id) c ON c.stock_id = k.id
        WHERE k.available <> coalesce(c.n, 0)
      UNION ALL SELECT a.id FROM stock_areas a LEFT JOIN (
        SELECT country, type, area_code, npa, region, currency, capabilities, needs_documents, sum(available) AS n
        FROM stock GROUP BY country, type, area_code, npa, region, currency, capabilities, needs_documents
      ) s ON s.country = a.country AND s.type = a.type AND s.area_code = a.area_code AND s.npa = a.npa
        AND s.region = a.region AND s.currency = a.currency AND s.capabilities = a.capabilities
        AND s.needs_documents = a.needs_documents WHERE a.available <> coalesce(s.n, 0)`,
  },
]

/** Run them all; a violation tells how many rows broke it and shows one. */
export async function checkInvariants(db: Reader): Promise<{ ok: boolean; checked: number; violations: Violation[] }> {
  const violations: Violation[] = []
  for (const { id, name, query } of INVARIANTS) {
    const { rows } = await sql.raw<JsonObject>(query).execute(db)
    if (rows[0]) violations.push({ invariant: id, name, rows: rows.length, sample: rows[0] })
  }
  return { ok: violations.length === 0, checked: INVARIANTS.length, violations }
}
