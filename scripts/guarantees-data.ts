/**
 * The page of guarantees is made of the titles of tests that promise something to whoever uses this software: those of
 * the files listed here. A new file of guarantees is one line; a title is written for strangers.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './coverage-data.ts'

interface Source {
  /** What its titles are about. */
  subject: string
  file: string
}

export const NOUNS: Readonly<Record<string, readonly Source[]>> = {
  Numbers: [
    { subject: 'Owned numbers', file: 'test/laws/guarantees-numbers.test.ts' },
    { subject: 'What is configured for a number', file: 'test/laws/guarantees-configured.test.ts' },
    { subject: 'Numbers that leave', file: 'test/laws/guarantees-leaving.test.ts' },
    { subject: 'What is told of numbers', file: 'test/laws/guarantees-told.test.ts' },
    { subject: 'Held numbers', file: 'test/core/holds.test.ts' },
    { subject: 'Orders that are filled', file: 'test/core/orders-filled.test.ts' },
    { subject: 'Orders that wait', file: 'test/core/waiting-orders.test.ts' },
    { subject: 'Buyers at the same time', file: 'test/laws/race.test.ts' },
  ],
  Money: [
    { subject: 'Balances, limits and charges', file: 'test/laws/guarantees-money.test.ts' },
    { subject: 'Due dates', file: 'test/core/due-dates.test.ts' },
  ],
  People: [
    { subject: 'Who may act', file: 'test/laws/may-act.test.ts' },
    { subject: 'Credentials', file: 'test/core/credentials.test.ts' },
    { subject: 'Sessions and log-ins', file: 'test/core/sessions.test.ts' },
    { subject: 'Sessions that are open', file: 'test/core/sessions-open.test.ts' },
    { subject: 'The same request twice', file: 'test/core/idempotency.test.ts' },
    { subject: 'Who is let in', file: 'test/laws/let-in.test.ts' },
    { subject: 'Secrets in logs', file: 'test/host/redaction.test.ts' },
    { subject: 'Secrets in kept exchanges', file: 'test/host/kept-exchanges.test.ts' },
  ],
  Callbacks: [
    { subject: 'An event that is told to a receiver', file: 'test/host/sender.test.ts' },
    { subject: 'One attempt', file: 'test/host/exchange.test.ts' },
    { subject: 'Words, repetitions and logs', file: 'test/host/attempts.test.ts' },
    { subject: "Receivers' names", file: 'test/host/names.test.ts' },
    { subject: 'Rounds', file: 'test/host/rounds.test.ts' },
    { subject: 'Receivers among each other', file: 'test/laws/callbacks-fair.test.ts' },
    { subject: 'Turns', file: 'test/host/slots.test.ts' },
    { subject: 'What is kept of callbacks', file: 'test/core/outbox.test.ts' },
    { subject: 'What is kept of events', file: 'test/core/events.test.ts' },
  ],
  Imports: [{ subject: 'An import', file: 'test/core/imports.test.ts' }],
  Input: [
    { subject: 'What clients send', file: 'test/kit/readers.test.ts' },
    { subject: 'Bodies', file: 'test/kit/bodies.test.ts' },
    { subject: 'Queries and forms', file: 'test/kit/texts.test.ts' },
    { subject: 'Forms in parts', file: 'test/kit/multipart.test.ts' },
    { subject: 'What cannot be right', file: 'test/laws/hostile.test.ts' },
  ],
  'Dialect law': [
    { subject: 'In every dialect: who is let in', file: 'verify/cases/access.case.ts' },
    { subject: 'In every dialect: money', file: 'verify/cases/money.case.ts' },
    { subject: 'In every dialect: ownership', file: 'verify/cases/ownership.case.ts' },
    { subject: 'Across dialects', file: 'test/laws/law.test.ts' },
    { subject: 'Money across dialects', file: 'test/laws/guarantees-dialects.test.ts' },
  ],
  'Processes and crashes': [
    { subject: 'The database', file: 'test/core/store.test.ts' },
    { subject: 'Changes at the same time', file: 'test/core/group-commit.test.ts' },
    { subject: 'Due work', file: 'test/core/due-work.test.ts' },
    { subject: 'Due work that is done together, and clocks that are set', file: 'test/core/due-work-together.test.ts' },
    { subject: 'Several processes', file: 'test/core/jobs-processes.test.ts' },
    { subject: 'A crash', file: 'test/laws/crash.test.ts' },
    { subject: 'A simulated life of years', file: 'test/laws/simulation.test.ts' },
  ],
}

