/** Prism's validating proxy as its own command line starts it, in front of a listener of ours. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientFile } from './client-package.ts'

/** Undefined: it is not installed. */
export const PRISM = clientFile('@stoplight/prism-cli', 'dist/index.js')
const START_MS = 60_000

export interface Violation {
  location: string[]
  severity: string
  message: string
}

export interface Proxied {
  status: number
  /** It came to our gateway; Prism answers some requests by itself. */
  isOurs: boolean
  request: Violation[]
  response: Violation[]
  text: string
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Without `--errors` it passes everything on and tells in a header what was wrong, in requests and answers apart. */
export async function startPrism(document: object, upstream: string) {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-prism-'))
  const file = join(folder, 'openapi.json')
  writeFileSync(file, JSON.stringify(document))
  const port = await freePort()
  const child = spawn(process.execPath, [
    PRISM as string,
    'proxy',
    file,
    upstream,
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
  ])
  const close = async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
    rmSync(folder, { recursive: true })
  }
  try {
    await listening(child)
  } catch (error) {
    await close()
    throw error
  }
  const origin = `http://127.0.0.1:${port}`
  return { send: (request: Request) => send(origin, request), close }
}

function listening(child: ReturnType<typeof spawn>): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Prism did not start: ${said}`)), START_MS)
    const end = (done: () => void) => {
      clearTimeout(late)
      done()
    }
    const hear = (bytes: Buffer) => {
      said += bytes
      if (said.includes('Prism is listening')) end(resolve)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', code => end(() => reject(new Error(`Prism ended with ${code}: ${said}`))))
  })
}

/** It writes JSON bodies anew but keeps their length, so they go out as it would write them. */
function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body))
  } catch {
    return body
  }
}

async function send(origin: string, request: Request): Promise<Proxied> {
  const { pathname, search } = new URL(request.url)
  const body = compact(await request.text())
  const init = { method: request.method, headers: request.headers, ...(body !== '' && { body }) }
  const response = await fetch(`${origin}${pathname}${search}`, init)
  const violations = violationsOf(response.headers.get('sl-violations'))
  const isOf = (where: string) => violations.filter(({ location }) => location[0] === where)
  return {
    status: response.status,
    isOurs: response.headers.has('x-request-id'),
    request: isOf('request'),
    response: isOf('response'),
    text: await response.text(),
  }
}

/** A list too long for a header is cut by Prism: then it is told as it came, as a violation of both. */
function violationsOf(header: string | null): Violation[] {
  if (header === null) return []
  if (header.startsWith('[')) return JSON.parse(header) as Violation[]
  return ['request', 'response'].map(where => ({ location: [where], severity: 'Error', message: header }))
}
