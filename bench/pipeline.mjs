/**
 * What a plugin adds to a request of Fastify. Requests go straight into the server's request listener, without a socket;
 * subjects take turns request batch by request batch, and what counts is the difference to no plugin within a round.
 */
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fastifyCors from '@fastify/cors'
import safeconduct from '@safeconduct/fastify'
import Fastify from 'fastify'
import { race, spread } from './measure.mjs'
import { methods } from './subjects.mjs'
import { request } from './workloads.mjs'

const allowHeaders = ['content-type', 'x-csrf-token']

const noCors = async () => {}

const emptyHook = async (app) => {
  app.addHook('onRequest', (_request, _reply, done) => done())
}

const rival = (origins) => (app) =>
  app.register(fastifyCors, { origin: origins, methods, credentials: true, maxAge: 600, allowedHeaders: allowHeaders })

const ours = (origins) => (app) => {
  const grant = { origins, methods, requestHeaders: allowHeaders, credentials: true }
  const policy = { version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [grant] }] }
  return app.register(safeconduct, { policy, logLevel: 'silent' })
}

/** The headers that ours sets, by no decision at all: the floor. */
const headersOnly = (origins) => async (app) => {
  const origin = origins[origins.length >> 1]
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('vary', request.method === 'OPTIONS' ? varyOfPreflight : 'Origin')
    if (request.headers.origin === undefined) return done()
    reply.header('access-control-allow-origin', origin)
    reply.header('access-control-allow-credentials', 'true')
    if (request.method !== 'OPTIONS') return done()
    reply.header('access-control-allow-methods', 'GET,HEAD,POST,DELETE')
    reply.header('access-control-allow-headers', 'content-type,x-csrf-token')
    reply.header('access-control-max-age', '600')
    reply.code(204).send()
  })
}
const varyOfPreflight = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'

/** The server's request listener, without a server that listens. */
async function listenerOf(plugin) {
  let listener
  const serverFactory = (handler) => {
    listener = handler
    return createServer()
  }
  const app = Fastify({ serverFactory })
  await plugin(app)
  app.get('/api/orders', (_request, reply) => {
    reply.send('ok')
  })
  app.options('/api/orders', (_request, reply) => {
    reply.code(204).send()
  })
  await app.ready()
  return listener
}

const socket = new Socket()

/** A request and a response of Node's, which writes to nobody. */
function exchange({ method, url, headers }) {
  const message = new IncomingMessage(socket)
  message.method = method
  message.url = url
  message.headers = headers
  return { message, response: new ServerResponse(message) }
}

const count = (size) => Array.from({ length: size }, (_, i) => `https://tenant-${i}.example.com`)

const kinds = {
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

function check(name, kind, { response }, origin) {
  const got =
    response.getHeader('access-control-allow-origin') ?? /allow-origin: (\S+)/i.exec(response._header ?? '')?.[1]
  const expected = kind === 'no Origin' || kind === 'GET, refused' ? undefined : origin
  const decides = name !== 'no plugin' && name !== 'an empty hook'
  const ended = response.writableEnded && (kind !== 'preflight' || !decides || response.statusCode === 204)
  if (!ended || (decides && got !== expected))
    throw new Error(`${name}, ${kind}: ${response.statusCode}, allow-origin ${got}`)
}

/** Per kind of request: what each plugin adds to a request, in nanoseconds, and ours over the others. */
export async function pipeline({ smoke = false } = {}) {
  const results = []
  for (const size of smoke ? [1] : [1, 100]) {
    const origins = count(size)
    const origin = origins[size >> 1]
    const plugins = {
      'no plugin': noCors,
      'no plugin again': noCors,
      'an empty hook': emptyHook,
      '@fastify/cors': rival(origins),
      'the headers alone': headersOnly(origins),
      safeconduct: ours(origins),
    }
    for (const [kind, maker] of Object.entries(kinds)) {
      const make = maker(origin)
      const subjects = {}
      for (const [name, plugin] of Object.entries(plugins)) {
        if (name === 'the headers alone' && kind === 'GET, refused') continue
        const listener = await listenerOf(plugin)
        const run = ({ message, response }) => {
          listener(message, response)
          return response
        }
        subjects[name] = { make: (i) => exchange(make(i)), run }
        const tried = exchange(make(0))
        run(tried)
        if (name !== 'no plugin again') check(name, kind, tried, origin)
      }
      if (smoke) continue
      const times = await race(subjects, { rounds: 31, turn: 4e6 })
      const bare = times.get('no plugin')
      const added = new Map(
        [...times].map(([name, { samples }]) => [name, spread(samples.map((v, i) => v - bare.samples[i]))]),
      )
      results.push({ size, kind, bare, added })
    }
  }
  return results
}
