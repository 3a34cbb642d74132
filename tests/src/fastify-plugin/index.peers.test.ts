/** Ways in which other CORS middleware has failed its users, each with the same wish made here. */
import assert from 'node:assert/strict'
import type { GrantDocument, PolicyDocument } from '@safeconduct/core'
import { frameworkErrors } from '@safeconduct/fastify'
import type { FastifyInstance, FastifyServerOptions, InjectOptions } from 'fastify'
import { corsHeaders, type Headers, makeServer, type ServerSetup } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const evil = 'https://evil.example'
const handler = async (): Promise<string> => 'x'

const one = (grant: Partial<GrantDocument>, paths: readonly string[] = ['/**']): PolicyDocument => ({
  version: 1,
  rules: [{ id: 'all', paths, allow: [{ origins: [shop], ...grant }] }],
})

/** A permissive rule for everything, and a strict one for a route to name. */
const twoRules: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'open', paths: ['/**'], allow: [{ origins: ['*'], methods: ['GET', 'PUT', 'DELETE'] }] },
    { id: 'strict', paths: [], allow: [{ origins: [shop], methods: ['DELETE'], credentials: true }] },
  ],
}

function announce(method: string, origin: string, headers?: string): InjectOptions['headers'] {
  return {
    origin,
    'access-control-request-method': method,
    ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
  }
}

interface Answer {
  readonly status: number
  readonly cors: Headers
  readonly body: string
}

async function ask(setup: ServerSetup, ...requests: readonly InjectOptions[]): Promise<Answer[]> {
  const { app } = await makeServer(setup)
  const answers: Answer[] = []
  for (const request of requests) {
    const response = await app.inject(request)
    answers.push({ status: response.statusCode, cors: corsHeaders(response), body: response.body })
  }
  return answers
}

const preflightTo = (url: string, method: string, origin = shop, headers?: string): InjectOptions => ({
  method: 'OPTIONS',
  url,
  headers: announce(method, origin, headers) ?? {},
})

async function refusesToStart(policy: unknown, message: RegExp): Promise<void> {
  await assert.rejects(async () => makeServer({ policy: policy as PolicyDocument }), message)
}

