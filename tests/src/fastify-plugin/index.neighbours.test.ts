/**
 * Beside other plugins of Fastify, the real ones, registered before ours and after: what they answer and what they write
 * stays theirs, and carries the decision all the same.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import middie from '@fastify/middie'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import files from '@fastify/static'
import underPressure from '@fastify/under-pressure'
import websocket from '@fastify/websocket'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { evil, oneRule, shared, shop, varyOptions } from '../support/one-rule.js'
import { corsHeaders, type Headers, listening, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'
import { headerOf, pipelined } from '../support/wire.js'

const policy = oneRule({
  methods: ['GET', 'PUT', 'POST'],
  requestHeaders: ['content-type'],
  exposedHeaders: ['etag'],
})
const exposed: Headers = { ...shared, 'access-control-expose-headers': 'etag' }
const preflightAnswer: Headers = {
  ...shared,
  'access-control-allow-methods': 'GET,HEAD,PUT,POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '600',
}

/** A request that the neighbour answers, or to whose answer it adds something. */
interface Situation {
  readonly sentence: string
  readonly request: InjectOptions
  readonly status: number
  /** What the neighbour wrote. */
  readonly kept?: Readonly<Record<string, RegExp>>
  /** What the answer varies on beside `Origin`. */
  readonly varies?: string
  readonly body?: (response: LightMyRequestResponse) => void
}

interface Neighbour {
  readonly name: string
  readonly register: (app: FastifyInstance) => unknown
  readonly routes?: (app: FastifyInstance) => unknown
  readonly situations: readonly Situation[]
  /** Status of an allowed preflight where the neighbour stands before the plugin; 204 by default. */
  readonly preflightBefore?: number
  /** Declares routes, which are closed if the plugin comes later. */
  readonly hasRoutes?: boolean
}

const plain = (app: FastifyInstance): void => {
  app.get('/api/x', async () => 'x')
}
const get = (url: string, headers: Record<string, string> = {}): InjectOptions => ({ url, headers })

const folder = mkdtempSync(join(tmpdir(), 'safeconduct-files-'))

const fillFolder = (): void => {
  mkdirSync(join(folder, 'sub'), { recursive: true })
  writeFileSync(join(folder, 'a.txt'), 'abcdefghij')
}

const boundary = 'part'
const upload = (content: string): InjectOptions => ({
  method: 'POST',
  url: '/api/upload',
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  payload: `--${boundary}\r\ncontent-disposition: form-data; name="f"; filename="f.txt"\r\n\r\n${content}\r\n--${boundary}--\r\n`,
})

