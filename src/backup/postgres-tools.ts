const URL_PARTS = /^(postgres(?:ql)?:\/\/)(?:(.*)@)?([^?]*)(?:\?(.*))?$/s
/** What the tools need of a URL's parameters to reach the same server. */
const KEPT = new Set(['sslmode', 'sslrootcert', 'target_session_attrs'])

/** The same database without a password. It may name several hosts, which no URL of the web does. */
function withoutSecrets(url: string): string {
  const [, scheme = '', user = '', place = '', query = ''] = URL_PARTS.exec(url) ?? []
  const [name = ''] = user.split(':')
  const kept = query.split('&').filter(pair => KEPT.has(pair.split('=')[0] ?? ''))
  return `${scheme}${name === '' ? '' : `${name}@`}${place}${kept.length > 0 ? `?${kept.join('&')}` : ''}`
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * The schema that a URL leads to, where it says so. Of a database of its own all is kept: a dump of its `public` by name
 * would make that schema anew, which every database has.
 */
function schemaOf(url: string): string | undefined {
  const [, , , , query = ''] = URL_PARTS.exec(url) ?? []
  const options = new URLSearchParams(query).get('options') ?? ''
  const [, schema] = /search_path=([\w]+)/.exec(options) ?? []
  return schema === 'public' ? undefined : schema
}

const PASSWORD = 'They ask for the password, or take it from PGPASSWORD or ~/.pgpass.'

/** What to do instead of `didgate backup`. */
export function howToDump(url: string, file: string): string {
  const [database, schema] = [quoted(withoutSecrets(url)), schemaOf(url)]
  const only = schema === undefined ? '' : ` --schema=${quoted(schema)}`
  return `PostgreSQL keeps its databases by its own tools. This database, while it is in use:
  pg_dump --dbname=${database}${only} --format=custom --file=${quoted(file)}
or the whole server, to go back to any moment together with its archived log:
  pg_basebackup --dbname=${database} --pgdata=FOLDER --wal-method=stream --checkpoint=fast
${PASSWORD} Keep DIDGATE_KEY, or the key file, apart from it.
`
}

/** What to do instead of `didgate restore`. */
export function howToLoad(url: string, file: string): string {
  const database = quoted(withoutSecrets(url))
  return `PostgreSQL restores its databases by its own tools. With all gateways stopped, into an empty database (createdb),
which DATABASE_URL is to name:
  psql --dbname=${database} --command='CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public'
  pg_restore --dbname=${database} --exit-on-error --single-transaction ${quoted(file)}
${PASSWORD} Then run didgate doctor.
`
}
