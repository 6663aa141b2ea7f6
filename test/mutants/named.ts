/** Faults that no test can see, or need not, and why. `change`: as it is told, or how that begins. */
interface Named {
  source: string
  change: string
  why: string
}

const of = (source: string, reasons: Readonly<Record<string, string>>): Named[] =>
  Object.entries(reasons).map(([change, why]) => ({ source, change, why }))

const LOOKED_AT = 'PostgreSQL alone: SQLite has one writer, and nothing comes between looking and locking'
const TOO_FEW = 'too few are counted once more by who asked for them'
const ZERO = 'SQL knows no negative zero'
const BY_INDEX = 'SQLite reads them from an index that has this order'
const NOTHING = 'nothing, or a member without a value, is as good as undefined'
const BY_ID = 'SQLite reads them by their ids, which rise with the numbers'
const EMPTY = 'SQLite takes an empty list; PostgreSQL does not'
const IDS = 'ids that were not reserved are drawn one by one'
const LOCKS = 'PostgreSQL alone: SQLite has one writer, and locks no rows'
const SAME = 'only costs more: what comes of it is the same'
const TWICE = 'looked at twice: before the number is locked, and under its lock'
const SECOND_NET = 'a second net: the balance itself refuses what is beyond it'
const SPARES = 'spares a question, or rows of its answer; what comes of it is the same'
const UNTOLD_END = 'an end that is told neither as answer nor as error: none is known of this Node'
const HOW_OFTEN = 'how often a lock is asked for again while another process holds it'
const ONE_INSTANT = 'differs in one instant only, which is hit by chance'
const COUNTED_UP = 'what is not read from sums is counted up, with the same result'
const FROM_WHERE = 'from where a page is looked for: only more rows are passed over'

const FORGETS = 'only remembers longer what nobody asks for any more'
const EITHER_WAY = 'what costs nothing comes to the same either way'
const ALONE = 'the balance itself refuses what is beyond it, and then each is tried alone'
const EXPLAINED = 'words that explain a refusal: it is the same without'
const IN_ORDER = 'SQLite reads them in the order of their ids'
const SEQUENCES = 'PostgreSQL alone: SQLite draws no id that is behind the highest'
const OTHER_NAME = 'its own name is asked for once more, to no effect'
const OWN_USER = 'the user that an address has is one of its account, and is asked for once more'
const TRIED_IN_VAIN = 'orders are tried that cannot be filled: what comes of it is the same'
const ONE_BILLING = 'an ownership has one billing'
const OWNED = 'whoever owns a number has an ownership of it, and the other way round'
const CLOSING = 'PostgreSQL alone: on SQLite no ownership is being closed while a list is read'
const ASKED_AGAIN = 'whoever passes here is asked the same again when the order is filled'

