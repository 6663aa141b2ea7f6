import { Presets, SingleBar } from 'cli-progress'
import type { Shell } from './shell.ts'

type Phase = 'staged' | 'published'

interface Progress {
  show(done: number, phase: Phase): void
  stop(): void
}

/** Where nobody watches a bar, a line in the log says now and then that it goes on. */
const LINE_EVERY_MS = 5_000

/** Reading is measured in bytes of the file, publishing in rows. */
export function createProgress(shell: Shell, size: number, bytesRead: () => number): Progress {
  return shell.isTerminal ? createBar(size, bytesRead) : createLines(shell, size, bytesRead)
}

function createLines(shell: Shell, size: number, bytesRead: () => number): Progress {
  let last = performance.now()
  let staged = 0
  return {
    show(done, phase) {
      if (phase === 'staged') staged = done
      if (performance.now() - last < LINE_EVERY_MS) return
      last = performance.now()
      const percent = Math.floor((bytesRead() / Math.max(size, 1)) * 100)
      shell.err(phase === 'staged' ? `read ${done} lines (${percent} %)\n` : `published ${done} of ${staged}\n`)
    },
    stop() {},
  }
}

function createBar(size: number, bytesRead: () => number): Progress {
  const bar = new SingleBar({ format: '{phase} {bar} {percentage}%', clearOnComplete: true }, Presets.shades_classic)
  bar.start(size, 0, { phase: 'reading   ' })
  let staged = 0
  return {
    show(done, phase) {
      if (phase === 'staged') {
        staged = done
        bar.update(bytesRead())
      } else {
        bar.setTotal(Math.max(staged, 1))
        bar.update(done, { phase: 'publishing' })
      }
    },
    stop: () => bar.stop(),
  }
}
