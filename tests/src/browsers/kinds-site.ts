/**
 * A site with something of every kind that pages load: `/open/…` is for anyone, `/own/…` for one origin with credentials,
 * `/brief/…` and `/never/…` the same but for the time that a preflight is kept, `/closed/…` for nobody.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { makeServer } from '../support/server.js'
import type { Exchanges } from './exchanges.js'
import type { Site } from './internet.js'
import { smallestFont } from './smallest-font.js'
import { webSite } from './web-site.js'

export const shop = 'https://shop.example.com'
export const evil = 'https://evil.example'
export const server = 'https://server.example'
/** Another name of the same site. */
export const second = 'https://second.example'

const own = {
  origins: [shop],
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  requestHeaders: ['x-a', 'x-b'],
  exposedHeaders: ['etag'],
  credentials: true,
}

export const kindsPolicy: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'open', paths: ['/open/**'], allow: [{ origins: ['*'] }] },
    { id: 'own', paths: ['/own/**'], allow: [own] },
    { id: 'brief', paths: ['/brief/**'], allow: [{ ...own, maxAge: 1 }] },
    { id: 'never', paths: ['/never/**'], allow: [{ ...own, maxAge: 0 }] },
    { id: 'closed', paths: ['/closed/**'], allow: [] },
  ],
}

export interface KindsSite extends Site {
  /** Once the site is open. */
  readonly app: () => FastifyInstance
}

export function kindsSite(exchanges: Exchanges): KindsSite {
  let app: FastifyInstance | undefined
  const running = (): FastifyInstance => {
    if (app === undefined) throw new Error('the site is not open')
    return app
  }
  const site = webSite((request, response) => running().routing(request, response), {
    exchanges,
    upgrade: (request, socket) => upgrade(running(), request, socket),
  })
  const open = async () => {
    await site.open()
    app = (await makeServer({ policy: kindsPolicy, routes: declare })).app
  }
  return { ...site, open, app: running }
}

function declare(app: FastifyInstance): void {
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume().on('end', () => done(null))
  })
  app.get('/:area/redirect', (request, reply) => reply.redirect(String((request.query as { to?: string }).to), 307))
  app.all('/:area/login', (_, reply) => reply.header('set-cookie', cookie).send('in'))
  app.all('/:area/*', (request, reply) => served(request.url, reply))
}

/** A cookie for pages of other sites: Secure is what SameSite=None asks for. */
const cookie = 'session=1; Path=/; Secure; HttpOnly; SameSite=None'

function served(url: string, reply: FastifyReply): FastifyReply {
  const [type, body] = kinds[/\.(\w+)/.exec(url)?.[1] ?? ''] ?? ['text/plain', 'plain']
  return reply.header('etag', '"1"').header('x-request-id', '1').type(type).send(body)
}

const kinds: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  svg: ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
  js: ['text/javascript', 'export const it = 1'],
  events: ['text/event-stream', 'data: 1\n\n'],
  ttf: ['font/ttf', smallestFont],
}

/** RFC 6455, 4.2.2, for those whom the plugin lets in. */
function upgrade(app: FastifyInstance, request: IncomingMessage, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  if (!app.safeconduct.isOriginAllowed(request)) {
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    return
  }
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
}
