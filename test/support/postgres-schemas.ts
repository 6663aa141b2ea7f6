/** Schemas of a run in the shared test database, by the beginning of their names. */
import pg from 'pg'

export const SERVER = 'postgres://postgres@127.0.0.1:5432'
/** Variable of the environment that names the run to its workers. */
export const RUN_NAME = 'DIDGATE_TEST_RUN'

export const schemaPrefix = (run: string) => `didgate_${run}_`

/** Nothing is left of this run, also where a worker ended early. */
export async function dropSchemas(run: string): Promise<void> {
  const admin = new pg.Client({ connectionString: `${SERVER}/test`, connectionTimeoutMillis: 2_000 })
  try {
    await admin.connect()
  } catch {
    return // there is no server, and so there are no schemas
  }
  const { rows } = await admin.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)',
    [schemaPrefix(run)],
  )
  for (const { nspname } of rows) await admin.query(`DROP SCHEMA ${nspname} CASCADE`)
  await admin.end()
}
