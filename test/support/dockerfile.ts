/** A Dockerfile as a test reads it: its stages, each a list of instructions. */
export interface Instruction {
  word: string
  rest: string
}

export interface Stage {
  from: string
  name: string | undefined
  steps: Instruction[]
}

export function stagesOf(text: string): Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
  const stages: Stage[] = []
  const args = new Map<string, string>()
  for (const line of lines.filter(each => each.trim() !== '')) {
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (word === '') throw new Error(`not an instruction: ${line}`)
    if (word === 'FROM') {
      const [image = '', , name] = rest.replace(/\$\{(\w+)\}/g, (_, arg: string) => args.get(arg) ?? '').split(/\s+/)
      stages.push({ from: image, name, steps: [] })
    } else if (stages.length === 0 && word === 'ARG') {
      const [arg = '', value = ''] = rest.split('=')
      args.set(arg, value)
    } else stages.at(-1)?.steps.push({ word, rest })
  }
  return stages
}

/** Sources and target of a COPY, and the stage they come from. */
export function copyOf({ rest }: Instruction): { from: string | undefined; sources: string[]; target: string } {
  const words = rest.split(/\s+/)
  const flags = words.filter(each => each.startsWith('--'))
  const paths = words.filter(each => !each.startsWith('--'))
  const from = flags.find(each => each.startsWith('--from='))?.slice('--from='.length)
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) as string }
}

/** Whether the builder is sent this path: the last pattern that fits decides. */
export function isSent(ignore: string, path: string): boolean {
  let isLeftOut = false
  for (const line of ignore.split('\n').filter(each => each !== '' && !each.startsWith('#'))) {
    const pattern = line.replace(/^!/, '')
    const fits = pattern === '*' || path === pattern || path.startsWith(`${pattern}/`)
    if (fits) isLeftOut = !line.startsWith('!')
  }
  return !isLeftOut
}