const failures: readonly (readonly [sentence: string, check: () => Promise<void>])[] = [
  [
    '1: the configuration of a route counts for its preflight: stricter',
    async () => {
      const routes = (app: FastifyInstance): unknown => app.delete('/x', { config: { cors: 'strict' } }, handler)
      const [strict, allowed] = await ask(
        { policy: twoRules, routes },
        preflightTo('/x', 'DELETE', evil),
        preflightTo('/x', 'DELETE'),
      )
      assert.equal(strict?.status, 403)
      assert.equal(allowed?.cors['access-control-allow-credentials'], 'true')
    },
  ],
  [
    '1: switched off',
    async () => {
      const routes = (app: FastifyInstance): unknown => app.delete('/x', { config: { cors: false } }, handler)
      const [off] = await ask({ policy: twoRules, routes }, preflightTo('/x', 'DELETE'))
      assert.deepEqual([off?.status, off?.cors], [403, {}])
    },
  ],
  [
    '1: and looser',
    async () => {
      const policy: PolicyDocument = {
        ...twoRules,
        rules: [{ id: 'none', paths: ['/**'], allow: [] }, ...twoRules.rules.slice(1)],
      }
      const routes = (app: FastifyInstance): unknown => app.delete('/x', { config: { cors: 'strict' } }, handler)
      const [loose, other] = await ask({ policy, routes }, preflightTo('/x', 'DELETE'), preflightTo('/y', 'DELETE'))
      assert.deepEqual([loose?.status, other?.status], [204, 403])
    },
  ],
  [
    '2: a misspelt key is an error, not a policy for everybody',
    () =>
      refusesToStart(
        { version: 1, rules: [{ id: 'a', paths: ['/**'], allow: [{ origin: [shop] }] }] },
        /unknown-key.*did you mean `origins`/,
      ),
  ],
  ['2: and so is a missing policy', () => refusesToStart(undefined, /`policy` is missing/)],
  [
    '3: an origin that is refused gets no header but Vary',
    async () => {
      const policy = one({ credentials: true, exposedHeaders: ['etag'], requestHeaders: ['x-a'], methods: ['PUT'] })
      const routes = (app: FastifyInstance): unknown => app.put('/x', handler)
      const [actual, preflight] = await ask(
        { policy, routes },
        { method: 'PUT', url: '/x', headers: { origin: evil } },
        preflightTo('/x', 'PUT', evil),
      )
      assert.deepEqual(Object.keys(actual?.cors ?? {}), ['vary'])
      assert.deepEqual(Object.keys(preflight?.cors ?? {}), ['vary'])
    },
  ],
  [
    '4: one listed origin is not sent to everybody, and the answer varies',
    async () => {
      const [stranger, none] = await ask(
        { policy: one({}), routes: (app) => app.get('/x', handler) },
        { url: '/x', headers: { origin: evil } },
        { url: '/x' },
      )
      assert.deepEqual(stranger?.cors, { vary: 'Origin' })
      assert.deepEqual(none?.cors, { vary: 'Origin' })
    },
  ],
  [
    '5: "*" with credentials does not load',
    () => refusesToStart(one({ origins: ['*'], credentials: true }), /any-origin-with-credentials/),
  ],
  ['5: nor does null', () => refusesToStart(one({ origins: ['null'], credentials: true }), /null-origin/)],
  [
    '6: Vary of a handler is merged, not lost and not winning',
    async () => {
      const routes = (app: FastifyInstance): unknown =>
        app.get('/x', async (_request, reply) => reply.header('vary', 'Accept').send('x'))
      const [answer] = await ask({ policy: one({}), routes }, { url: '/x', headers: { origin: shop } })
      assert.equal(answer?.cors.vary, 'Accept, Origin')
    },
  ],
  [
    '7: a preflight varies on all that it was decided by; what is the same for everybody does not vary',
    async () => {
      const [preflight] = await ask({ policy: one({}) }, preflightTo('/x', 'GET', evil))
      assert.equal(preflight?.cors.vary, 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
      const routes = (app: FastifyInstance): unknown => app.get('/x', handler)
      const answers = await ask(
        { policy: one({ origins: ['*'] }), routes },
        { url: '/x' },
        { url: '/x', headers: { origin: evil } },
      )
      for (const { cors } of answers) assert.deepEqual(cors, { 'access-control-allow-origin': '*' })
    },
  ],
  [
    "8: the application's own catch-all routes do not collide with the plugin",
    async () => {
      const routes = (app: FastifyInstance): void => {
        app.all('*', async () => 'all')
        app.options('/x', async () => 'mine')
      }
      const [all, mine, preflight] = await ask(
        { policy: one({}), routes },
        { url: '/y' },
        { method: 'OPTIONS', url: '/x' },
        preflightTo('/x', 'GET'),
      )
      assert.deepEqual([all?.body, mine?.body, preflight?.status], ['all', 'mine', 204])
    },
  ],
  [
    '9: a prefix with a parameter, and what is not found in a prefix',
    async () => {
      const routes = (app: FastifyInstance): unknown =>
        app.register(
          async (child) => {
            child.get('/x', handler)
            child.setNotFoundHandler(async (_request, reply) => reply.code(404).send('none'))
          },
          { prefix: '/:tenant' },
        )
      const [preflight, missing, sibling] = await ask(
        { policy: one({}, ['/*/x', '/*/y']), routes },
        preflightTo('/a/x', 'GET'),
        { url: '/a/y', headers: { origin: shop } },
        preflightTo('/elsewhere', 'GET'),
      )
      assert.equal(preflight?.status, 204)
      assert.deepEqual([missing?.body, missing?.cors['access-control-allow-origin']], ['none', shop])
      assert.equal(sibling?.status, 403)
    },
  ],
  [
    '10: OPTIONS that is no preflight is neither refused nor swallowed',
    async () => {
      const routes = (app: FastifyInstance): unknown => app.options('/x', async () => 'mine')
      const [bare, withOrigin] = await ask(
        { policy: one({}), routes },
        { method: 'OPTIONS', url: '/x' },
        { method: 'OPTIONS', url: '/x', headers: { origin: shop } },
      )
      assert.deepEqual([bare?.body, withOrigin?.body], ['mine', 'mine'])
    },
  ],
  [
    '11: answers of hooks that come before the plugin have the headers',
    async () => {
      const before = (app: FastifyInstance): unknown =>
        app.addHook('onRequest', async (_request, reply) => reply.code(429).send('slow'))
      const [answer] = await ask(
        { policy: one({}), before, routes: (app) => app.get('/x', handler) },
        { url: '/x', headers: { origin: shop } },
      )
      assert.deepEqual([answer?.status, answer?.cors['access-control-allow-origin']], [429, shop])
    },
  ],
  [
    '11: authentication behind the plugin does not see preflights',
    async () => {
      const routes = (app: FastifyInstance): void => {
        app.addHook('onRequest', async (_request, reply) => reply.code(401).send('who'))
        app.get('/x', handler)
      }
      const [preflight] = await ask({ policy: one({}), routes }, preflightTo('/x', 'GET'))
      assert.equal(preflight?.status, 204)
    },
  ],
  [
    '12: a hijacked reply keeps them',
    async () => {
      const routes = (app: FastifyInstance): unknown =>
        app.get('/x', (_request, reply) => {
          reply.hijack()
          reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
          reply.raw.end('data: 1\n\n')
        })
      const [answer] = await ask({ policy: one({}), routes }, { url: '/x', headers: { origin: shop } })
      assert.deepEqual(answer?.cors, { 'access-control-allow-origin': shop, vary: 'Origin' })
    },
  ],
  [
    '13: an answer that Fastify gives before any hook can have them',
    async () => {
      const fastify = { frameworkErrors: frameworkErrors() } as FastifyServerOptions
      const [answer] = await ask(
        { policy: one({}), fastify, routes: (app) => app.get('/:id', handler) },
        { url: `/${'x'.repeat(101)}`, headers: { origin: shop } },
      )
      assert.deepEqual([answer?.status, answer?.cors['access-control-allow-origin']], [414, shop])
    },
  ],
  [
    '14: a host that ends like a listed one is another host',
    async () => {
      const policy = one({ origins: ['https://*.shop.example', shop] })
      for (const origin of [
        'https://evilshop.example',
        'https://shop.example.evil.example',
        'https://shop-example',
        'https://a.shop.example.',
      ]) {
        const [answer] = await ask(
          { policy, routes: (app) => app.get('/x', handler) },
          { url: '/x', headers: { origin } },
        )
        assert.equal(answer?.cors['access-control-allow-origin'], undefined, origin)
      }
    },
  ],
  [
    '14: a request without Origin is no error',
    async () => {
      const [answer] = await ask({ policy: one({}), routes: (app) => app.get('/x', handler) }, { url: '/x' })
      assert.deepEqual([answer?.status, answer?.body], [200, 'x'])
    },
  ],
  [
    '15: a preflight is held against the method and the headers that it announces',
    async () => {
      const policy = one({ methods: ['PUT'], requestHeaders: ['x-a'] })
      const answers = await ask(
        { policy },
        preflightTo('/x', 'DELETE'),
        preflightTo('/x', 'PUT', shop, 'x-b'),
        preflightTo('/x', 'PUT', shop, 'x-a'),
        preflightTo('/x', 'PUT', shop, 'x a'),
      )
      assert.deepEqual(
        answers.map(({ status }) => status),
        [403, 403, 204, 403],
      )
    },
  ],
  ['15: maxAge is a number of seconds', () => refusesToStart(one({ maxAge: 'abc' }), /maxAge|schema/)],
  [
    '15: an origin that never matches is an error: a slash',
    () => refusesToStart(one({ origins: [`${shop}/`] }), /invalid-origin.*`https:\/\/shop\.example`/),
  ],
  ['15: upper case', () => refusesToStart(one({ origins: ['https://Shop.example'] }), /invalid-origin/)],
  ['15: the default port', () => refusesToStart(one({ origins: [`${shop}:443`] }), /invalid-origin/)],
  [
    '15: bytes that no header may hold do not end in an error of the server',
    async () => {
      const answers = await ask(
        { policy: one({ origins: ['*'] }), routes: (app) => app.get('/x', handler) },
        { url: '/x', headers: { origin: 'https://\u4f60.example' } },
        { url: '/x', headers: { origin: 'a\u0000b' } },
      )
      for (const { status, cors } of answers)
        assert.deepEqual([status, cors], [200, { 'access-control-allow-origin': '*' }])
    },
  ],
  [
    '16: a private network is not opened by the way',
    async () => {
      const request = preflightTo('/x', 'GET')
      const [answer] = await ask(
        { policy: one({}) },
        { ...request, headers: { ...request.headers, 'access-control-request-private-network': 'true' } },
      )
      assert.equal(answer?.status, 204)
      assert.equal(answer?.cors['access-control-allow-private-network'], undefined)
    },
  ],
  [
    '17: a route declared before the plugin is closed, and told',
    async () => {
      const { app, log } = await makeServer({ policy: one({}), before: (a) => a.get('/early', handler) })
      const { headers } = await app.inject({ url: '/early', headers: { origin: shop } })
      assert.equal(headers['access-control-allow-origin'], undefined)
      assert.ok(log.some(({ level, msg }) => level === 40 && msg.includes('`GET,HEAD /early`')))
    },
  ],
  [
    'others: a maxAge of 0 is sent',
    async () => {
      const [answer] = await ask({ policy: one({ maxAge: 0 }) }, preflightTo('/x', 'GET'))
      assert.equal(answer?.cors['access-control-max-age'], '0')
    },
  ],
  [
    'others: several origins are several, not one value',
    async () => {
      const policy = one({ origins: [shop, 'https://two.example'] })
      const [answer] = await ask(
        { policy, routes: (app) => app.get('/x', handler) },
        { url: '/x', headers: { origin: 'https://two.example' } },
      )
      assert.equal(answer?.cors['access-control-allow-origin'], 'https://two.example')
    },
  ],
  [
    'others: the same request has the same answer twice',
    async () => {
      const request: InjectOptions = { url: '/x', headers: { origin: 'https://a.shop.example' } }
      const answers = await ask(
        { policy: one({ origins: ['https://*.shop.example'] }), routes: (app) => app.get('/x', handler) },
        request,
        request,
        request,
      )
      assert.deepEqual(
        answers.map(({ cors }) => cors['access-control-allow-origin']),
        Array(3).fill('https://a.shop.example'),
      )
    },
  ],
  [
    "others: the request's own Vary is not copied into the answer",
    async () => {
      const [answer] = await ask(
        { policy: one({}), routes: (app) => app.get('/x', handler) },
        { url: '/x', headers: { origin: shop, vary: 'X-Evil' } },
      )
      assert.equal(answer?.cors.vary, 'Origin')
    },
  ],
  [
    'others: names of every object are no origins, rules or methods',
    async () => {
      const answers = await ask(
        { policy: one({ methods: ['GET'] }), routes: (app) => app.get('/x', handler) },
        ...['__proto__', 'constructor', 'toString'].flatMap((name): InjectOptions[] => [
          { url: '/x', headers: { origin: name } },
          preflightTo('/x', name),
          preflightTo('/x', 'GET', shop, name),
        ]),
      )
      assert.deepEqual(
        answers.filter(({ cors }) => cors['access-control-allow-origin'] !== undefined),
        [],
      )
    },
  ],
]

table(
  'failures of others that do not befall us',
  failures.map(([sentence, check]): Row => [sentence, check]),
)
