/** A site by Node's servers: HTTP/1.1 and, over TLS, HTTP/2, which takes any method. */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { HeaderList } from '@safeconduct/core/browser'
import type { Exchanges } from './exchanges.js'
import type { Site } from './internet.js'

/** Requests and responses of HTTP/2 have the same interface. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void

export interface WebSiteOptions {
  /** No HTTP/2, which knows fewer names. */
  readonly isOldHttp?: boolean
  /** Where its exchanges are noted. */
  readonly exchanges?: Exchanges
  readonly upgrade?: (request: IncomingMessage, socket: Socket) => void
}

export function webSite(listener: Listener, { exchanges, upgrade, isOldHttp = false }: WebSiteOptions = {}): Site {
  const answer = (scheme: string): Listener => {
    return (request, response) => {
      if (exchanges) note(scheme, request, response, exchanges)
      listener(request, response)
    }
  }
  const plain = createServer(patient, answer('http'))
  let secure: Server | undefined
  const servers = (): readonly Server[] => (secure === undefined ? [plain] : [plain, secure])
  return {
    open: async () => {
      const { certificate } = await import('./certificate.js')
      secure = isOldHttp
        ? createTlsServer({ ...certificate, ...patient })
        : createSecureServer({ ...certificate, ...http2Options })
      secure.on('request', answer('https'))
      if (upgrade) for (const server of servers()) server.on('upgrade', upgrade)
    },
    accept: (socket, isSecure) => {
      if (isSecure) secure?.emit('connection', socket)
      else if (plain.emit('connection', socket)) socket.resume()
    },
    close: () => {
      for (const server of servers()) server.close()
    },
  }
}

/** A connection that the server closes meets the request that a browser sends on it at that moment, which is lost then. */
const patient = { keepAliveTimeout: 0 }

/** Some cases have more headers than HTTP/2 servers take of themselves. */
const http2Options = { allowHTTP1: true, maxHeaderListPairs: 1000 }

/** Notes the exchange when the answer's head is written: by then a browser cannot have seen it. */
function note(scheme: string, request: IncomingMessage, response: ServerResponse, exchanges: Exchanges): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse
  response.writeHead = (status: number, ...head: unknown[]) => {
    const given = head.flatMap((each) => (isHeaders(each) ? pairsOf(each) : []))
    const { host, ':authority': authority = host, ...headers } = request.headers
    exchanges.note({
      method: request.method ?? '',
      url: `${scheme}://${authority}${request.url}`,
      headers: pairsOf(headers).filter(([name]) => !name.startsWith(':')),
      includesCredentials: headers.cookie !== undefined,
      response: { status, headers: [...pairsOf(response.getHeaders()), ...given] },
    })
    return writeHead(status, ...head)
  }
}

/** Of a record, or of a list in which names and values take turns. */
function pairsOf(headers: OutgoingHttpHeaders | readonly string[]): HeaderList {
  if (isList(headers)) return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ''] as const] : []))
  return Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((each) => [name, String(each)] as const),
  )
}

function isHeaders(value: unknown): value is OutgoingHttpHeaders | readonly string[] {
  return typeof value === 'object' && value !== null
}

function isList(headers: OutgoingHttpHeaders | readonly string[]): headers is readonly string[] {
  return Array.isArray(headers)
}
