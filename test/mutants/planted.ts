/**
 * Faults that were once planted by hand and went unseen. Each is planted again by `npm run mutants -- --planted`, and
 * must be seen by a test that states a guarantee: the simulation is not asked.
 */
export interface Planted {
  fault: string
  source: string
  /** Stands once in the source, and is replaced. */
  was: string
  is: string
  tests: readonly string[]
}

const MONEY = 'test/laws/guarantees-money.test.ts'
const NUMBERS = 'test/laws/guarantees-numbers.test.ts'
const DIALECTS = 'test/laws/guarantees-dialects.test.ts'
const TOGETHER = 'test/core/buy-together.test.ts'
const MAY_ACT = 'test/laws/may-act.test.ts'
const SESSIONS = 'test/core/sessions.test.ts'

export const PLANTED: readonly Planted[] = [
  {
    fault: 'on PostgreSQL what the balance does not cover is bought all the same',
    source: 'core/money/charge.ts',
    was: 'SELECT 1 / count(*) FROM moved',
    is: 'SELECT count(*) FROM moved',
    tests: [TOGETHER],
  },
  {
    fault: 'the credit limit does not count when a balance is debited',
    source: 'core/money/posting.ts',
    was: ' >= -credit_limit RETURNING',
    is: ' >= 0 RETURNING',
    tests: [MONEY, DIALECTS],
  },
  {
    fault: 'an account buys beyond its limit',
    source: 'core/money/posting.ts',
    was: ' >= -credit_limit RETURNING',
    is: ' >= -2 * credit_limit RETURNING',
    tests: [MONEY, DIALECTS],
  },
  {
    fault: 'a user of another account may be named as taker of numbers',
    source: 'core/numbers/taker.ts',
    was: 'if (!user || (user.account_id !== account.id && user.id !== account.defaultUserId))',
    is: 'if (!user)',
    tests: [NUMBERS, MAY_ACT],
  },
  {
    fault: '"any number" gives numbers that need documents to unverified accounts',
    source: 'core/numbers/buy.ts',
    was: "...(sells ? {} : { documents: 'none' as const })",
    is: '...(sells ? {} : {})',
    tests: [NUMBERS, DIALECTS],
  },
  {
    fault: 'on SQLite a row that somebody changed meanwhile is no conflict',
    source: 'core/store/statements.ts',
    was: 'Number(numAffectedRows) !== rows',
    is: 'Number(numAffectedRows) > rows',
    tests: [NUMBERS],
  },
  {
    fault: 'on PostgreSQL a row that somebody changed meanwhile is no conflict',
    source: 'core/store/statements.ts',
    was: '(count(*) = $',
    is: '(count(*) <= $',
    tests: [NUMBERS],
  },
  {
    fault: 'a number that moves keeps the settings of its former holder',
    source: 'core/numbers/lifecycle.ts',
    was: "of ['settings', 'routes', ",
    is: "of ['routes', ",
    tests: [NUMBERS],
  },
  {
    fault: 'a number that moves keeps the routes of its former holder',
    source: 'core/numbers/lifecycle.ts',
    was: "of ['settings', 'routes', ",
    is: "of ['settings', ",
    tests: [NUMBERS],
  },
  {
    fault: 'a number that moves keeps the label of its former holder',
    source: 'core/numbers/configure.ts',
    was: '    label: null,\n',
    is: '',
    tests: [NUMBERS],
  },
  {
    fault: 'a paid number stays marked unpaid since its first miss',
    source: 'core/upkeep/renewals.ts',
    was: ', unpaid_since: null }',
    is: ' }',
    tests: [MONEY],
  },
  {
    fault: 'what is remembered of a credential does not name its realm',
    source: 'core/people/credentials.ts',
    was: '{realm} $',
    is: '',
    tests: [MAY_ACT],
  },
  {
    fault: 'a session in use is never prolonged',
    source: 'core/people/sessions.ts',
    was: 'if (expiresAt - session.expires_at <= Math.min',
    is: 'if (expiresAt - session.expires_at >= Math.min',
    tests: [SESSIONS],
  },
  {
    fault: 'a session never ends',
    source: 'core/people/sessions.ts',
    was: "    .where('expires_at', '>', clock.now())\n",
    is: '',
    tests: [SESSIONS],
  },
  {
    fault: 'the kept result of an idempotency key is found whatever account it belongs to',
    source: 'core/ground/idempotency.ts',
    was: "    .where('account_id', '=', accountId)\n    .where('key', '=', key.key)\n    .executeTakeFirst()",
    is: "    .where('key', '=', key.key)\n    .executeTakeFirst()",
    tests: [NUMBERS, MAY_ACT],
  },
  {
    fault: 'of a name with several addresses only the first is checked',
    source: 'src/callbacks/lookup.ts',
    was: 'for (const { address } of addresses) {',
    is: 'for (const { address } of addresses.slice(0, 1)) {',
    tests: ['test/host/sender.test.ts'],
  },
  {
    fault: 'a stopped account is let in with its Wavix key',
    source: 'core/people/admission.ts',
    was: 'const account = await openAccount(db, row.account_id)',
    is: "const account = row.realm === 'wavix' ? await openAccount(db, row.account_id).catch(async () => toAccount(await db.selectFrom('accounts').selectAll().where('id', '=', row.account_id).executeTakeFirstOrThrow())) : await openAccount(db, row.account_id)",
    tests: [MAY_ACT],
  },
  {
    fault: 'a stopped account is let in, whatever it asks with',
    source: 'core/people/admission.ts',
    was: 'if (!row || !(await isOpen(db, toAccount(row)))) {',
    is: 'if (!row) {',
    tests: [MAY_ACT],
  },
]
