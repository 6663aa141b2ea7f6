// Answers questions that take long, beside the thread that serves; see aside.ts. What they sort may be large: in files.
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const database = new Database(workerData, { readonly: true, timeout: 0, fileMustExist: true })

parentPort?.on('message', question => {
  if (question === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  try {
    parentPort?.postMessage({ rows: database.prepare(question.sql).all(question.parameters) })
  } catch (error) {
    parentPort?.postMessage({ problem: error.message, code: error.code })
  }
})
