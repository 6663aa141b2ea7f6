#!/usr/bin/env node
import { type Command, CommanderError } from 'commander'
import { createBare } from './commands/bare.ts'
import { addReady } from './commands/ready.ts'
import { EXIT, explain, isExit, type Shell } from './commands/shell.ts'

// a reader of what we say may go away at any time
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const shell: Shell = {
  env: process.env,
  out: text => new Promise(resolve => process.stdout.write(text, () => resolve())),
  input: readInput,
  err: text => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  untilStopped,
}

const MOST_INPUT = 65_536

async function readInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk
    if (text.length > MOST_INPUT) throw new Error(`more than ${MOST_INPUT} characters on the standard input`)
  }
  return text
}

/** A second signal does not wait any more. */
function untilStopped(): Promise<void> {
  return new Promise(resolve => {
    let isAsked = false
    const stop = () => {
      if (isAsked) process.exit(EXIT.failed)
      isAsked = true
      resolve()
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
    // a terminal that closes may say so more than once
    process.on('SIGHUP', resolve)
  })
}

function exitCodeOf(error: unknown): number {
  if (isExit(error)) return error.exitCode
  // commander has said already what is wrong
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misconfigured
  shell.err(explain(error, process.env.LOG_LEVEL === 'debug'))
  return EXIT.failed
}

/** Supervisors ask every few seconds whether it is ready, which should cost them no second of a processor. */
async function programFor(command: string | undefined): Promise<Command> {
  if (command !== 'ready') return (await import('./commands/program.ts')).createProgram(shell)
  const program = createBare(shell)
  addReady(program, shell)
  return program
}

try {
  const program = await programFor(process.argv[2])
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
