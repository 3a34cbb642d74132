/** Requests that reach a server's listener without a socket, and responses that write to nobody: Node's own classes. */
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { request } from './workloads.mjs'

const socket = new Socket()

export function exchange({ method, url, headers }) {
  const message = new IncomingMessage(socket)
  message.httpVersionMajor = 1
  message.httpVersionMinor = 1
  message.method = method
  message.url = url
  message.headers = headers
  return { message, response: new ServerResponse(message) }
}

/** Kind of request → `(origin) => (i) => request`. */
export const kinds = {
  'no Origin': () => (i) => request(i, 'GET', {}),
  'GET, allowed': (origin) => (i) => request(i, 'GET', { origin }),
  'GET, refused': () => (i) => request(i, 'GET', { origin: 'https://evil.example' }),
  preflight: (origin) => (i) =>
    request(i, 'OPTIONS', {
      origin,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'content-type,x-csrf-token',
    }),
}

const require = createRequire(import.meta.url)

/**
 * A Fastify of one's own. Code that is loaded once for several servers sees the objects of all of them, and is compiled for
 * none: each server would be as slow as its neighbours make it.
 */
function ownFastify() {
  for (const file of Object.keys(require.cache)) delete require.cache[file]
  return require('fastify')
}

/** The request listener of a server that does not listen, with a plugin and two routes. */
export async function listenerOf(plugin) {
  let listener
  const serverFactory = (handler) => {
    listener = handler
    return createServer()
  }
  const app = ownFastify()({ serverFactory })
  await plugin(app)
  addRoutes(app)
  await app.ready()
  return listener
}

export function addRoutes(app) {
  app.get('/api/orders', (_request, reply) => {
    reply.send('ok')
  })
  app.options('/api/orders', (_request, reply) => {
    reply.code(204).send()
  })
}
