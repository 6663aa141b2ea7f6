import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { demoAccess } from '../demo.ts'
import { dialectModules } from '../dialects.ts'

/** What `--help` tells of the settings; the README has them all, at length. */
export const ENVIRONMENT = `
Environment:
  DATABASE_URL         sqlite:./data/didgate.db (default), sqlite::memory:, postgres://…
  DATABASE_READ_URL, DATABASE_READ_LAG
                       a replica of PostgreSQL for searches, and the seconds that it may be late, default 5
  DATABASE_WAIT        seconds that a start waits for the database, default 30
  DATABASE_TIMEOUT     seconds that one statement of PostgreSQL may take, default 15
  HOST, PORT           data plane, default 127.0.0.1 and 8080
  ADMIN_HOST, ADMIN_PORT, DIDGATE_ADMIN_TOKEN
                       admin plane, default 127.0.0.1 and 8081; without a token it answers this machine only
  DIALECT_PORTS        onsip:8091,… : a dialect at the root of a port of its own
  PUBLIC_URL, TRUST_PROXY
                       origin of links in answers; believe the X-Forwarded headers of a proxy
  TLS_CERT, TLS_KEY    PEM files: the data plane speaks HTTPS, and so does an admin plane that ADMIN_HOST puts on a network
  ADMIN_TLS_CERT, ADMIN_TLS_KEY
                       PEM files of the admin plane's own
  DIDGATE_MODE         double (default) or production
  DIDGATE_SEED         world that an empty database starts with, or none
  DIDGATE_KEY          encrypts stored secrets; generated beside the database in double mode. A database is opened
                       with the key it was begun with and no other
  DIDGATE_KEY_OLD      the one before, while DIDGATE_KEY is another one: all is sealed anew
  DATABASE_URL_FILE, DATABASE_READ_URL_FILE, DIDGATE_KEY_FILE, DIDGATE_KEY_OLD_FILE,
  DIDGATE_ADMIN_TOKEN_FILE
                       files that hold these, in place of the variable
  SESSION_TTL          seconds that an unused login lasts
  RETENTION_ENDED, RETENTION_IDEMPOTENCY, RETENTION_CALLBACKS, RETENTION_CARTS, RETENTION_IMPORTS
                       days for which what is over is kept: log-ins and holds 1, keys of requests 7, callbacks 14,
                       carts 28, imports 28
  LIMITS               against floods: on in production, off in double mode
  LIMIT_ADDRESS, LIMIT_CREDENTIAL, LIMIT_WRONG_CREDENTIALS
                       requests a second of one address 1000 and of one credential 500; wrong ones in ten minutes 30
  CALLBACK_ALLOW_NETWORKS
                       172.16.0.0/12,… : private networks that callbacks may go to
  LOG_LEVEL            fatal, error, warn, info (default), debug, trace, silent
`

const namesOf = (module: DialectModule) =>
  `  ${module.name.padEnd(10)} ${Object.keys(demoAccess(module).account).join(', ')}`

export const VERIFY = `
Runs the contract cases of all dialects and the dialect's own rules against any server that claims to speak it, and
checks every answer on the way: documented status, media type, strict schema or RELAX NG grammar.

Nothing is bought or changed unless --allow-purchases is given; what is bought is given back where the dialect can.

The credentials file is what didgate account credential wrote, or JSON:
{"account": {...}, "other": {...}, "stranger": {...}}
  account    the account under test; with --allow-purchases it should have some money
  other      a second account, unrelated and with little money (optional: what needs it is then not applicable)
  stranger   credentials that nobody has (optional)
Their members have the dialect's own names:
${dialectModules.map(namesOf).join('\n')}
Without a file those of the demo world are used.

Exit status: 0 everything holds, 1 a rule is broken, 2 a mistake in the call or a target that cannot be reached.

Example:
  didgate verify --dialect wavix --target http://127.0.0.1:8080/wavix
`
