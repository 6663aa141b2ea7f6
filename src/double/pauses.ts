/** Everybody who is kept waiting on demand: all of them go on when the world ends or begins anew. */
export interface Pauses {
  pause(ms: number): Promise<void>
  /** Ends all of them at once. */
  release(): void
}

export function createPauses(): Pauses {
  const waiting = new Set<() => void>()
  return {
    pause: ms =>
      new Promise(resolve => {
        const end = () => {
          clearTimeout(timer)
          waiting.delete(end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        waiting.add(end)
      }),
    release() {
      for (const end of [...waiting]) end()
    },
  }
}
