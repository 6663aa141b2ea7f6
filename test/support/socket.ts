/** Listeners and what comes over a socket. */
import { connect } from 'node:net'
import { type Listener, type ListenOptions, listen } from '../../src/http/listen.ts'

/** On any free port; how it is closed is added to `closing`. */
export async function openListener(
  closing: (() => Promise<unknown>)[],
  fetch: ListenOptions['fetch'],
  more: Partial<ListenOptions> = {},
): Promise<Listener> {
  const listener = await listen({ name: 'PORT', host: '127.0.0.1', port: 0, fetch, ...more })
  closing.push(() => listener.close(100))
  return listener
}

/** Bytes to a socket, and what comes back until it closes. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', data => {
      answer += data
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}
