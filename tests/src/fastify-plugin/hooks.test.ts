/** Where the plugin stands among hooks and handlers, what it logs, and the options that change what it does. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, FastifyReply, InjectOptions } from 'fastify'
import { corsHeaders, type Headers, type LogLine, makeServer, type ServerSetup } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const evil = 'https://evil.example'
const policy: PolicyDocument = {
  version: 1,
  rules: [
    {
      id: 'api',
      paths: ['/api/**'],
      allow: [{ origins: [shop], methods: ['GET', 'PUT'], requestHeaders: ['x-a'], credentials: true }],
    },
    { id: 'public', paths: ['/public/**'], allow: [{ origins: ['*'], methods: ['GET'] }] },
  ],
}

const shared: Headers = { 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true' }
const actual: Headers = { ...shared, vary: 'Origin' }
const varyOptions = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
const get: InjectOptions = { url: '/api/x', headers: { origin: shop } }
const preflight: InjectOptions = {
  method: 'OPTIONS',
  url: '/api/x',
  headers: { origin: shop, 'access-control-request-method': 'PUT' },
}
const preflightAnswer: Headers = {
  ...shared,
  'access-control-allow-methods': 'GET,HEAD,PUT',
  'access-control-allow-headers': 'x-a',
  'access-control-max-age': '600',
  vary: varyOptions,
}

type Handler = (reply: FastifyReply) => unknown

/** The headers of the answer to a GET of an allowed origin. */
async function answerOf(
  setup: Partial<ServerSetup>,
  request: InjectOptions = get,
): Promise<{ status: number; cors: Headers; log: string[] }> {
  const { app, log } = await makeServer({ policy, ...setup })
  const response = await app.inject(request)
  await app.close()
  return { status: response.statusCode, cors: corsHeaders(response), log: log.map(({ msg }) => msg) }
}

const handled =
  (handler: Handler) =>
  (app: FastifyInstance): void => {
    app.get('/api/x', (_request, reply) => handler(reply))
    app.put('/api/x', async () => 'x')
  }

/** A plain handler behind a hook that is added after the plugin. */
const withHook =
  (add: (app: FastifyInstance) => unknown) =>
  (app: FastifyInstance): void => {
    add(app)
    handled((reply) => reply.send('x'))(app)
  }

