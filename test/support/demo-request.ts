import { dialectModules } from '../../src/dialects.ts'

/** The request that the start of a demo world tells one to try, made of its own line for a shell. */
export function demoRequest(dialect: string, base: string): { url: string; init: RequestInit } {
  const line = dialectModules.find(({ name }) => name === dialect)?.demo.curl(base)
  if (!line) throw new Error(`nothing is told to try with ${dialect}`)
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1)
  const headers = new Headers()
  let url = ''
  for (let n = 0; n < words.length; n++) {
    const word = words[n] as string
    if (word === '-u') headers.set('authorization', `Basic ${Buffer.from(words[++n] as string).toString('base64')}`)
    else if (word === '-H') headers.set(...((words[++n] ?? '').split(/:\s*/, 2) as [string, string]))
    else url = word
  }
  return { url, init: { headers } }
}
