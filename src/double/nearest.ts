/** For what matched no operation: those that come closest, and what differs. */
import type { Dialect } from '../../adapters/kit/dialect.ts'

export interface Nearest {
  operation: string
  differs: string[]
}

const MOST_TOLD = 3
const LONGEST = 200

/** Edits from one text to the other (Levenshtein), of texts cut short. */
export function distance(one: string, other: string): number {
  const [a, b] = [one.slice(0, LONGEST), other.slice(0, LONGEST)]
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i++) {
    const above = row
    row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (above[j - 1] as number) + Number(a[i - 1] !== b[j - 1])
      row.push(Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, swap))
    }
  }
  return row[b.length] as number
}

interface Judged extends Nearest {
  far: number
}

const partsOf = (path: string) =>
  path
    .split('/')
    .filter(part => part !== '')
    .slice(0, 20)

function comparePaths(method: string, path: string, on: string): Judged {
  const [ownMethod = '', pattern = ''] = on.split(' ', 2)
  const [sent, known] = [partsOf(path), partsOf(pattern)]
  const differs: string[] = []
  let far = 0
  if (ownMethod !== method) {
    differs.push(`method ${ownMethod}, not ${method}`)
    far += 1
  }
  for (let n = 0; n < Math.max(sent.length, known.length); n++) {
    const [is, should] = [sent[n], known[n]]
    if (is === undefined) differs.push(`/${should} is missing`)
    else if (should === undefined) differs.push(`/${is} is too much`)
    else if (should.startsWith(':') || is.toLowerCase() === should.toLowerCase()) continue
    else differs.push(`/${should}, not /${is}`)
    far += is === undefined || should === undefined ? 3 : 1 + distance(is, should) / should.length
  }
  return { operation: on, differs, far }
}

function compareActions(action: string, on: string): Judged {
  const far = distance(action.toLowerCase(), on.toLowerCase())
  return { operation: on, differs: [action === '' ? 'no Action was sent' : `Action=${on}, not ${action}`], far }
}

/** `action`: what an Action parameter named, where operations are actions. */
export function nearestTo({ operations }: Dialect, method: string, path: string, action: string): Nearest[] {
  const names = operations.flatMap(({ on }) => on)
  return names
    .map(on => (on.includes(' ') ? comparePaths(method, path, on) : compareActions(action, on)))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST_TOLD)
    .map(({ operation, differs }) => ({ operation, differs }))
}
