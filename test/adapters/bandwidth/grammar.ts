/** Our grammar of the bandwidth answers. */
import { fileURLToPath } from 'node:url'
import { type Grammar, openGrammar } from '../../../verify/answers/grammar.ts'

let grammar: Grammar | undefined

export function bandwidthGrammar(): Grammar {
  grammar ??= openGrammar({
    name: 'the grammar of bandwidth',
    folder: fileURLToPath(new URL('../../../rng/bandwidth', import.meta.url)),
    root: 'bandwidth.rng',
    namespace: '',
  })
  return grammar
}

/** Throws unless our grammar of this dialect accepts the document. */
export function assertBandwidth(xml: string): void {
  const faults = bandwidthGrammar().check(xml)
  if (faults.length > 0) throw new Error(`the answer is rejected:\n  ${faults.join('\n  ')}\n${xml.slice(0, 4000)}`)
}
