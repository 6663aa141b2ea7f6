import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// Peer (a): the least that node:http can do, sending the same bytes with the same headers for every request.
const [, , port = '0', file = '', type = 'application/json'] = process.argv
const bytes = readFileSync(file)

createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length })
    response.end(bytes)
  })
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
