/** Receivers of callbacks, as many as names ask for: those whose name begins with `silent` accept and never answer. */
import { createServer } from 'node:http'

const [, , port = '0'] = process.argv

/** Since when the bodies that came in since the last question had been waiting, in milliseconds. */
let delays: number[] = []

createServer((request, response) => {
  if (request.url === '/delays') {
    response.end(JSON.stringify(delays))
    delays = []
    return
  }
  if (request.headers.host?.startsWith('silent')) return
  request.setEncoding('utf8')
  let body = ''
  request.on('data', chunk => {
    body += chunk
  })
  request.on('end', () => {
    if (body !== '') delays.push(Date.now() - Number(body))
    response.end('ok')
  })
}).listen(Number(port), '127.0.0.1')