const answers: readonly (readonly [sentence: string, status: number, setup: Partial<ServerSetup>])[] = [
  ['a string', 200, { routes: handled((reply) => reply.send('x')) }],
  ['JSON', 200, { routes: handled((reply) => reply.send({ x: 1 })) }],
  ['nothing', 200, { routes: handled((reply) => reply.send()) }],
  ['a stream', 200, { routes: handled((reply) => reply.send(Readable.from(['a', 'b']))) }],
  ['a web stream', 200, { routes: handled((reply) => reply.send(new Response('x').body)) }],
  ['a Response', 200, { routes: handled((reply) => reply.send(new Response('x'))) }],
  ['a redirect', 302, { routes: handled((reply) => reply.redirect('/y')) }],
  ['304', 304, { routes: handled((reply) => reply.code(304).send()) }],
  ['an error', 500, { routes: handled(() => Promise.reject(new Error('no'))) }],
  [
    'an error with a status',
    418,
    { routes: handled(() => Promise.reject(Object.assign(new Error('no'), { statusCode: 418 }))) },
  ],
  [
    'an error by a handler of the application',
    503,
    {
      routes: (app) => {
        app.setErrorHandler((_error, _request, reply) => reply.code(503).send('no'))
        handled(() => Promise.reject(new Error('no')))(app)
      },
    },
  ],
  [
    'a stream that fails before it begins',
    500,
    {
      routes: handled((reply) =>
        reply.send(
          new Readable({
            read() {
              this.destroy(new Error('no'))
            },
          }),
        ),
      ),
    },
  ],
  [
    'a schema that does not hold',
    400,
    {
      routes: (app) =>
        app.get('/api/x', { schema: { querystring: { type: 'object', required: ['a'] } } }, async () => 'x'),
    },
  ],
  ['a reply that cannot be serialized', 500, { routes: handled((reply) => reply.send({ x: 1n })) }],
  [
    'a hook of the route that answers',
    401,
    {
      routes: (app) =>
        app.get('/api/x', { onRequest: async (_request, reply) => reply.code(401).send() }, async () => 'x'),
    },
  ],
  [
    'a later hook that answers',
    401,
    {
      routes: withHook((app) => app.addHook('onRequest', async (_request, reply) => reply.code(401).send('no'))),
    },
  ],
  [
    'a later hook that throws',
    500,
    {
      routes: withHook((app) =>
        app.addHook('preHandler', async () => {
          throw new Error('no')
        }),
      ),
    },
  ],
  // Like @fastify/rate-limit, @fastify/under-pressure, or authentication, registered first.
  [
    'an earlier hook that answers',
    429,
    {
      before: (app) => app.addHook('onRequest', async (_request, reply) => reply.code(429).send('no')),
      routes: handled((reply) => reply.send('x')),
    },
  ],
  [
    'an earlier hook that throws',
    503,
    {
      before: (app) =>
        app.addHook('onRequest', async () => {
          throw Object.assign(new Error('no'), { statusCode: 503 })
        }),
      routes: handled((reply) => reply.send('x')),
    },
  ],
  [
    'an onSend hook that throws',
    500,
    {
      routes: withHook((app) =>
        app.addHook('onSend', async () => {
          throw new Error('no')
        }),
      ),
    },
  ],
  [
    'an earlier onSend hook that throws',
    500,
    {
      before: (app) =>
        app.addHook('onSend', async () => {
          throw new Error('no')
        }),
      routes: handled((reply) => reply.send('x')),
    },
  ],
  [
    'a handler that takes too long',
    503,
    { fastify: { handlerTimeout: 20 }, routes: handled(() => new Promise(() => undefined)) },
  ],
]

table('the same headers on every answer', [
  ...answers.map(
    ([sentence, status, setup]): Row => [
      `${sentence}: ${status}`,
      async () => {
        const { status: got, cors } = await answerOf(setup)
        assert.equal(got, status)
        assert.deepEqual(cors, actual)
      },
    ],
  ),
])

const overruled: readonly (readonly [sentence: string, setup: Partial<ServerSetup>])[] = [
  [
    'reply.header',
    {
      routes: handled((reply) =>
        reply.header('Access-Control-Allow-Origin', '*').header('access-control-max-age', 1).send('x'),
      ),
    },
  ],
  [
    'reply.removeHeader',
    { routes: handled((reply) => reply.removeHeader('access-control-allow-origin').removeHeader('vary').send('x')) },
  ],
  [
    'reply.raw.setHeader',
    {
      routes: handled((reply) => {
        reply.raw.setHeader('access-control-allow-origin', evil)
        return reply.send('x')
      }),
    },
  ],
  [
    'headers of an error',
    {
      routes: handled(() =>
        Promise.reject(Object.assign(new Error('no'), { headers: { 'access-control-allow-origin': evil } })),
      ),
    },
  ],
  [
    'a later onSend hook',
    {
      routes: withHook((app) =>
        app.addHook('onSend', async (_request, reply) => {
          reply.header('access-control-allow-origin', evil)
        }),
      ),
    },
  ],
  [
    'a Response',
    { routes: handled((reply) => reply.send(new Response('x', { headers: { 'access-control-allow-origin': evil } }))) },
  ],
  [
    'an earlier hook',
    {
      before: (app) =>
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('access-control-allow-origin', evil)
        }),
      routes: handled((reply) => reply.send('x')),
    },
  ],
  [
    'an earlier hook that answers',
    {
      before: (app) =>
        app.addHook('onRequest', async (_request, reply) =>
          reply.code(401).header('access-control-allow-origin', evil).send('x'),
        ),
      routes: handled((reply) => reply.send('x')),
    },
  ],
  [
    'reply.raw, hijacked',
    {
      routes: handled((reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { 'Access-Control-Allow-Origin': evil })
        reply.raw.end('x')
      }),
    },
  ],
]

