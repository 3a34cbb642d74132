/** HTTP/1.1 as bytes (RFC 9112): requests that no library would send, and all that comes back on the connection. */
import { connect, type Socket } from 'node:net'

const corsHeader = /^(access-control-|vary$)/

export type Headers = Readonly<Record<string, string>>

export interface WireAnswer {
  readonly status: number
  /** With the lines as they came: a name that stands twice has two values. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  readonly cors: Headers
  readonly body: string
  /** The answers before it, of status 1xx. */
  readonly interim: readonly Interim[]
  /** Not cut short. */
  readonly isWhole: boolean
}

export type Interim = Pick<WireAnswer, 'status' | 'lines' | 'cors'>

/** The value of a header; where it stands twice, both. */
export function headerOf({ lines }: Pick<WireAnswer, 'lines'>, name: string): string | undefined {
  const values = lines.flatMap(([each, value]) => (each === name ? [value] : []))
  return values.length === 0 ? undefined : values.join(' AND ')
}

export interface WireRequest {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly string[]
  readonly body?: string
}

/** The bytes of a request; the connection is kept unless its headers say otherwise. */
export function written({ method = 'GET', target = '/', headers = [], body = '' }: WireRequest): string {
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : ['Host: h.example']
  return `${[`${method} ${target} HTTP/1.1`, ...host, ...headers].join('\r\n')}\r\n\r\n${body}`
}

/** All that comes back until the server closes. `after` says what else is done with the connection once it is open. */
export function received(
  port: number,
  text: string,
  after: (socket: Socket) => void = () => undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, 'latin1')
      after(socket)
    })
    let all = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      all += chunk
    })
    // A server that has said what it had to say may reset what it did not read.
    socket.on('error', (error) => (all === '' ? reject(error) : resolve(all)))
    socket.on('close', () => resolve(all))
  })
}

/** All requests at once on one connection, and the answers in their order: fewer, where the server closed before. */
export async function pipelined(port: number, requests: readonly WireRequest[]): Promise<readonly WireAnswer[]> {
  const text = requests.map((request, i) =>
    written(
      i === requests.length - 1 ? { ...request, headers: [...(request.headers ?? []), 'Connection: close'] } : request,
    ),
  )
  return answersIn(
    await received(port, text.join('')),
    requests.map(({ method = 'GET' }) => method),
  )
}

/** What the bytes say, to requests of these methods. */
export function answersIn(text: string, methods: readonly string[]): readonly WireAnswer[] {
  const answers: WireAnswer[] = []
  const interim: Interim[] = []
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at)
    const head = readHead(text.slice(at, end === -1 ? text.length : end))
    at = end === -1 ? text.length : end + 4
    if (head.status < 200 && head.status !== 101) {
      interim.push(head)
      continue
    }
    const body = readBody(text, at, head, methods[answers.length] ?? 'GET')
    at = body.end
    answers.push({ ...head, body: body.text, interim: interim.splice(0), isWhole: end !== -1 && body.isWhole })
  }
  return answers
}

function readHead(text: string): Interim {
  const [start = '', ...rest] = text.split('\r\n')
  const lines = rest.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const cors: Record<string, string> = {}
  for (const [name, value] of lines) {
    if (corsHeader.test(name)) cors[name] = name in cors ? `${cors[name]} AND ${value}` : value
  }
  return { status: Number(start.split(' ')[1]), lines, cors }
}

interface Body {
  readonly text: string
  readonly end: number
  readonly isWhole: boolean
}

/** RFC 9112, section 6.3: how long the body is. */
function readBody(text: string, at: number, head: Interim, method: string): Body {
  if (head.status === 101) return { text: text.slice(at), end: text.length, isWhole: true }
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return { text: '', end: at, isWhole: true }
  if (headerOf(head, 'transfer-encoding') === 'chunked') return readChunks(text, at)
  const stated = headerOf(head, 'content-length')
  const end = stated === undefined ? text.length : at + Number(stated)
  return { text: text.slice(at, end), end: Math.min(end, text.length), isWhole: end <= text.length }
}

/** With what follows the last chunk: the trailers. */
function readChunks(text: string, start: number): Body {
  let body = ''
  for (let at = start; at < text.length; ) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (line === -1 || Number.isNaN(size)) break
    if (size === 0) {
      const end = text.indexOf('\r\n\r\n', line)
      return { text: body, end: end === -1 ? text.length : end + 4, isWhole: end !== -1 }
    }
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
  return { text: body, end: text.length, isWhole: false }
}