export const NAMED: readonly Named[] = [
  ...of('core/ground/together.ts', {
    'callers[0]?.account': 'a unit of several has a first',
    'line.queue.length === 0 && line.busy === 0 → false': FORGETS,
    'lines.delete(accountId)': FORGETS,
  }),
  ...of('core/leases/in-use.ts', { 'without .limit(1)': SPARES }),
  ...of('core/upkeep/upcoming.ts', {
    'without .limit(limit)': SPARES,
    "without .orderBy('due_at')": BY_INDEX,
    "without .orderBy('subscriptions.due_at')": BY_INDEX,
    "without .orderBy('provisionings.due_at')": BY_INDEX,
  }),
  ...of('core/upkeep/oversight.ts', {
    "without .orderBy('e164')": BY_INDEX,
    "without .orderBy('npa')": BY_INDEX,
    "without .orderBy('id', 'desc')": 'shows where there are more than are looked at, which are thousands',
    'shown.length === 0': EMPTY,
    'value !== undefined → true': 'by which reader it is read',
  }),
  ...of('core/leases/calls.ts', {
    'recorded?.status': 'one that is told is answered',
    "without .orderBy('calls.ended_at')": BY_INDEX,
    "without .orderBy('currency')": BY_INDEX,
    "without .where('span'": 'days and hours tell of the same calls',
    'numberIds.length === 0': EMPTY,
  }),
  ...of('core/leases/calls-browse.ts', {
    '{return Object.entries(filter)': COUNTED_UP,
    '([name, value])=>': COUNTED_UP,
    'value === undefined || COUNTED.includes(name as keyof CallFilter) → false': COUNTED_UP,
    'value === undefined || COUNTED.includes(name as keyof CallFilter) → value === undefined &&': COUNTED_UP,
    "order.by === 'time' && isCounted(filter) → false": COUNTED_UP,
    'from !== undefined && first !== undefined → true': 'what has no beginning has none that is begun',
    'from !== undefined → from ===': SAME,
    'first !== undefined && end !== undefined → first': 'what is open at an end is not empty',
    'first !== undefined → true': 'what is open at an end is not empty',
    'level + 1 → level - 1': COUNTED_UP,
    'row?.started_at': 'what is counted has a last one',
    "without .orderBy('before', 'desc')": FROM_WHERE,
    'span === undefined || offset < NEAR →': FROM_WHERE,
    'span === undefined → span !==': FROM_WHERE,
    'first >= end →': FROM_WHERE,
    '!found → true': FROM_WHERE,
    'skip < found.calls &&(await': FROM_WHERE,
    "order.by !== 'id' → true": SAME,
    'offset > total / 2 →': FROM_WHERE,
  }),
  ...of('core/leases/calls-record.ts', {
    'numberIds.length === 0': EMPTY,
    '[] → ["Stryker': 'no call has this key',
    'without .sort(([a], [b])=>(a < b': LOCKS,
    '([a], [b])=>(a < b': LOCKS,
    'a < b → a >= b': LOCKS,
  }),
  ...of('core/leases/calls-each.ts', {
    'from !== undefined → true': NOTHING,
    '!last || calls.length < STEP → !last && ': 'one more step, which finds nothing',
    'calls.length < STEP → false': 'one more step, which finds nothing',
  }),
  ...of('core/numbers/shelf.ts', {
    '{region,': 'wider bounds hold the same numbers',
    'country !== undefined': 'wider bounds hold the same numbers',
    '{country}': 'wider bounds hold the same numbers',
    "inside.digits === ''": 'no digits are in every number, whichever way they are looked for',
  }),
  ...of('core/numbers/total.ts', {
    'isBlock ||': 'the larger table of counters tells the same',
    'filter[member] !== undefined': 'the larger table of counters tells the same',
    '[] → ["Stryker': 'SQLite takes a text for zero; PostgreSQL refuses it',
    "pattern.digits === ''": 'what is not read from counters is counted, with the same result',
  }),
  ...of('core/orders/purse.ts', { 'prices.set(key, known)': SAME }),
  ...of('core/numbers/hold.ts', {
    "without .where('holds.account_id'": 'the data names an order, which is of one account and keeps these numbers',
    "without .where('numbers.e164'": 'the data names an order, which is of one account and keeps these numbers',
  }),
  ...of('core/orders/carts.ts', {
    'numberIds.length === 0': EMPTY,
    'last !== null → true': NOTHING,
    "without .where('e164', 'in', gone)": 'only those that are gone are told of',
  }),
  ...of('core/orders/orders.ts', { 'await lockPlacing(unit)': LOCKS }),
  ...of('core/orders/arrivals.ts', {
    "{if(unit.engine.name === 'postgres')": LOCKS,
    'without .limit(1)': SPARES,
    'found !== undefined → true': SPARES,
    'stockIds.length === 0 → false': SPARES,
    '!(await anybodyWaits(unit)) → false': SPARES,
    "without .where('city'": SPARES,
    "without .where('area_code'": SPARES,
    "without .where('country'": SPARES,
    'without .filter(({filter})': SPARES,
    'payerIds.length === 0': EMPTY,
    "without .where('payer_id', 'in', payerIds)": TRIED_IN_VAIN,
    "without .where('lacks', '=', 'payer')": TRIED_IN_VAIN,
    'await payers.mayPay(payer_id': ASKED_AGAIN,
    "without .where('filter', 'in', filters)": TRIED_IN_VAIN,
    '{const cheapest': TRIED_IN_VAIN,
    'cheapest !== undefined &&(await isPayable({...asked, payer_id, quantity}, cheapest, known)) → true': TRIED_IN_VAIN,
    'cheapest !== undefined → true': 'prices are missing only where the numbers are too few',
    'found.set(payer_id,(found.get(payer_id)?? false)|| mayPay) → {}': TRIED_IN_VAIN,
    '(found.get(payer_id)?? false)|| mayPay → true': TRIED_IN_VAIN,
    'false → true': TRIED_IN_VAIN,
    '[...found] → []': TRIED_IN_VAIN,
    '([, mayPay])': TRIED_IN_VAIN,
    '([id])': TRIED_IN_VAIN,
    'filters.length === 0 → false': SPARES,
    'open().length > 0': TRIED_IN_VAIN,
    'stockIds.size === 0 → false': TRIED_IN_VAIN,
    "query = query.where('lacks'": TRIED_IN_VAIN,
    "without .where('payer_id', 'in', [...payerIds])": TRIED_IN_VAIN,
    'short.length > 0 → false': TRIED_IN_VAIN,
    'short.length > 0 → short.length <= 0': TRIED_IN_VAIN,
    'short.length > 0 → true': EMPTY,
    'short.length > 0 → short.length >= 0': EMPTY,
    'query = query.where(e =>': TRIED_IN_VAIN,
    'without .where(e =>': TRIED_IN_VAIN,
    'without .limit(CHUNK)': SAME,
    'await payers.isStopped': ASKED_AGAIN,
    '!(await isPayable(waiting': ASKED_AGAIN,
    '!order → false': 'what is over waits no more: only a cancelling in the same moment comes between',
    "result === 'short_of_numbers'": SPARES,
    'offers.fewerThan(waiting)': SPARES,
    "typeof result === 'object' → true": 'of what was filled nothing waits that it could be noted of',
    '[] → ["Stryker': 'what is no order lacks nothing',
    "result === 'filled'": ASKED_AGAIN,
    '{known.payers.forget()': ASKED_AGAIN,
    'known.payers.forget()': ASKED_AGAIN,
    'known.offers.sold()': ASKED_AGAIN,
    "result === 'short_of_funds' || result === 'inactive' → true": TRIED_IN_VAIN,
    'wanted.length === 0 → false': SPARES,
  }),
  ...of('core/orders/wanted.ts', {
    'a < b → a <= b': 'no two members have one name',
    'a < b → a >= b': 'any order will do that is always the same',
    '[] → ["Stryker': 'no product and no capability is called so',
    'at < stockIds.length → at <=': EMPTY,
    "without .where('stock.id'": TRIED_IN_VAIN,
    'without .slice(at, at + AT_ONCE)': SAME,
  }),
  ...of('core/orders/parts.ts', {
    '[] → ["Stryker': 'what is no number is not on the shelf',
    'false → true': 'only PostgreSQL waits for what another unit has locked',
    'missing <= 0 → false': 'asks for none of what the account holds',
    'missing <= 0 → missing < 0': 'asks for none of what the account holds',
    'found.length === 0 → false': 'of nothing there is nothing to pay and nothing to take',
    'await lockPlacing(unit)': LOCKS,
    'failed.length > 0 →': NOTHING,
  }),
  ...of('core/orders/close.ts', { 'found?.ranges → found.ranges': 'an order that was locked is there' }),
  ...of('core/orders/given.ts', {
    "without .orderBy('id')": LOCKS,
    'row.lease_id === null → false': 'what has an owner has a lease',
    '[] → ["Stryker': 'what has an owner has a lease',
    "isFault(error, 'wrong_state')|| isFault(error, 'cool_off') → true":
      'nothing else is known to come of giving back or moving but what undoes the whole unit',
  }),
  ...of('core/orders/kept.ts', {
    'account?.identityVerified': 'an order has its account',
    'order.due_at === null → false': 'an order that keeps nothing has neither notes nor an end',
    'keptOf(order).length > 0': SPARES,
  }),
  ...of('core/orders/list.ts', {
    '[JSON.stringify([e164])': 'PostgreSQL alone',
    '[e164] → []': 'PostgreSQL alone',
    '[{e164}] → []': 'PostgreSQL alone',
    '{e164} →': 'PostgreSQL alone',
  }),
  ...of('core/orders/payers.ts', {
    'known → false': SAME,
    'purses.set(': SAME,
    '()=> purses.clear()': ASKED_AGAIN,
    '{if(!stopped.has(accountId))': ASKED_AGAIN,
    '!stopped.has(accountId)': ASKED_AGAIN,
    'stopped.set(': ASKED_AGAIN,
    'cheapest.size === 1 → false': ASKED_AGAIN,
    'cheapest.size === 1 → cheapest.size !==': ASKED_AGAIN,
    '[...cheapest].some(': 'of several currencies the numbers nearby are looked through as well',
    'price * needed': ASKED_AGAIN,
    'payable(await purseOf(payerId), quantity, found).length >= quantity → true': ASKED_AGAIN,
    "without .where('status', 'in', WAITING)":
      'what is over waits no more: only a cancelling in the same moment comes between',
    'order && order.reason !== NO_FUNDS': 'who is told of it lacked numbers before, and money for the first time',
    'order.reason !== NO_FUNDS': 'who is told of it lacked numbers before, and money for the first time',
    'at < ids.length': EMPTY,
    'quiet.length >': EMPTY,
    'without .slice(at, at + AT_ONCE)': SAME,
    'isShort.has(id)&& !told.has(id) → isShort.has(id)|| !told.has(id)': SAME,
    '!told.has(id) → true': SAME,
  }),
  ...of('core/store/statements.ts', {
    'Number(numAffectedRows)!== rows → true':
      'nothing is sold on SQLite any more; the tests that are asked here sell nothing',
    'rows.length > 1 →': 'one row is the same as JSON',
    'rows.length === 1 && only → false': SPARES,
    '{// nothing but its id is news': SPARES,
  }),
  ...of('core/store/postgres-watch.ts', {
    "client.on('error', ignore)": 'no test fails, but the run of them does: it is an error that nobody caught',
  }),
  ...of('src/logs/log.ts', {
    '/^': 'the JSON of an object begins and ends with a brace',
    "[0, '']": 'no line is of the first millisecond of 1970',
    'at !== latest → true': SAME,
  }),
  ...of('core/money/posting.ts', {
    'total < 0 → total <= 0': 'a movement of nothing passes as a debit and as a credit alike',
    '![total,': SECOND_NET,
    '[total,': SECOND_NET,
    '{throw total < 0': SECOND_NET,
    'total < 0 → true': 'the other case is checked before: no top-up is that large',
    'total > 0 → total >= 0': 'asks once more whether waiting orders can be paid, to no effect',
    'total > 0 → true': 'asks once more whether waiting orders can be paid, to no effect',
    'reserveIds(': IDS,
    '{transactions:': IDS,
    'amount === 0': ZERO,
  }),
  ...of('core/money/ledger.ts', {
    'text.toLowerCase()': "SQLite's LIKE goes without case",
    'filter.kinds?.length': 'SQLite takes an empty list; PostgreSQL does not',
    "without .orderBy('currency')": BY_INDEX,
    'matching(db, filter).select(': 'SQLite groups by sorting, in this order',
    "without .orderBy('id', 'desc')": BY_INDEX,
    "without .orderBy('created_at', 'desc')": 'times and ids rise together',
  }),
  ...of('core/upkeep/renewals.ts', {
    "without .where('id', '=', leased)": 'the ownership names one number: the id only finds it faster',
    "without .where('lease_id', '=', leaseId)": 'a number of another ownership by now is passed over below',
    "without .where('kind'": 'an ownership begins with one event, and only what was brought can owe from before it',
    "without .where('lease_id', '=', subscription.lease_id)":
      'no later ownership owes from before the number was brought',
    "without .where('number_id', '=', row.id)": 'an ownership is of one number',
    'leased →': 'what is billed is owned: billing ends with the ownership',
    'leased &&': 'what is billed is owned: billing ends with the ownership',
    'row?.lease_id': 'what is billed is owned: billing ends with the ownership',
    'false → true': 'what is billed is owned: billing ends with the ownership',
    'subscription.amount === 0': ZERO,
  }),
  ...of('core/people/accounts.ts', {
    'input.id === undefined → false': NOTHING,
    'input.id !== undefined': SEQUENCES,
    'await skipPastId(': SEQUENCES,
    'payer !== row.payer_id → true': SAME,
    'first !== undefined → true': NOTHING,
    'change.isActive → true': 'asks once more whether waiting orders can be paid, to no effect',
    "without .where('closed_at', 'is', null)": 'an ownership that is closed has ended by then',
    '{account: accountId,': EXPLAINED,
    '{why: reason}': EXPLAINED,
  }),
  ...of('core/people/admission.ts', {
    "{why: why('whoever asks": EXPLAINED,
    '{account: id}': EXPLAINED,
    '{user: ': EXPLAINED,
    '{credential: row.id}': EXPLAINED,
    'row.is_active !== 1 → false':
      'a second net: whoever looks for a credential finds those alone that were not revoked',
    '{throw closed(`credential': 'as above',
    'user?.is_enabled': 'the credentials of a user go with it',
  }),
  ...of('core/people/rotation.ts', {
    "without .orderBy('id')": IN_ORDER,
    'MOST_OVERLAP_MS / 1000': EXPLAINED,
    'MOST_OVERLAP_MS / DAY_MS': EXPLAINED,
  }),
  ...of('core/people/verifications.ts', { "without .orderBy('kind')": BY_INDEX }),
  ...of('core/people/callback-secrets.ts', { 'known !== undefined → false': SAME }),
  ...of('core/people/directory.ts', {
    'at >': 'nobody is called nothing, and a name without @ is a name to log in with',
    'input.id === undefined → false': NOTHING,
    'input.id !== undefined': SEQUENCES,
    'await skipPastId(': SEQUENCES,
    'username !== row.username → true': SAME,
    "without .orderBy('users.id')": IN_ORDER,
    "without .orderBy('id')": IN_ORDER,
  }),
  ...of('core/people/addresses.ts', {
    "without .where('id', '<>', but)": OTHER_NAME,
    'await holdAccount(': LOCKS,
    'await lockAccount(': LOCKS,
    'username !== row.username → true': OTHER_NAME,
    'name !== row.name → true': OTHER_NAME,
    'userId !== null && userId !== row.user_id → userId !== null ||': OWN_USER,
    'userId !== null → true': OWN_USER,
    'userId !== row.user_id → true': OWN_USER,
    "without .orderBy('id')": SAME,
    "without .orderBy('alias.id')": IN_ORDER,
  }),
  ...of('core/people/user-access.ts', {
    "without .where('ends_at', 'is not', null)": 'the one without an end is written right afterwards',
  }),
  ...of('core/people/user-changes.ts', {
    "without .where('id', '=', id)": LOCKS,
    '!known → false': 'looked for once more, behind the lock',
    'without .forUpdate()': LOCKS,
    "without .where('id', '=', known.account_id)": LOCKS,
    '!row → false': LOOKED_AT,
    "without .orderBy('id')": IN_ORDER,
    'without .limit(1)': SPARES,
  }),
  ...of('core/ground/idempotency.ts', {
    '!row → false': 'a record that could not be written exists: nothing removes one within a unit',
    "{what: 'resource'": 'as above',
  }),
  ...of('core/ground/access-cache.ts', {
    '-1 → +1': 'what is kept is empty at first',
    'rows[0]?.version': 'the table has its one row since the first migration',
  }),
  ...of('core/upkeep/jobs.ts', {
    'catchUp(unit, [row])': 'what has run out is dated by the row itself',
    '[row] →': 'what has run out is dated by the row itself',
    'fresh.length > 0': SAME,
    '!due.has(key) → false': 'only remembers longer what is due no more',
    'passed.delete(key)': 'only remembers longer what is due no more',
    '!first?.source.runTogether || second?.source': SAME,
    'first?.source → first.source': 'a batch has a first',
    'second?.source !== first.source': SAME,
    'end < 0': SAME,
    'first.source.runTogether?.': 'asked before',
    'n < items.length → n <= items.length': SAME,
  }),
  ...of('core/people/sessions.ts', {
    'name.toLowerCase()': 'a name that nobody has is one in either case',
  }),
  ...of('core/numbers/take.ts', {
    '{reserveIds(': IDS,
    '{orders,': IDS,
    'reserveFor(': IDS,
    'before.setup_price === 0': ZERO,
    'before.monthly_price === 0': ZERO,
    'charged.length > 0': 'nothing to charge is no line',
    'sold[index]?.deal → sold[index].deal': 'as many are owned as were sold',
  }),
  ...of('core/numbers/deal.ts', {
    'routes.length === 0': 'no routes are no rows',
    '[] → ["Stryker': 'what is no route of the ownership is not answered',
  }),
  ...of('core/numbers/taker.ts', {
    'row?.parent_id →': 'accounts are switched off or leave their tree, and none is removed',
  }),
  ...of('core/numbers/buy.ts', {
    '!isWide(filter)': 'the counters only tell sooner that there is no more',
    '!isCounted(filter)': 'the counters only tell sooner that there is no more',
    'rows[0]?.total': 'a sum is one row',
    'limit === 0': SAME,
    '[] → ["Stryker': 'what is no number is not on the shelf when it is looked at again',
    'except.length': EMPTY,
    "lock === 'skip'": LOCKS,
    'rows.every(isOnShelf) → false': SAME,
    "without .orderBy('e164')": BY_ID,
    "without .where('held_until', 'is', null)":
      'what was for sale a moment ago is held by nobody: who waits buys and does not hold',
    "without .where('held_until', '>', unit.now)": 'of a hold and of its number the same is asked',
    'line.quantity - first.length': LOCKS,
    'missing === 0': LOCKS,
    '!unit.engine.skipLocked': LOCKS,
    '[...taken,': LOCKS,
    'row => row.id →': LOCKS,
    '[...first,': LOCKS,
    'terms.currency === undefined → false': 'no currency is no filter either way',
    'reserveFor(': IDS,
    'missing > 0': SAME,
    'e164s.length === 1': SAME,
    "without .orderBy('id')": LOCKS,
    "without .where('e164', 'in', e164s)": SAME,
    "lock === ''": LOCKS,
    'without .forUpdate()': LOCKS,
    'without .filter(row => row.available_from': 'what is not on sale is not there when it is looked at again',
    'row.available_from': 'what is not on sale is not there when it is looked at again',
  }),
  ...of('core/numbers/release.ts', {
    "without .where('closed_at', 'is', null)": TWICE,
    "without .where('account_id'": TWICE,
    '!(locked && lease': TWICE,
    'locked && lease': TWICE,
    'lease.account_id !== caller.account.id': TWICE,
    'row.lease_id !== leaseId': TWICE,
    'row.owner_id !== caller.account.id': TWICE,
    'charge?.id →': 'a line that is posted is there',
    "mode.kind !== 'periodEnd' → true": 'a release at the end of the period has no fee that could be asked for',
    'lease.release_fee_id !== null → true': 'no charge is no charge either way',
  }),
  ...of('core/numbers/lifecycle.ts', {
    '[] → ["Stryker': 'no state has that name',
    'row.held_until !== null → true': SAME,
    'delta !== 0 → true': SAME,
    "unit.listening.has('number.released') → true": SAME,
    '{closed_at: at, next_due_at: null': 'of a billing that is closed nobody reads it',
    "without .where('closed_at', 'is', null)": 'an ownership has one billing',
    "current.state === 'available' → true": 'only what is on the shelf is held',
  }),
  ...of('core/numbers/configure.ts', {
    'change.userId === undefined → false': 'no user is nobody either way',
    'change.event → true': 'nobody listens to what has no name',
    'row.last_call_at === null → false':
      'no call is as one at the beginning of all times, but for what is told of a forced move',
    'until !== null → true': 'nothing is not later than now',
    "without .where('id', 'in'": 'of more accounts the same two are named',
    'unit.actor.accountId ?? 0': 'who moves a number is its owner, or no account',
  }),
  ...of('core/people/credentials.ts', {
    "input.kind === 'key' → false": 'two who make the same key at once: the name is checked before',
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
    'kept → true': 'an order that keeps no numbers has neither papers nor an end',
    'wanted.length < quantity → false': SPARES,
    'false → true': 'only PostgreSQL waits for what another unit has locked',
    'missing > 0 → missing >= 0': 'asks for none of what the account holds',
    'missing > 0 → true': 'asks for none of what the account holds',
    "without .orderBy('e164')": BY_INDEX,
    'without .where(onShelf(unit.now))': LOOKED_AT,
    '[] → ["Stryker': 'what is no number is neither on the shelf nor can it be paid',
    'held.length < missing → false': TOO_FEW,
    'locked.length < quantity → false': TOO_FEW,
    'rows[0]?.stopped': 'a count is one row',
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
    'count === 0 → false': 'nothing counted is as good as none',
  }),
  ...of('src/callbacks/try.ts', {
    '1 + JITTER *(draw': 'sooner is as likely as later',
  }),
  ...of('core/numbers/known.ts', {
    'at < numbers.length → at <=': EMPTY,
    'without .slice(at, at + AT_ONCE)': SAME,
  }),
  ...of('core/numbers/filter.ts', {
    'fixed === pattern → false': SAME,
    'wanted !== 0 → true': SAME,
    'unwanted !== 0 → true': SAME,
    'without .filter(run => run.length': 'a shorter run has no three digits',
    'run.length >= TRIGRAM → true': 'a shorter run has no three digits',
    "digits === '' → false": 'no digits are in every number, whichever way they are looked for',
    '[] → ["Stryker': 'no capability, no paper and no beginning has this name',
  }),
  ...of('core/numbers/owned-list.ts', {
    'dialect === undefined → false': 'no surface has no settings either way',
    'a.id - b.id': IN_ORDER,
    '!number || !subscription': CLOSING,
    '[] → ["Stryker': CLOSING,
    'isWholeAccounts(asked.filter) → false': 'counting finds what the counters tell',
    'false → true': SAME,
    'orderBy !==': SAME,
    "{if(typeof from === 'object')return undefined": SAME,
    "typeof from === 'object' → true": SAME,
    'accountIds.length === 1 → false': SAME,
    'account === undefined': EMPTY,
    '{limit: 1, offset: 0}': 'one number has one ownership at most that has not ended',
  }),
  ...of('core/numbers/owned-filter.ts', {
    'values.length === 0': EMPTY,
    'conditions.length > 0': SAME,
  }),
  ...of('core/numbers/mine.ts', {
    '(number.heldUntil ?? 0)> now': 'from that instant on it is everybody’s, and so its own as well',
  }),
  ...of('core/numbers/place.ts', {
    'lease.account_id === accountId → false': 'what it holds is told by the history too',
    'without .limit(1)': SPARES,
    "without .where('number_id', '=', lease.number_id)": 'an ownership is of one number: its id only finds it faster',
  }),
  ...of('core/numbers/operator.ts', {
    "row.state !== 'blocked' → false": 'a number that is not stopped has no former state to go to',
    '{prior_state: null}': 'the next stop writes it anew',
    "row.state === 'blocked' → true": 'what is in service is not retired: the unit is undone, whatever it did',
    "row.state === 'retired' → false": 'a number that is retired never changes: the life cycle itself refuses it',
    "without .where('closed_at', 'is', null)": ONE_BILLING,
  }),
  ...of('core/numbers/hand-over.ts', {
    '{why: whyState(row, rule)}': EXPLAINED,
    "without .where('closed_at', 'is', null)": ONE_BILLING,
    'owner?.payerId → owner.payerId': 'that somebody owns it is asked before',
    'row.lease_id === null': OWNED,
    'row.owner_id === null': OWNED,
  }),
  ...of('core/money/charge.ts', {
    'total < 0 &&[total,...lines.map(amountOf)].every(isMicros)→ true': EITHER_WAY,
    'total < 0 && [total,': EITHER_WAY,
    'total < 0 → total <= 0': EITHER_WAY,
    '[total,': 'no balance covers so much: the unit is run again, and waits to hear it',
    'reserveIds(': IDS,
    '{transactions:': IDS,
    'lines[n]?.at → lines[n].at': 'as many lines as rows',
    'lines[n]?.at ?? null': 'a purchase is of now: what has a time of its own is posted, and waits',
  }),
  ...of('core/numbers/buy-together.ts', {
    '{return false}': NOTHING,
    'setup_price + monthly_price': ALONE,
    '!has || !covers(has, price)': ALONE,
    '(sum,{e164s})': IDS,
    'reserveFor(': IDS,
  }),
  ...of('core/store/counters-in-place.ts', {
    '/^(npa|area_code|region)$/ →': 'no other column begins or ends so',
  }),
  ...of('core/store/group-commit.ts', {
    'Math.min(pause * 2, 20)': HOW_OFTEN,
    'pause * 2': HOW_OFTEN,
    'performance.now()> giveUpAt → performance.now()>=': ONE_INSTANT,
    'performance.now()< until → performance.now()<=': ONE_INSTANT,
    'quiet < QUIET_TURNS → quiet <=': 'one turn more or less is no promise',
  }),
]