table('the policy owns the headers of the protocol', [
  ...overruled.flatMap(([sentence, setup]): Row[] => [
    [`${sentence}, allowed`, async () => assert.deepEqual((await answerOf(setup)).cors, actual)],
    [
      `${sentence}, refused`,
      async () =>
        assert.deepEqual((await answerOf(setup, { ...get, headers: { origin: evil } })).cors, { vary: 'Origin' }),
    ],
  ]),
  [
    'it is told once a route and header',
    async () => {
      const { app, log } = await makeServer({
        policy,
        routes: (a) =>
          a.get('/api/:id', async (_request, reply) => reply.header('access-control-allow-origin', evil).send('x')),
      })
      for (const url of ['/api/1', '/api/2']) await app.inject({ url, headers: { origin: shop } })
      assert.deepEqual(
        log.map(({ level, msg }) => [level, msg]).filter(([, msg]) => String(msg).includes('sets')),
        [[40, "`GET /api/:id` sets access-control-allow-origin otherwise than the policy; the policy's stands"]],
      )
    },
  ],
  [
    'and for each route and header anew',
    async () => {
      const { app, log } = await makeServer({
        policy,
        routes: (a) => {
          a.get('/api/one', async (_request, reply) => reply.header('access-control-allow-origin', evil).send('x'))
          a.get('/api/two', async (_request, reply) => reply.header('access-control-max-age', 1).send('x'))
        },
      })
      for (const url of ['/api/one', '/api/two']) await app.inject({ url, headers: { origin: shop } })
      assert.equal(log.filter(({ msg }) => msg.includes('sets')).length, 2)
    },
  ],
  [
    'where there is no route it is told once, whatever methods a client makes up',
    async () => {
      const { app, log } = await makeServer({
        policy,
        routes: (a) => {
          a.addHook('onSend', async (_request, reply) => {
            reply.header('access-control-allow-origin', evil)
          })
        },
      })
      for (const method of ['GET', 'PUT', 'DELETE'] as const) await app.inject({ method, url: '/api/none' })
      assert.deepEqual(
        log.map(({ msg }) => msg).filter((msg) => msg.includes('sets')),
        ["`(no route)` sets access-control-allow-origin otherwise than the policy; the policy's stands"],
      )
    },
  ],
  [
    'other headers of the application stay',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: handled((reply) =>
          reply
            .header('x-a', '1')
            .header('strict-transport-security', 'max-age=1')
            .header('set-cookie', ['a=1', 'b=2'])
            .header('vary', 'Accept')
            .send('x'),
        ),
      })
      const { headers } = await app.inject(get)
      assert.equal(headers['x-a'], '1')
      assert.equal(headers['strict-transport-security'], 'max-age=1')
      assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
    },
  ],
])

const varies: readonly (readonly [sentence: string, handler: Handler, vary: string])[] = [
  ['reply.header', (reply) => reply.header('Vary', 'Accept').send('x'), 'Accept, Origin'],
  [
    'reply.header with a list',
    (reply) => reply.header('vary', ['Accept', 'Cookie']).send('x'),
    'Accept, Cookie, Origin',
  ],
  ['the same name', (reply) => reply.header('vary', 'origin').send('x'), 'origin'],
  ['everything', (reply) => reply.header('vary', '*').send('x'), '*'],
  ['a Response', (reply) => reply.send(new Response('x', { headers: { vary: 'Accept' } })), 'Accept, Origin'],
  [
    'raw',
    (reply) => {
      reply.raw.setHeader('Vary', 'Accept')
      return reply.send('x')
    },
    'Accept, Origin',
  ],
  ['a stream', (reply) => reply.header('vary', 'Accept').send(Readable.from(['a'])), 'Accept, Origin'],
]

