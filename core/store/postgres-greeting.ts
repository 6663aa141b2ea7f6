import type pg from 'pg'
import type { Told } from './postgres-hosts.ts'

export interface Greeting extends Told {
  /** False: a pooler is in between, and the next transaction may be another server process's. */
  isOwn: boolean
}

/**
 * The first thing that is said on a connection. `$1` is the process that the other side said it is: poolers say something
 * else, since what is behind them changes. Of a process that is shared nothing is set, for who comes next would inherit it.
 *
 * Compiling a plan, or starting helpers for it, takes longer than anything that is asked here. The other settings end what
 * a vanished gateway has left open, locks and all. Those that this server does not know are passed over.
 */
const GREETING = `SELECT pg_backend_pid() = $1 AS "isOwn", pg_is_in_recovery() AS "isStandby",
  current_setting('transaction_read_only') = 'on' AS "isReadOnly",
  (SELECT count(set_config(wanted.name, wanted.value, false)) FROM (VALUES
    ('jit', 'off'), ('max_parallel_workers_per_gather', '0'), ('idle_in_transaction_session_timeout', '30s'),
    ('client_connection_check_interval', '10s'), ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'),
    ('tcp_keepalives_count', '3')) AS wanted (name, value)
    WHERE pg_backend_pid() = $1 AND wanted.name IN (SELECT name FROM pg_settings)) AS set`

export async function greet(client: pg.ClientBase): Promise<Greeting> {
  const { processID } = client as unknown as { processID: number | null }
  const { rows } = await client.query<Greeting>(GREETING, [processID ?? 0])
  return rows[0] as Greeting
}
