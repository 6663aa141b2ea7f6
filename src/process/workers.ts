/** Several processes behind one port: the first keeps the admin plane, the others answer the data plane. */
import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DataAddresses } from '../http/listen.ts'
import type { Log } from '../logs/log.ts'
import type { MetricsJson } from './metrics.ts'

type FromWorker = { type: 'serving'; addresses: DataAddresses } | { type: 'metrics'; id: number; metrics: MetricsJson }
type ToWorker = { type: 'stop' } | { type: 'metrics'; id: number }

const METRICS_MS = 2_000
const RESTART_MS = 1_000
const GRACE_MS = 12_000

export interface Workers {
  /** Resolves when all of them serve. */
  start(): Promise<DataAddresses>
  /** What each has counted; those that do not answer in time are left out. */
  metrics(): Promise<MetricsJson[]>
  stop(): Promise<void>
}

const listening = (worker: Worker) =>
  new Promise<DataAddresses>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'serving') resolve(message.addresses)
    })
    worker.once('exit', code => reject(new Error(`a worker ended with status ${code} before it could serve`)))
  })

/** A connection that this process has accepted, as Node's cluster passes it on. */
interface Handle {
  close(): void
}

/** What Node's cluster sends along with one. `key`: the listening socket it came from. */
interface NewConnection {
  act?: string
  key?: string
}

/**
 * Node keeps its own end of a connection until the worker says that it has taken it over. Of a worker that is killed in
 * between nobody would close that end, and the client would wait for ever.
 */
function createHandOver() {
  const goesTo = new WeakMap<Handle, Worker>()
  return (worker: Worker): void => {
    // of each listening socket one is on its way to a worker at a time
    const underWay = new Map<string, Handle>()
    const { process: child } = worker
    const send = child.send.bind(child) as (...all: unknown[]) => boolean
    child.send = (message: NewConnection, handle?: unknown, ...rest: unknown[]) => {
      if (handle && message.act === 'newconn') {
        underWay.set(String(message.key), handle as Handle)
        goesTo.set(handle as Handle, worker)
      }
      return send(message, handle, ...rest)
    }
    worker.once('exit', () => {
      // one that it did not want may be another's by now
      for (const handle of underWay.values()) if (goesTo.get(handle) === worker) handle.close()
    })
  }
}

export function createWorkers(count: number, log: Log): Workers {
  const alive = new Set<Worker>()
  const serving = new WeakSet<Worker>()
  const handOver = createHandOver()
  let isStopping = false
  let asked = 0
  const fork = (): Promise<DataAddresses> => {
    const worker = cluster.fork()
    handOver(worker)
    alive.add(worker)
    worker.once('exit', code => {
      alive.delete(worker)
      if (isStopping) return
      log.error({ code, pid: worker.process.pid }, 'a worker ended; another one takes its place')
      void sleep(RESTART_MS).then(() =>
        isStopping ? undefined : fork().catch(err => log.error({ err }, 'no new worker')),
      )
    })
    return listening(worker).then(addresses => {
      serving.add(worker)
      return addresses
    })
  }
  const tell = (worker: Worker, message: ToWorker) => worker.isConnected() && worker.send(message)
  return {
    async start() {
      const [first] = await Promise.all(Array.from({ length: count }, fork))
      return first as DataAddresses
    },
    async metrics() {
      const id = ++asked
      const answers = [...alive].map(worker => {
        let read = (_: FromWorker) => {}
        const answer = new Promise<MetricsJson>(resolve => {
          read = message => message.type === 'metrics' && message.id === id && resolve(message.metrics)
        })
        worker.on('message', read)
        tell(worker, { type: 'metrics', id })
        const late = sleep(METRICS_MS, [] as MetricsJson, { ref: false })
        return Promise.race([answer, late]).finally(() => worker.off('message', read))
      })
      return Promise.all(answers)
    },
    async stop() {
      isStopping = true
      const ends = [...alive].map(worker => new Promise(resolve => worker.once('exit', resolve)))
      for (const worker of alive) {
        if (serving.has(worker)) tell(worker, { type: 'stop' })
        else worker.process.kill('SIGKILL') // it hears nothing yet, and nobody has been promised anything
      }
      await Promise.race([Promise.all(ends), sleep(GRACE_MS, undefined, { ref: false })])
      for (const worker of alive) worker.process.kill('SIGKILL')
    },
  }
}

/** The worker's end of it. Resolves when the first process asks it to stop, or is gone. */
export function reportToPrimary(addresses: DataAddresses, metrics: () => Promise<MetricsJson>): Promise<void> {
  const send = (message: FromWorker) => process.connected && process.send?.(message)
  return new Promise(resolve => {
    process.on('message', (message: ToWorker) => {
      if (message.type === 'stop') resolve()
      else void metrics().then(found => send({ type: 'metrics', id: message.id, metrics: found }))
    })
    process.once('disconnect', () => resolve())
    // a signal of the terminal reaches every process: the first one decides what it means
    process
      .on('SIGINT', () => {})
      .on('SIGTERM', () => {})
      .on('SIGHUP', () => {})
    send({ type: 'serving', addresses })
  })
}
