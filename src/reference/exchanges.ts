import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../config/package-files.ts'

/** A request and its answer as they were kept; `{{…}}` stands for what differs from run to run. */
export interface Kept {
  /** What it is about, in a word or two. */
  name: string
  method: string
  path: string
  query: URLSearchParams
  body: string
  status: number
  answer: string
}

const ANSWER = /\n\n(?=HTTP\/1\.1 )/

/** The build keeps them in one file for each dialect; the sources as they were written down. */
const BUILT = new URL('../../assets/exchanges/', import.meta.url)

async function textsOf(dialect: string): Promise<Record<string, string>> {
  const built = await readFile(new URL(`${dialect}.json`, BUILT), 'utf8').catch(() => undefined)
  if (built !== undefined) return JSON.parse(built) as Record<string, string>
  const folder = join(packageRoot(), 'fixtures', dialect)
  const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.http')).sort()
  const read = async (name: string) => [name, await readFile(join(folder, name), 'utf8')] as const
  return Object.fromEntries(await Promise.all(names.map(read)))
}

/** What is kept of a dialect, by name; nothing where there is none. */
export async function keptExchanges(dialect: string): Promise<Kept[]> {
  return Object.entries(await textsOf(dialect)).flatMap(([file, text]) => keptOf(file.replace(/\.http$/, ''), text))
}

function keptOf(name: string, text: string): Kept[] {
  const [request = '', answer = ''] = text.trimEnd().split(ANSWER)
  const [head = '', ...body] = request.split('\n\n')
  const [, method = '', target = ''] = /^([A-Z]+) (\/\S*)/m.exec(head) ?? []
  const [path = '', query = ''] = target.split('?')
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? []
  if (method === '' || status === undefined) return []
  const [, ...answered] = answer.split('\n\n')
  return [
    {
      ...{ name, method, path, query: new URLSearchParams(query), status: Number(status) },
      ...{ body: body.join('\n\n').trim(), answer: answered.join('\n\n').trim() },
    },
  ]
}

/** The part of a media type that an example is of. */
export function exampleOf(type: string, body: string): unknown {
  if (body === '') return undefined
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body))
  if (/[/+]xml$/.test(type)) return body.startsWith('<') ? body : undefined
  if (type !== 'application/json') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
