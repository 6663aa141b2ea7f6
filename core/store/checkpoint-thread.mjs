// Copies committed pages from the write-ahead log into the database file, beside the thread that serves; see checkpoints.ts.
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const database = new Database(workerData, { timeout: 0, fileMustExist: true })
database.pragma('synchronous = FULL')
database.pragma('cache_size = -256') // it reads nothing but the log

parentPort?.on('message', word => {
  if (word === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  try {
    database.pragma('wal_checkpoint(PASSIVE)')
    parentPort?.postMessage({})
  } catch (error) {
    parentPort?.postMessage({ problem: error.message, code: error.code })
  }
})