table('Vary of the application is kept', [
  ...varies.map(
    ([sentence, handler, vary]): Row => [
      `${sentence}: ${vary}`,
      async () => assert.equal((await answerOf({ routes: handled(handler) })).cors.vary, vary),
    ],
  ),
  [
    'once, where an onSend hook throws and it is sent again',
    async () => {
      const { cors } = await answerOf({
        routes: (app) => {
          let thrown = false
          app.addHook('onSend', async () => {
            if (!thrown) {
              thrown = true
              throw new Error('no')
            }
          })
          handled((reply) => reply.header('vary', 'Accept').send('x'))(app)
        },
      })
      assert.equal(cors.vary, 'Accept, Origin')
    },
  ],
  [
    'where the rule adds nothing it is as it was',
    async () => {
      const routes = (app: FastifyInstance): unknown =>
        app.get('/public/x', async (_request, reply) => reply.header('vary', 'Accept,Cookie').send('x'))
      assert.equal((await answerOf({ routes }, { url: '/public/x' })).cors.vary, 'Accept,Cookie')
    },
  ],
])

table('preflights and other hooks', [
  [
    'are answered before a later hook refuses them',
    async () => {
      const { cors, status } = await answerOf(
        {
          routes: withHook((app) => app.addHook('onRequest', async (_request, reply) => reply.code(401).send())),
        },
        preflight,
      )
      assert.equal(status, 204)
      assert.deepEqual(cors, preflightAnswer)
    },
  ],
  [
    'refused by an earlier hook, it is told once',
    async () => {
      const { app, log } = await makeServer({
        policy,
        before: (a) => a.addHook('onRequest', async (_request, reply) => reply.code(401).send()),
        routes: handled((reply) => reply.send('x')),
      })
      for (const _ of [1, 2]) {
        const response = await app.inject(preflight)
        assert.equal(response.statusCode, 401)
        assert.deepEqual(corsHeaders(response), preflightAnswer)
      }
      assert.deepEqual(
        log.map(({ msg }) => msg).filter((msg) => msg.startsWith('a preflight')),
        [
          'a preflight was answered with 401 before safeconduct saw it, and browsers take that for a refusal; register safeconduct before the hook that did it',
        ],
      )
    },
  ],
  [
    'no other request that an earlier hook answers is told of',
    async () => {
      const { log } = await answerOf({
        before: (app) => app.addHook('onRequest', async (_request, reply) => reply.code(401).send()),
        routes: handled((reply) => reply.send('x')),
      })
      assert.deepEqual(
        log.filter((msg) => msg.includes('answered')),
        [],
      )
    },
  ],
  [
    'other onSend hooks see them',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: withHook((a) =>
          a.addHook('onSend', async (_request, reply) => {
            reply.header('x-seen', '1')
          }),
        ),
      })
      assert.equal((await app.inject(preflight)).headers['x-seen'], '1')
    },
  ],
])

const ownOptions = (app: FastifyInstance): void => {
  handled((reply) => reply.send('x'))(app)
  app.options('/api/x', async (_request, reply) => reply.code(207).header('allow', 'GET').send('mine'))
}
const refusedPreflight: InjectOptions = { ...preflight, headers: { ...preflight.headers, origin: evil } }

table('preflight: "continue"', [
  [
    'hands an allowed preflight on, and its answer gets the headers',
    async () => {
      const { cors, status } = await answerOf({ plugin: { preflight: 'continue' }, routes: ownOptions }, preflight)
      assert.equal(status, 207)
      assert.deepEqual(cors, preflightAnswer)
    },
  ],
  [
    'answers a refused one itself',
    async () => {
      const { cors, status } = await answerOf(
        { plugin: { preflight: 'continue' }, routes: ownOptions },
        refusedPreflight,
      )
      assert.equal(status, 403)
      assert.deepEqual(cors, { vary: varyOptions })
    },
  ],
])

