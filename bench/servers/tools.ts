/** Peer (c): the tools one would pick for a double, each serving the same answer statically. */
import { writeFileSync } from 'node:fs'
import { freePort, type Server, start } from '../processes.ts'

const BIN = 'bench/node_modules/.bin'

export interface Tool {
  name: string
  path: string
  start(folder: string, value: unknown): Promise<Server>
}

function write(file: string, value: unknown): string {
  writeFileSync(file, JSON.stringify(value))
  return file
}

const jsonServer: Tool = {
  name: 'json-server 0.17',
  path: '/numbers',
  async start(folder, value) {
    const port = await freePort()
    const file = write(`${folder}/json-server.json`, { numbers: value })
    const args = ['--quiet', '--host', '127.0.0.1', '--port', String(port), file]
    return start(`${BIN}/json-server`, args, port)
  },
}

const prism: Tool = {
  name: 'prism 5.14',
  path: '/numbers',
  async start(folder, value) {
    const port = await freePort()
    const content = { 'application/json': { schema: { type: 'object' }, example: value } }
    const file = write(`${folder}/prism.json`, {
      openapi: '3.1.0',
      info: { title: 'numbers', version: '1' },
      paths: { '/numbers': { get: { responses: { 200: { description: 'numbers', content } } } } },
    })
    return start(`${BIN}/prism`, ['mock', file, '-h', '127.0.0.1', '-p', String(port)], port, { LOG_LEVEL: 'error' })
  },
}

const ROUTE = '00000000-0000-4000-8000-000000000001'

function mockoonRoute(value: unknown) {
  return {
    uuid: ROUTE,
    type: 'http',
    documentation: '',
    method: 'get',
    endpoint: 'numbers',
    responseMode: null,
    streamingMode: null,
    streamingInterval: 0,
    responses: [
      {
        uuid: '00000000-0000-4000-8000-000000000002',
        body: JSON.stringify(value),
        latency: 0,
        statusCode: 200,
        label: '',
        headers: [{ key: 'Content-Type', value: 'application/json' }],
        bodyType: 'INLINE',
        filePath: '',
        databucketID: '',
        sendFileAsBody: false,
        rules: [],
        rulesOperator: 'OR',
        disableTemplating: true,
        fallbackTo404: false,
        default: true,
        crudKey: 'id',
        callbacks: [],
      },
    ],
  }
}

const mockoon: Tool = {
  name: 'mockoon-cli 9.9',
  path: '/numbers',
  async start(folder, value) {
    const port = await freePort()
    const file = write(`${folder}/mockoon.json`, {
      uuid: '00000000-0000-4000-8000-000000000000',
      lastMigration: 33,
      name: 'numbers',
      port,
      hostname: '127.0.0.1',
      endpointPrefix: '',
      latency: 0,
      folders: [],
      routes: [mockoonRoute(value)],
      rootChildren: [{ type: 'route', uuid: ROUTE }],
      proxyMode: false,
      proxyHost: '',
      proxyRemovePrefix: false,
      cors: false,
      headers: [],
      proxyReqHeaders: [],
      proxyResHeaders: [],
      data: [],
      callbacks: [],
    })
    const args = ['start', '--data', file, '--port', String(port), '--disable-log-to-file', '--repair']
    return start(`${BIN}/mockoon-cli`, args, port)
  },
}

export const TOOLS: readonly Tool[] = [mockoon, prism, jsonServer]
