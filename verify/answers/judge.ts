/** What must hold of every answer, whoever asked: documented status, media type, schema or grammar. */
import { join } from 'node:path'
import type { GenericSchema } from 'valibot'
import type { AnswerGrammar, Answers, Dialect, Inbound } from '../../adapters/kit/dialect.ts'
import type { Exchange } from '../result.ts'
import type { Grammar } from './grammar.ts'
import { type Image, toXml, unwrapped } from './image.ts'
import { schemaFaults } from './schema.ts'

export type FindingKind = 'documented status' | 'media type' | 'schema' | 'grammar'

export interface Finding {
  kind: FindingKind
  message: string
}

export interface Verdict {
  /** As the dialect lists it; undefined: the request names none. */
  operation: string | undefined
  findings: Finding[]
}

export type Judge = (exchange: Exchange) => Promise<Verdict>

export interface JudgeOptions {
  dialect: Dialect
  grammar: AnswerGrammar | undefined
  /** Where the grammar's folder lies. */
  packageRoot: string
  /** Base URL of the dialect at the target. */
  base: string
}

export async function createJudge({ dialect, grammar, packageRoot, base }: JudgeOptions): Promise<Judge> {
  const judgeText = grammar && byGrammar(await open(grammar, packageRoot), grammar)
  const isOther = ({ mediaType, status }: Exchange) => status < 400 && dialect.otherTypes?.includes(mediaType) === true
  return async exchange => {
    const inbound = await readAsServer(dialect, base, exchange)
    const on = inbound.operation?.on
    const operation = typeof on === 'string' ? on : on?.[0]
    const schema = documented(dialect, inbound)?.[exchange.status]
    const findings = operation !== undefined && schema === undefined ? [undocumented(exchange)] : []
    if (judgeText && schema !== 'binary') findings.push(...judgeText(exchange))
    else if (schema !== undefined && !isOther(exchange)) findings.push(...bySchema(schema, exchange))
    return { operation, findings }
  }
}

/** The library is loaded when an answer is to be judged by it, and never by a server. */
async function open({ folder, root, namespace }: AnswerGrammar, packageRoot: string): Promise<Grammar> {
  const { openGrammar } = await import('./grammar.ts')
  return openGrammar({ name: folder, folder: join(packageRoot, folder), root, namespace })
}

/** The dialect's own wire tells which operation a request is for, and everything its answer may depend on. */
async function readAsServer(dialect: Dialect, base: string, exchange: Exchange): Promise<Inbound> {
  const { method, url, requestHeaders, requestBody } = exchange
  const body = method === 'GET' || method === 'HEAD' ? null : (requestBody ?? null)
  const request = new Request(url, { method, headers: [...requestHeaders], body })
  const mount = new URL(base).pathname.replace(/\/$/, '')
  const pathname = new URL(url).pathname.slice(mount.length) || '/'
  const arrival = { request, base, pathname, startedAt: 0, requestId: '' }
  return dialect.wire.read(arrival, dialect.wire.match(arrival))
}

function documented(dialect: Dialect, inbound: Inbound): Answers | undefined {
  const answers = inbound.operation?.answers
  if (!answers) return undefined
  return { ...dialect.anywhere, ...(typeof answers === 'function' ? answers(inbound) : answers) }
}

function undocumented({ status }: Exchange): Finding {
  return { kind: 'documented status', message: `status ${status} is not documented for this operation` }
}

function bySchema(schema: GenericSchema | string, { text, isBinary, mediaType }: Exchange): Finding[] {
  if (schema === 'binary') return []
  if (schema === 'empty') return text === '' ? [] : [{ kind: 'schema', message: 'a body where none belongs' }]
  if (typeof schema === 'string') return []
  const findings: Finding[] = /[/+]json$/.test(mediaType)
    ? []
    : [{ kind: 'media type', message: `the media type is "${mediaType}", not one of JSON` }]
  const value = isBinary ? undefined : parsed(text)
  if (value === undefined) return [...findings, { kind: 'schema', message: 'the answer is not JSON' }]
  return [...findings, ...schemaFaults(schema, value.json).map(message => ({ kind: 'schema' as const, message }))]
}

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const MEDIA_TYPES = { xml: 'text/xml', json: 'application/json', script: 'application/javascript' } as const

function byGrammar(
  grammar: Grammar,
  { namespace, mediaType: xmlType }: AnswerGrammar,
): (exchange: Exchange) => Finding[] {
  return ({ text, mediaType }) => {
    if (text === '') return []
    const json = unwrapped(text)
    const form = text.startsWith('<') ? 'xml' : json === text ? 'json' : 'script'
    const expected = form === 'xml' && xmlType !== undefined ? xmlType : MEDIA_TYPES[form]
    const findings: Finding[] =
      mediaType === expected
        ? []
        : [{ kind: 'media type', message: `the media type is "${mediaType}", not ${expected}` }]
    const faults = grammarFaults(grammar, form === 'xml' ? () => text : () => turned(json, namespace))
    return [...findings, ...faults.map(message => ({ kind: 'grammar' as const, message }))]
  }
}

function turned(json: string, namespace: string): string {
  return toXml(JSON.parse(json) as { [name: string]: Image }, namespace)
}

function grammarFaults(grammar: Grammar, xml: () => string): string[] {
  try {
    return grammar.check(xml())
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
