import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// biome-ignore lint/suspicious/noExplicitAny: what comes in is read freely
type Body = any

/** A receiver on this machine that answers 503 so many times, then 200. */
export async function receiver(failures = 0) {
  const received: Body[] = []
  const accepted: Body[] = []
  let left = failures
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString())
      received.push(body)
      const fails = left-- > 0
      if (!fails) accepted.push(body)
      response.writeHead(fails ? 503 : 200).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`
  return { url, received, accepted, close: () => server.close() }
}
