import type { Core } from '../../core/verbs.ts'
import type { Log } from '../logs/log.ts'

/** Whatever sends the outbox. */
export interface Ticking {
  tick(): Promise<unknown>
  /** When it is to be called again. */
  pauseMs?(): number
  /** Gives up what `tick` has begun and not waited for. */
  stop?(): Promise<void>
}

export interface RunnerOptions {
  core: Pick<Core, 'jobs' | 'imports' | 'retention' | 'sealed'>
  sender: Ticking
  log: Log
  onRan?: (job: string, count: number) => void
  /** Rows by table: removed because they were over. */
  onRemoved?: ((rows: ReadonlyMap<string, number>) => void) | undefined
  /** Rows by table: what is left, about, when nothing more is over. */
  onRows?: ((rows: ReadonlyMap<string, number>) => void) | undefined
  everyMs?: number
  /** Nothing else to do: the process may end all the same. */
  mayExit?: boolean
  /** Nobody asks for anything: what falls due is looked for seldom, until `wake`. */
  isIdle?: (() => boolean) | undefined
}

export interface Runner {
  start(): void
  /** Somebody asks again: what fell due meanwhile is run at once. */
  wake(): void
  /** Waits for what runs, and for no receiver of callbacks. Afterwards nothing runs until `start`. */
  stop(): Promise<void>
}

/** What falls due is run within a second. */
const EVERY_MS = 500
/** Short units that remove what is over: so many a round at most, and the due jobs of the next one come before the others. */
const TIDY_UNITS = 64
/** Where nobody asks, nobody sees a job that is late but who is called back. */
const IDLE_MS = 10_000

/** Jobs and deliveries go round independently: a slow receiver may not hold up a due job. */
export function createRunner(options: RunnerOptions): Runner {
  const { core, sender, log, everyMs = EVERY_MS, mayExit = false, isIdle = () => false } = options
  const attempt = async (what: string, step: () => Promise<unknown>) => {
    try {
      await step()
    } catch (error) {
      // the next round tries again: one failing job may not end the service
      log.error({ err: error, step: what }, 'background step failed')
    }
  }
  const every = () => (isIdle() ? IDLE_MS : everyMs)
  const pause = () => {
    const own = sender.pauseMs?.() ?? everyMs
    return own < everyMs ? own : every()
  }
  const loops = [
    createLoop(
      async () => {
        await attempt('jobs', () => runJobs(options))
        await attempt('retention', () => tidy(options))
      },
      every,
      mayExit,
    ),
    createLoop(() => attempt('deliveries', () => sender.tick()), pause, mayExit),
  ]
  let resuming: Promise<unknown> = Promise.resolve()
  let ending = new AbortController()
  return {
    start() {
      ending = new AbortController()
      const { signal } = ending
      resuming = Promise.all([
        attempt('imports', () => core.imports.resume()),
        attempt('key', () => reseal(options, signal)),
      ])
      for (const loop of loops) loop.start()
    },
    wake() {
      for (const loop of loops) loop.wake()
    },
    async stop() {
      ending.abort()
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
  let isRound = false
  const schedule = (delay: number) => {
    timer = setTimeout(() => {
      isRound = true
      running = round().then(() => {
        isRound = false
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
    wake() {
      if (!isOn || isRound) return
      clearTimeout(timer)
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

async function tidy({ core, log, onRemoved, onRows }: RunnerOptions): Promise<void> {
  const { removed, isEnd } = await core.retention.tidy(TIDY_UNITS)
  if (removed.size > 0) {
    onRemoved?.(removed)
    log.info({ removed: Object.fromEntries(removed) }, 'removed what was over')
  }
  if (isEnd && onRows) onRows(await core.retention.rows())
}

/** Where the key was changed. The gateway serves meanwhile, since it opens with both. */
async function reseal({ core, log }: RunnerOptions, signal: AbortSignal): Promise<void> {
  const { resealed, unreadable, isOver } = await core.sealed.reseal({ signal })
  if (unreadable > 0) log.error({ resealed, unreadable }, 'some sealed values open with neither key: both stay needed')
  else if (isOver && resealed > 0) log.info({ resealed }, 'all is sealed with DIDGATE_KEY now: DIDGATE_KEY_OLD can go')
}
