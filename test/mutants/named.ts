/** Faults that no test can see, or need not, and why. `change`: as it is told, or how that begins. */
interface Named {
  source: string
  change: string
  why: string
}

const of = (source: string, reasons: Readonly<Record<string, string>>): Named[] =>
  Object.entries(reasons).map(([change, why]) => ({ source, change, why }))

const ZERO = 'SQL knows no negative zero'
const ONE_CLOCK = 'shows only between processes whose clocks differ, and these tests have one clock'
const BY_INDEX = 'SQLite reads them from an index that has this order'
const NOTHING = 'nothing, or a member without a value, is as good as undefined'
const SECOND_NET = 'a second net: the balance itself refuses what is beyond it'
const SPARES = 'spares a question, or rows of its answer; what comes of it is the same'
const UNTOLD_END = 'an end that is told neither as answer nor as error: none is known of this Node'
const HOW_OFTEN = 'how often a lock is asked for again while another process holds it'
const ONE_INSTANT = 'differs in one instant only, which is hit by chance'

export const NAMED: readonly Named[] = [
  ...of('core/money/posting.ts', {
    'total < 0 → total <= 0': 'a movement of nothing passes as a debit and as a credit alike',
    'catchUp(unit, [row])': ONE_CLOCK,
    '[row] →': ONE_CLOCK,
    '![total,': SECOND_NET,
    '[total,': SECOND_NET,
    '{throw total < 0': SECOND_NET,
    'total < 0 → true': 'the other case is checked before: no top-up is that large',
    'total > 0 → total >= 0': 'asks once more whether waiting orders can be paid, to no effect',
    'amount === 0': ZERO,
  }),
  ...of('core/money/ledger.ts', {
    'text.toLowerCase()': "SQLite's LIKE goes without case",
    'filter.kinds?.length': 'SQLite takes an empty list; PostgreSQL does not',
    "without .orderBy('currency')": BY_INDEX,
    "without .orderBy('id', 'desc')": BY_INDEX,
    "without .orderBy('created_at', 'desc')": 'times and ids rise together',
  }),
  ...of('core/upkeep/renewals.ts', {
    "query = query.where('id', '=', lease.number_id)": 'the ownership names one number: the id only finds it faster',
    "without .where('id', '=', lease.number_id)": 'the ownership names one number: the id only finds it faster',
    'subscription.amount === 0': ZERO,
    'catchUp(unit, [leased])': ONE_CLOCK,
    '[leased] →': ONE_CLOCK,
  }),
  ...of('core/ground/idempotency.ts', {
    '!row → false': 'a record that could not be written exists: nothing removes one within a unit',
    "{what: 'resource'": 'as above',
  }),
  ...of('core/ground/access-cache.ts', {
    '-1 → +1': 'what is kept is empty at first',
    'rows[0]?.version': 'the table has its one row since the first migration',
  }),
  ...of('core/people/credentials.ts', {
    "without .orderBy('id')": 'the order in which the secrets of a name are tried; any that is right lets in',
    "without .where('is_active', '=', 1)":
      'it was read as active before: only a revocation in the same moment comes between',
  }),
  ...of('adapters/onsip/auth.ts', {
    'inbound.operation?.caller → inbound':
      'of what is not known who asks is looked for, and whatever fails there is passed over',
    '[] → ["Stryker': 'no scope has this name',
  }),
  ...of('src/logs/redact.ts', { '/pass|pwd|secret': 'more is looked at closely than must be, with the same result' }),
  ...of('src/double/readable.ts', { '{return undefined}': NOTHING }),
  ...of('adapters/kit/body.ts', { '{value: undefined}': NOTHING }),
  ...of('adapters/kit/json-body.ts', {
    "text.includes('\\\\u')": 'looked at in vain: the charset can have no such text',
    'at < text.length': 'one past the end there is nothing',
  }),
  ...of('adapters/kit/pairs.ts', {
    'next < 0 → next <= 0': 'no pair begins with an ampersand: those are passed over before',
    '/^[\\x20-': 'what is plain is decoded to itself, only slower',
  }),
  ...of('adapters/kit/charset.ts', { '{return undefined}': NOTHING }),
  ...of('adapters/kit/form-formats.ts', {
    "request.method === 'GET' → false": 'a GET has no body: it is only not looked for',
    'operation?.body →': 'a request that matched has its operation',
    'operation → true': NOTHING,
  }),
  ...of('adapters/kit/multipart.ts', { 'next < 0 → next <= 0': 'it is looked for behind the first boundary' }),
  ...of('core/events/outbox.ts', {
    "without .orderBy('id')": BY_INDEX,
    "without .where('delivery_id', 'in', ids)": SPARES,
    '!(await isAnyDue(db, now))': SPARES,
    'ids.length > 0': SPARES,
  }),
  ...of('core/events/expand.ts', {
    "without .orderBy('id')": BY_INDEX,
    "without .where('id', 'in', ids)": SPARES,
    'delivery.receiver === undefined → false': 'a lane counts only while something waits in it',
    'without .filter(({worded})': 'what has failed is opened again in the next statement',
    'worded.failed.length === 0': 'what has failed is opened again in the next statement',
    'done.length > 0': SPARES,
    'rows.length === 0': SPARES,
  }),
  ...of('core/events/take.ts', {
    'rows.at(-1)?.lane': 'as many rows as lanes are looked at have a last one',
    'without .limit(1)': SPARES,
    "without .where('next_attempt_at'": SPARES,
    '(await query.executeTakeFirst())!== undefined': SPARES,
    "without .orderBy('id')": BY_INDEX,
    'rows.length === 0': SPARES,
  }),
  ...of('core/orders/fill.ts', {
    'wanted.length < quantity → false': SPARES,
    'false → true': 'only PostgreSQL waits for what another unit has locked',
    'missing > 0 → missing >= 0': 'asks for none of what the account holds',
    '(needed.get(row.currency)?? 0)+ row.setup_price + row.monthly_price →':
      'a second net: whoever waits is asked before what it can pay, and a purchase is refused for the same want of money',
  }),
  ...of('src/callbacks/lookup.ts', {
    'addresses[0]?.address': 'a name without addresses is refused before',
    '/\\s+/ → /\\s/': 'what is empty between two spaces is nobody’s name',
  }),
  ...of('src/callbacks/attempt.ts', {
    "request.on('close'": UNTOLD_END,
    "()=> end(failed('closed without": UNTOLD_END,
    'bytes > BODY_BYTES → bytes >=': 'one byte more or less is no promise',
    'over.signal.aborted → false': 'a second end finds everything closed',
    "socket.on('error',()=>{})": 'a reset in the very instant of the answer would end the process',
  }),
  ...of('src/callbacks/slots.ts', {
    'oldest !== undefined → true': 'what is full has an oldest',
  }),
  ...of('src/callbacks/try.ts', {
    '1 + JITTER *(draw': 'sooner is as likely as later',
  }),
  ...of('core/store/group-commit.ts', {
    'Math.min(pause * 2, 20)': HOW_OFTEN,
    'pause * 2': HOW_OFTEN,
    'performance.now()> giveUpAt → performance.now()>=': ONE_INSTANT,
    'performance.now()< until → performance.now()<=': ONE_INSTANT,
    'quiet < QUIET_TURNS → quiet <=': 'one turn more or less is no promise',
  }),
]
