/** A name server on this machine, for questions about addresses. */
import { createSocket } from 'node:dgram'

/** Addresses of a name; or how it is not told: there is none of it, or the server is in trouble or silent. */
export type Told = { v4?: readonly string[]; v6?: readonly string[] } | 'unknown' | 'trouble' | 'silent'

const TYPES = { v4: 1, v6: 28 } as const
const FLAGS = 0x8180
const CODES = { unknown: 3, trouble: 2 } as const
const HEADER = 12
const TYPE_AND_CLASS = 4

const u16 = (...numbers: number[]) => Buffer.from(numbers.flatMap(number => [number >> 8, number & 255]))

/** Of an IPv6 address only the spelling without `::`. */
const bytesOf = (address: string) =>
  address.includes(':')
    ? u16(...address.split(':').map(part => Number.parseInt(part, 16)))
    : Buffer.from(address.split('.').map(Number))

function read(question: Buffer) {
  const labels: string[] = []
  let at = HEADER
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), type: question.readUInt16BE(at + 1), end: at + 1 + TYPE_AND_CLASS }
}

function answer(question: Buffer, told: Exclude<Told, 'silent'>): Buffer {
  const { type, end } = read(question)
  const isCode = typeof told === 'string'
  const addresses = isCode ? [] : ((type === TYPES.v4 ? told.v4 : told.v6) ?? [])
  const records = addresses.map(bytesOf).map(bytes => Buffer.concat([u16(0xc00c, type, 1, 0, 60, bytes.length), bytes]))
  const head = u16(FLAGS | (isCode ? CODES[told] : 0), 1, records.length, 0, 0)
  return Buffer.concat([question.subarray(0, 2), head, question.subarray(HEADER, end), ...records])
}

export async function openNameServer(names: Readonly<Record<string, Told>>) {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (question, { port, address }) => {
    const { name } = read(question)
    asked.push(name)
    const told = names[name] ?? 'unknown'
    if (told !== 'silent') socket.send(answer(question, told), port, address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  return { servers: [`127.0.0.1:${socket.address().port}`], asked, close: () => void socket.close() }
}
