import type { Core } from '../core/verbs.ts'
import type { Log } from './log.ts'

/** Whatever sends the outbox. */
export interface Ticking {
  tick(): Promise<unknown>
  /** When it is to be called again. */
  pauseMs?(): number
  /** Gives up what `tick` has begun and not waited for. */
  stop?(): Promise<void>
}

export interface RunnerOptions {
  core: Pick<Core, 'jobs' | 'imports'>
  sender: Ticking
  log: Log
  onRan?: (job: string, count: number) => void
  everyMs?: number
  /** Nothing else to do: the process may end all the same. */
  mayExit?: boolean
}

export interface Runner {
  start(): void
  /** Waits for what runs, and for no receiver of callbacks. Afterwards nothing runs until `start`. */
  stop(): Promise<void>
}

/** What falls due is run within a second. */
const EVERY_MS = 500

/** Jobs and deliveries go round independently: a slow receiver may not hold up a due job. */
export function createRunner(options: RunnerOptions): Runner {
  const { core, sender, log, everyMs = EVERY_MS, mayExit = false } = options
  const attempt = async (what: string, step: () => Promise<unknown>) => {
    try {
      await step()
    } catch (error) {
      // the next round tries again: one failing job may not end the service
      log.error({ err: error, step: what }, 'background step failed')
    }
  }
  const pause = () => sender.pauseMs?.() ?? everyMs
  const loops = [
    createLoop(
      () => attempt('jobs', () => runJobs(options)),
      () => everyMs,
      mayExit,
    ),
    createLoop(() => attempt('deliveries', () => sender.tick()), pause, mayExit),
  ]
  let resuming: Promise<void> = Promise.resolve()
  return {
    start() {
      resuming = attempt('imports', () => core.imports.resume())
      for (const loop of loops) loop.start()
    },
    async stop() {
      const sending = attempt('deliveries', async () => sender.stop?.())
      await Promise.all([resuming, sending, ...loops.map(loop => loop.stop())])
    },
  }
}

/** No round begins before the last one has ended. */
function createLoop(round: () => Promise<void>, pause: () => number, mayExit: boolean) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let isOn = false
  const schedule = (delay: number) => {
    timer = setTimeout(() => {
      running = round().then(() => {
        if (isOn) schedule(pause())
      })
    }, delay)
    if (mayExit) timer.unref()
  }
  return {
    start() {
      if (isOn) return
      isOn = true
      schedule(0)
    },
    async stop() {
      isOn = false
      clearTimeout(timer)
      await running
    },
  }
}

async function runJobs({ core, log, onRan }: RunnerOptions): Promise<void> {
  for (const { job, count } of await core.jobs.runDue()) {
    onRan?.(job, count)
    if (count > 0) log.info({ job, count }, 'job ran')
  }
}
