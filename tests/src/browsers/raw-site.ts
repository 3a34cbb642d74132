/**
 * A site that speaks HTTP/1.1 word for word: any method, and header lines as they are given, twice the same or with blanks
 * around the value, which Node's server would refuse to read or to write.
 */
import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import type { HeaderList, WireRequest, WireResponse } from '@safeconduct/core/browser'
import type { Exchanges } from './exchanges.js'
import type { Site } from './internet.js'

export function rawSite(answer: (request: WireRequest) => WireResponse, exchanges: Exchanges): Site {
  const serve = (scheme: string) => (socket: Socket) => {
    let received = ''
    socket.setEncoding('latin1').on('error', () => socket.destroy())
    socket.on('data', (text) => {
      received += text
      for (let message = messageIn(received); message !== undefined; message = messageIn(received)) {
        received = message.rest
        const request = requestOf(scheme, message.head)
        const response = answer(request)
        exchanges.note({ ...request, response })
        socket.write(serialized(request.method, response), 'latin1')
      }
    })
  }
  const plain = serve('http')
  let secure: Server | undefined
  return {
    open: async () => {
      const { certificate } = await import('./certificate.js')
      secure = createServer(certificate)
      secure.on('secureConnection', serve('https')).on('tlsClientError', () => {})
    },
    accept: (socket, isSecure) => {
      if (isSecure) secure?.emit('connection', socket)
      else plain(socket)
    },
    close: () => {
      secure?.close()
    },
  }
}

/** The first request of what was received, once it is there in full; browsers send no chunks over HTTP/1.1. */
function messageIn(received: string): { readonly head: string; readonly rest: string } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end)
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  return received.length < end + 4 + length ? undefined : { head, rest: received.slice(end + 4 + length) }
}

function requestOf(scheme: string, head: string): WireRequest {
  const [line = '', ...fields] = head.split('\r\n')
  const [method = '', target = ''] = line.split(' ')
  const headers = fields.map((field): HeaderList[number] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
  })
  const value = (name: string) => headers.find(([other]) => other === name)?.[1]
  return {
    method,
    url: `${scheme}://${value('host')}${target}`,
    headers,
    includesCredentials: value('cookie') !== undefined,
  }
}

/** RFC 9112: an empty body, or one of the length that the headers say. */
function serialized(method: string, { status, headers }: WireResponse): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const start = `HTTP/1.1 ${status} Status\r\n${lines}`
  if (method === 'HEAD' || status === 204 || status === 304) return `${start}\r\n`
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  return length === undefined
    ? `${start}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`
    : `${start}\r\n${'x'.repeat(Number(length))}`
}
