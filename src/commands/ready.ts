import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { adminOrigin, askReady } from '../process/ask-ready.ts'
import { checkedConfig, EXIT, exit, type Shell } from './shell.ts'

interface ReadyFlags {
  wait: number
}

const ASK_MS = 5_000
const AGAIN_MS = 250

/** `--wait n`: seconds. */
function secondsOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number of seconds, 0 to 9999')
}

/** For supervisors: exit status 0 when the gateway with these settings serves, else 1 and why not. */
async function ready(shell: Shell, { wait }: ReadyFlags): Promise<void> {
  const origin = adminOrigin(checkedConfig(shell, { dialects: undefined, serving: false }).admin)
  const giveUpAt = performance.now() + wait * 1000
  for (;;) {
    const why = await whyNotReady(origin)
    if (why === undefined) return shell.out('ready\n')
    if (performance.now() + AGAIN_MS > giveUpAt) {
      shell.err(`didgate: not ready: ${why}\n`)
      throw exit(EXIT.failed)
    }
    await sleep(AGAIN_MS)
  }
}

async function whyNotReady(origin: string): Promise<string | undefined> {
  const found = await askReady(origin, ASK_MS)
  if (found.is === 'ready') return undefined
  if (found.is === 'not ready') return found.reason
  return `${origin} (ADMIN_HOST, ADMIN_PORT): ${found.is === 'foreign' ? 'another program answers' : found.error.message}`
}

/** Asked every few seconds wherever a gateway is supervised: nothing is loaded for it but what reads the settings. */
export function addReady(program: Command, shell: Shell): void {
  program
    .command('ready')
    .description('ask the gateway that runs with these settings whether it serves: exit status 0, or 1 with the reason')
    .option('--wait <seconds>', 'ask again for so long', secondsOf, 0)
    .action((flags: ReadyFlags) => ready(shell, flags))
}
