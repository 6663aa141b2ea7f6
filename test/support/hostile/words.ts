/** What is a refusal in a dialect's own words: by how it speaks, and where its provider departs from that. */
import { netsOf } from '../nets.ts'
import type { Said } from './bench.ts'
import type { Target } from './targets.ts'

const isClientError = (status: number) => status >= 400 && status < 500

function isActionRefusal({ status, text }: Said): boolean {
  const said = /"IsCompleted":"false"|<IsCompleted>false<\/IsCompleted>/.test(text) && /Errors/.test(text)
  return said && (status === 200 || isClientError(status))
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** A document that names an error; of who may not ask nothing is told but the status. */
function isXmlError({ status, text, type }: Said): boolean {
  if (text === '') return status === 401 || status === 403
  return /xml/.test(type) && text.trimStart().startsWith('<') && /<(?:\w*Error|Code|Description)\b/.test(text)
}

export function isRefusal(target: Target, said: Said): boolean {
  if (said.fault === 'internal' || said.cause !== undefined) return false
  if (target.wire === 'action') return isActionRefusal(said)
  const tabled = netsOf(target.dialect).refusals?.[target.on]?.includes(said.status) === true
  const isWorded = (isJsonObject(said.text) && /json/.test(said.type)) || isXmlError(said)
  return (isClientError(said.status) || tabled) && isWorded
}

/** Not a failure of ours: either done, or refused in the dialect's words. */
export function isDecent(target: Target, said: Said): boolean {
  return isRefusal(target, said) || (said.status < 400 && said.fault === undefined)
}
