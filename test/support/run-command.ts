import { CommanderError } from 'commander'
import { createProgram } from '../../src/commands/program.ts'
import { explain, isExit, type Shell } from '../../src/commands/shell.ts'

export interface Said {
  code: number
  out: string
  err: string
}

/** A command in this process; what is thrown is told as the program tells it. */
export async function runCommand(env: Record<string, string>, ...args: string[]): Promise<Said> {
  const said: Said = { code: 0, out: '', err: '' }
  const shell: Shell = {
    env: { LOG_LEVEL: 'silent', ...env },
    out: text => {
      said.out += text
    },
    err: text => {
      said.err += text
    },
    input: async () => '',
    isTerminal: false,
    untilStopped: () => new Promise(() => {}),
  }
  try {
    await createProgram(shell).parseAsync(['node', 'didgate', ...args])
  } catch (error) {
    if (error instanceof CommanderError || isExit(error)) return { ...said, code: error.exitCode }
    return { ...said, code: 1, err: said.err + explain(error, false) }
  }
  return said
}