table('attach: "preflight"', [
  [
    'answers preflights',
    async () =>
      assert.deepEqual(
        (await answerOf({ plugin: { attach: 'preflight' }, routes: ownOptions }, preflight)).cors,
        preflightAnswer,
      ),
  ],
  [
    'leaves all else alone, and says so at start-up',
    async () => {
      const routes = handled((reply) => reply.header('access-control-allow-origin', evil).send('x'))
      const { cors, log } = await answerOf({ plugin: { attach: 'preflight' }, routes })
      assert.deepEqual(cors, { 'access-control-allow-origin': evil })
      assert.ok(log.includes('`attach` is "preflight": the headers of actual responses are left to something else'))
    },
  ],
  [
    'with "continue" the application answers, with the headers of the preflight',
    async () => {
      const plugin = { attach: 'preflight', preflight: 'continue' } as const
      assert.deepEqual((await answerOf({ plugin, routes: ownOptions }, preflight)).cors, preflightAnswer)
    },
  ],
])

table('debug', [
  [
    'answers a refused preflight of an allowed origin so that the browser names the reason',
    async () => {
      const request = { ...preflight, headers: { ...preflight.headers, 'access-control-request-headers': 'x-b' } }
      assert.equal((await answerOf({ routes: handled((reply) => reply.send('x')) }, request)).status, 403)
      const { cors, status } = await answerOf(
        { plugin: { debug: true }, routes: handled((reply) => reply.send('x')) },
        request,
      )
      assert.equal(status, 204)
      assert.equal(cors['access-control-allow-headers'], 'x-a')
    },
  ],
  [
    'is not handed on by "continue": it is refused',
    async () => {
      const request = { ...preflight, headers: { ...preflight.headers, 'access-control-request-headers': 'x-b' } }
      assert.equal(
        (await answerOf({ plugin: { debug: true, preflight: 'continue' }, routes: ownOptions }, request)).status,
        204,
      )
    },
  ],
])

table('the log', [
  [
    'tells refusals at debug, in lines that a header cannot forge',
    async () => {
      const forged = `https://a.example\n{"level":60,"msg":"owned"}\u001b[31m\u202e\``
      const { log } = await answerOf(
        { plugin: { logLevel: 'debug' }, routes: handled((reply) => reply.send('x')) },
        { url: '/api/x', headers: { origin: forged } },
      )
      assert.equal(
        log.at(-1),
        '`GET` of `/api/x` from `https://a.example\\u000a{"level":60,"msg":"owned"}\\u001b[31m\\u202e\\u0060`: refused, origin-malformed; route `GET /api/x`, rule `api` by the path',
      )
    },
  ],
  [
    'tells refusals at trace too, with the id of the request, and nothing of what is allowed or no CORS request',
    async () => {
      for (const logLevel of ['debug', 'trace'] as const) {
        const { app, log } = await makeServer({
          policy,
          plugin: { logLevel },
          fastify: { genReqId: () => 'the id' },
          routes: handled((reply) => reply.send('x')),
        })
        for (const headers of [{ origin: shop }, {}, { origin: evil }]) await app.inject({ url: '/api/x', headers })
        const told = log.filter(({ msg }) => msg.includes('/api/x')) as (LogLine & { readonly reqId?: string })[]
        assert.deepEqual(
          told.map(({ reqId, msg }) => [reqId, msg.includes('refused, origin-not-allowed')]),
          [['the id', true]],
        )
      }
    },
  ],
  [
    'tells no refusal by default',
    async () => {
      const { log } = await answerOf(
        { routes: handled((reply) => reply.send('x')) },
        { ...get, headers: { origin: evil } },
      )
      assert.deepEqual(
        log.filter((msg) => msg.includes('refused')),
        [],
      )
    },
  ],
  [
    'is silent at logLevel "silent"',
    async () =>
      assert.deepEqual(
        (
          await answerOf({
            plugin: { logLevel: 'silent', attach: 'preflight' },
            routes: handled((reply) => reply.send('x')),
          })
        ).log,
        [],
      ),
  ],
])