const CALL = /(?<![\w.'`])(it|test|describe)((?:\.\w+)*)\(/g
const CASE = /^\s{4}name: (.*),$/gm

/** Names of rows, in which faults were once told, say nothing to a stranger. */
const ROW = /^(?:[A-E](?:\d+| S\d+)?(?:, | and )?)+: /

/** Where the bracket that opens at `from` is closed; strings are passed over. */
function closing(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const sign = text[i] as string
    if (`'"\``.includes(sign)) i = endOfString(text, i)
    else if ('([{'.includes(sign)) depth++
    else if (')]}'.includes(sign) && --depth === 0) return i
  }
  return text.length
}

function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === text[from]) return i
  }
  return text.length
}

/** The string literal that begins here, after space; undefined: something else does. */
function literal(text: string, from: number): string | undefined {
  const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0)
  if (!`'"\``.includes(text[at] ?? ' ')) return undefined
  return text.slice(at + 1, endOfString(text, at)).replace(/\\(.)/g, '$1')
}

interface Call {
  word: string
  title: string | undefined
  index: number
  indent: string
}

function callsOf(text: string): Call[] {
  return [...text.matchAll(CALL)].map(({ 0: call, 1: word = '', 2: chain = '', index }) => {
    const open = index + call.length - 1
    // `it.each(rows)('title'`: the title is the first of the second list
    const last = /\.(each|skipIf|runIf)$/.test(chain) ? closing(text, open) + 1 : open
    const indent = /[ ]*$/.exec(text.slice(0, index))?.[0] ?? ''
    return { word, title: text[last] === '(' ? literal(text, last + 1) : undefined, index, indent }
  })
}

/** The group that a test stands in, by the form that all files have; undefined: its title differs from case to case. */
function groupOf(text: string, calls: readonly Call[], { index, indent }: Call): string | undefined {
  const isAround = (call: Call) =>
    call.word === 'describe' &&
    call.index < index &&
    call.indent.length < indent.length &&
    !text.slice(call.index, index).includes(`\n${call.indent}})`)
  const title = calls.findLast(isAround)?.title
  return title === undefined || /[%$]/.test(title) || !/ \S+ /.test(title) ? undefined : title
}

export function titlesOf(text: string): string[] {
  const cases = [...text.matchAll(CASE)].map(([, name = '']) => literal(name, 0))
  const calls = callsOf(text)
  const tests = calls.flatMap(call => {
    if (call.word === 'describe' || call.title === undefined) return []
    const group = groupOf(text, calls, call)
    return group === undefined ? call.title : `${group}: ${call.title.replace(ROW, '')}`
  })
  return [...cases.filter(title => title !== undefined), ...tests]
}

/** A title as it stands on the page; undefined: it is made of its rows alone. */
export function sentence(title: string): string | undefined {
  const plain = title
    .replace(ROW, '')
    .replace(/\$\{[^}]*\}|%[sdij]|\$\w+/g, '…')
    .trim()
  return /[a-z]{2,} \S+ \S+/.test(plain) ? plain : undefined
}

function section([noun, sources]: readonly [string, readonly Source[]]): string {
  const parts = sources.map(({ subject, file }) => {
    const titles = titlesOf(readFileSync(join(ROOT, file), 'utf8')).map(sentence)
    const lines = [...new Set(titles)].filter(title => title !== undefined).map(title => `- ${title}`)
    if (lines.length === 0) throw new Error(`${file} promises nothing`)
    return `### ${subject}\n\n${lines.join('\n')}\n\n([${file}](../${file}))\n`
  })
  return `## ${noun}\n\n${parts.join('\n')}`
}

const HEAD = `# What didgate guarantees

Made by \`npm run docs\` from the titles of the tests that protect it; a test fails when it is stale. Each line is the title
of a test that fails when the promise is broken, on SQLite and on PostgreSQL where the database matters; \`…\` stands for
each of the cases that the test goes through.
`

export const guaranteesPage = (): string => `${HEAD}\n${Object.entries(NOUNS).map(section).join('\n')}`