const neighbours: readonly Neighbour[] = [
  {
    name: '@fastify/rate-limit',
    register: (app) => app.register(rateLimit, { max: 0, timeWindow: 60_000 }),
    routes: plain,
    situations: [
      {
        sentence: 'the limit is reached',
        request: get('/api/x'),
        status: 429,
        kept: { 'retry-after': /^60$/, 'x-ratelimit-limit': /^0$/ },
      },
    ],
  },
  {
    name: '@fastify/under-pressure',
    register: (app) => app.register(underPressure, { maxHeapUsedBytes: 1, sampleInterval: 10, retryAfter: 50 }),
    routes: (app) => {
      plain(app)
      app.addHook('onReady', async () => new Promise((resolve) => setTimeout(resolve, 50)))
    },
    situations: [
      {
        sentence: 'the heap is full',
        request: get('/api/x'),
        status: 503,
        kept: { 'retry-after': /^50$/ },
        body: (response) => assert.equal(response.json().code, 'FST_UNDER_PRESSURE'),
      },
    ],
    preflightBefore: 503,
  },
  {
    name: '@fastify/helmet',
    register: (app) => app.register(helmet, { crossOriginEmbedderPolicy: true }),
    routes: plain,
    situations: [['an answer', '/api/x', 200] as const, ['what is not found', '/api/none', 404] as const].map(
      ([sentence, url, status]) => ({
        sentence,
        request: get(url),
        status,
        kept: {
          'cross-origin-resource-policy': /^same-origin$/,
          'cross-origin-embedder-policy': /^require-corp$/,
          'cross-origin-opener-policy': /^same-origin$/,
          'content-security-policy': /default-src 'self'/,
          'strict-transport-security': /max-age/,
        },
      }),
    ),
  },
  {
    name: '@fastify/static',
    hasRoutes: true,
    register: (app) =>
      app.register(files, {
        root: folder,
        prefix: '/api/files/',
        setHeaders: (reply) => {
          reply.header('Access-Control-Allow-Origin', '*')
        },
      }),
    situations: [
      {
        sentence: 'a file',
        request: get('/api/files/a.txt'),
        status: 200,
        kept: { etag: /^W\/"/, 'last-modified': /GMT$/, 'accept-ranges': /^bytes$/, 'content-length': /^10$/ },
        body: ({ body }) => assert.equal(body, 'abcdefghij'),
      },
      { sentence: 'its head', request: { method: 'HEAD', url: '/api/files/a.txt' }, status: 200, kept: { etag: /"/ } },
      {
        sentence: 'a file that did not change',
        request: get('/api/files/a.txt', { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() }),
        status: 304,
        kept: { etag: /^W\/"/ },
      },
      {
        sentence: 'a range',
        request: get('/api/files/a.txt', { range: 'bytes=2-4' }),
        status: 206,
        kept: { 'content-range': /^bytes 2-4\/10$/ },
        body: ({ body }) => assert.equal(body, 'cde'),
      },
      {
        sentence: 'a range that is not there',
        request: get('/api/files/a.txt', { range: 'bytes=20-40' }),
        status: 416,
        kept: { 'content-range': /^bytes \*\/10$/ },
      },
      { sentence: 'no such file', request: get('/api/files/none.txt'), status: 404 },
      { sentence: 'a folder', request: get('/api/files/sub/'), status: 404 },
    ],
  },
  {
    name: '@fastify/multipart',
    register: (app) => app.register(multipart, { limits: { fileSize: 100 } }),
    routes: (app) => {
      app.post('/api/upload', async (request) => {
        const file = await request.file()
        return { length: (await file?.toBuffer())?.length }
      })
    },
    situations: [
      {
        sentence: 'an upload',
        request: upload('x'.repeat(7)),
        status: 200,
        body: (response) => assert.deepEqual(response.json(), { length: 7 }),
      },
      {
        sentence: 'an upload that is too long',
        request: upload('x'.repeat(101)),
        status: 413,
        body: (response) => assert.equal(response.json().code, 'FST_REQ_FILE_TOO_LARGE'),
      },
      {
        sentence: 'no upload',
        request: { method: 'POST', url: '/api/upload', payload: { a: 1 } },
        status: 406,
      },
      {
        sentence: 'half an upload',
        request: { ...upload(''), payload: `--${boundary}\r\ncontent-disp` },
        status: 500,
      },
    ],
  },
  {
    name: '@fastify/compress',
    register: (app) => app.register(compress, { threshold: 0 }),
    routes: (app) => {
      app.get('/api/text', async (_request, reply) => reply.header('vary', 'Cookie').send('x'.repeat(2_000)))
      app.get('/api/stream', (_request, reply) =>
        reply.type('text/plain').send(Readable.from(['x'.repeat(1_000), 'x'.repeat(1_000)])),
      )
      app.get('/api/fails', () => Promise.reject(new Error('no')))
    },
    situations: [
      {
        sentence: 'a text, compressed',
        request: get('/api/text', { 'accept-encoding': 'gzip' }),
        status: 200,
        kept: { 'content-encoding': /^gzip$/ },
        varies: 'Cookie, accept-encoding',
        body: ({ rawPayload }) => assert.equal(gunzipSync(rawPayload).length, 2_000),
      },
      {
        sentence: 'a stream, compressed',
        request: get('/api/stream', { 'accept-encoding': 'gzip' }),
        status: 200,
        kept: { 'content-encoding': /^gzip$/ },
        varies: 'accept-encoding',
        body: ({ rawPayload }) => assert.equal(gunzipSync(rawPayload).length, 2_000),
      },
      { sentence: 'a text, as it is', request: get('/api/text'), status: 200, varies: 'Cookie' },
      {
        sentence: 'an error, compressed',
        request: get('/api/fails', { 'accept-encoding': 'gzip' }),
        status: 500,
        kept: { 'content-encoding': /^gzip$/ },
        varies: 'accept-encoding',
      },
    ],
  },
  {
    name: '@fastify/middie, at a later hook',
    register: async (app) => {
      await app.register(middie, { hook: 'preHandler' })
      app.use('/api/locked', (_request: unknown, response: { statusCode: number; end(text: string): void }) => {
        response.statusCode = 401
        response.end('who are you')
      })
      app.use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
        response.setHeader('Access-Control-Allow-Origin', '*')
        response.setHeader('Vary', 'Accept')
        next()
      })
    },
    routes: (app) => {
      plain(app)
      app.get('/api/locked', async () => 'x')
    },
    situations: [
      {
        sentence: 'a middleware that answers',
        request: get('/api/locked'),
        status: 401,
        body: ({ body }) => assert.equal(body, 'who are you'),
      },
      { sentence: 'a middleware that sets headers', request: get('/api/x'), status: 200, varies: 'Accept' },
    ],
  },
]

type Order = 'before' | 'after'

async function serverBeside(
  { register, routes }: Pick<Neighbour, 'register' | 'routes'>,
  order: Order,
): Promise<FastifyInstance> {
  const { app } = await makeServer({
    policy,
    ...(order === 'before' ? { before: async (a: FastifyInstance) => register(a) } : {}),
    routes: async (a) => {
      if (order === 'after') await register(a)
      await routes?.(a)
    },
  })
  return app
}

/** Allowed, refused, and without Origin. */
async function hold(app: FastifyInstance, situation: Situation, isClosed: boolean): Promise<void> {
  const { request, status, kept = {}, varies, body } = situation
  const vary = [...(varies === undefined ? [] : [varies]), 'Origin'].join(', ')
  for (const origin of [shop, evil, undefined]) {
    const headers = { ...request.headers, ...(origin === undefined ? {} : { origin }) }
    const response = await app.inject({ ...request, headers })
    assert.equal(response.statusCode, status, response.body)
    assert.deepEqual(
      corsHeaders(response),
      isClosed ? {} : origin === shop ? { ...exposed, vary } : { vary },
      `${situation.sentence} from ${origin}`,
    )
    for (const [name, value] of Object.entries(kept)) assert.match(String(response.headers[name]), value, name)
    body?.(response)
  }
}

const announcing = (url: string, origin: string, method = 'PUT'): InjectOptions => ({
  method: 'OPTIONS',
  url,
  headers: { origin, 'access-control-request-method': method },
})

async function holdPreflight(app: FastifyInstance, url: string, status: number): Promise<void> {
  const allowed = await app.inject(announcing(url, shop))
  assert.equal(allowed.statusCode, status)
  assert.deepEqual(corsHeaders(allowed), { ...preflightAnswer, vary: varyOptions })
  const refused = await app.inject(announcing(url, evil))
  assert.ok(refused.statusCode >= 400)
  assert.deepEqual(corsHeaders(refused), { vary: varyOptions })
}

async function holdClosed(app: FastifyInstance, url: string): Promise<void> {
  const response = await app.inject(announcing(url, shop, 'GET'))
  assert.deepEqual([response.statusCode, corsHeaders(response)], [403, {}])
}

function rowsOf(neighbour: Neighbour, order: Order): Row {
  const { name, situations, preflightBefore = 204, hasRoutes = false } = neighbour
  return [
    `${name}, ${order} ours: ${situations.map(({ sentence }) => sentence).join(', ')}, and preflights`,
    async () => {
      const app = await serverBeside(neighbour, order)
      try {
        const isClosed = hasRoutes && order === 'before'
        for (const situation of situations) await hold(app, situation, isClosed)
        const url = String(situations[0]?.request.url)
        if (isClosed) await holdClosed(app, url)
        else await holdPreflight(app, url, order === 'before' ? preflightBefore : 204)
      } finally {
        await app.close()
      }
    },
  ]
}

table(
  'beside a real neighbour',
  neighbours.flatMap((neighbour) => (['before', 'after'] as const).map((order) => rowsOf(neighbour, order))),
  { before: fillFolder, after: () => rmSync(folder, { recursive: true }) },
)

const upgrade = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

/** Greets, and closes. */
const sockets: Pick<Neighbour, 'register' | 'routes'> = {
  register: (app) => app.register(websocket),
  routes: (app) => {
    app.get(
      '/api/socket',
      {
        websocket: true,
        preValidation: async (request, reply) => {
          if (!app.safeconduct.isOriginAllowed(request)) return reply.code(403).send('no')
        },
      },
      (socket) => {
        socket.send('hello', () => socket.terminate())
      },
    )
  },
}

table('beside @fastify/websocket', [
  ...(['before', 'after'] as const).map(
    (order): Row => [
      `registered ${order} ours, it greets an allowed origin, and nobody else`,
      async () => {
        const app = await serverBeside(sockets, order)
        await listening(app, async (port) => {
          const ask = async (headers: readonly string[]) => {
            const [answer] = await pipelined(port, [{ target: '/api/socket', headers }])
            assert.ok(answer)
            return answer
          }
          const greeted = await ask([`Origin: ${shop}`, ...upgrade])
          assert.equal(greeted.status, 101)
          assert.match(greeted.body, /hello/)
          assert.ok(headerOf(greeted, 'sec-websocket-accept'))
          const stranger = await ask([`Origin: ${evil}`, ...upgrade])
          assert.deepEqual([stranger.status, stranger.body, stranger.cors], [403, 'no', { vary: 'Origin' }])
          const nobody = await ask(upgrade)
          assert.deepEqual([nobody.status, nobody.cors], [403, { vary: 'Origin' }])
          const noUpgrade = await ask([`Origin: ${shop}`])
          assert.deepEqual([noUpgrade.status, noUpgrade.cors], [404, { ...exposed, vary: 'Origin' }])
        })
      },
    ],
  ),
])

const middleware: Pick<Neighbour, 'register' | 'routes'> = {
  register: async (app) => {
    await app.register(middie)
    app.use((request: { url?: string }, response: { end(text: string): void }, next: () => void) => {
      if (request.url === '/api/locked') response.end('raw')
      else next()
    })
  },
  routes: plain,
}

table('beside @fastify/middie at the first hook', [
  [
    'behind ours, what a middleware answers carries the decision',
    async () => {
      const app = await serverBeside(middleware, 'after')
      const response = await app.inject(get('/api/locked', { origin: shop }))
      assert.deepEqual([response.body, corsHeaders(response)], ['raw', { ...exposed, vary: 'Origin' }])
      await holdPreflight(app, '/api/locked', 204)
    },
  ],
  [
    'before ours, what a middleware answers is over before any hook of ours: nobody is allowed, and it is told',
    async () => {
      const { register, routes } = middleware
      const { app, log } = await makeServer({ policy, before: async (a) => register(a), routes: (a) => routes?.(a) })
      assert.ok(log.some(({ msg }) => msg.startsWith('@fastify/middie was registered before safeconduct')))
      const response = await app.inject(get('/api/locked', { origin: shop }))
      assert.deepEqual([response.body, corsHeaders(response)], ['raw', {}])
      const { headers, body } = await app.inject(get('/api/x', { origin: shop }))
      assert.deepEqual([body, corsHeaders({ headers })], ['x', { ...exposed, vary: 'Origin' }])
    },
  ],
])
