/** What the plugin does for requests and routes, over inject. Each row has a server of its own. */
import assert from 'node:assert/strict'
import fastifyCors from '@fastify/cors'
import type { PolicyDocument } from '@safeconduct/core'
import { SafeconductError, type SafeconductErrorCode } from '@safeconduct/fastify'
import type { FastifyInstance, InjectOptions } from 'fastify'
import fp from 'fastify-plugin'
import { corsHeaders, declareServer, type Headers, makeServer, type ServerSetup } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const boss = 'https://boss.example'
const evil = 'https://evil.example'

const policy: PolicyDocument = {
  version: 1,
  rules: [
    {
      id: 'orders',
      paths: ['/api/orders/**'],
      allow: [
        {
          origins: [shop],
          methods: ['GET', 'PUT'],
          requestHeaders: ['x-a'],
          exposedHeaders: ['etag'],
          credentials: true,
          maxAge: '2h',
        },
      ],
    },
    { id: 'public', paths: ['/public/**'], allow: [{ origins: ['*'], methods: ['GET'] }] },
    { id: 'internal', paths: ['/internal/**'], allow: [] },
    { id: 'boss', paths: [], allow: [{ origins: [boss], methods: ['GET', 'DELETE'], credentials: true }] },
    { id: 'served', paths: ['/served/**'], allow: [{ origins: [shop], methods: 'served' }] },
  ],
}

const varyOptions = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
const shared = { 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true' }
const actual = { ...shared, 'access-control-expose-headers': 'etag', vary: 'Origin' }
const preflightOfOrders = {
  ...shared,
  'access-control-allow-methods': 'GET,HEAD,PUT',
  'access-control-allow-headers': 'x-a',
  'access-control-max-age': '7200',
  vary: varyOptions,
}

const handler = async (): Promise<string> => 'x'

function typicalRoutes(app: FastifyInstance): void {
  app.get('/api/orders/:id', handler)
  app.put('/api/orders/:id', handler)
  app.get('/public/a', handler)
  app.get('/internal/a', handler)
  app.get('/boss', { config: { cors: 'boss' } }, handler)
  app.delete('/public/boss', { config: { cors: 'boss' } }, handler)
  app.get('/public/off', { config: { cors: false } }, handler)
  app.get('/served/:id', handler)
  app.post('/served/:id', handler)
  app.get('/none', handler)
}

const longRoute = `/api/orders/${'x'.repeat(3000)}`

interface Expected {
  readonly status?: number
  readonly cors: Headers
}

async function expectAnswer(
  setup: Partial<ServerSetup>,
  request: InjectOptions,
  { status, cors }: Expected,
): Promise<void> {
  const { app } = await makeServer({ policy, routes: typicalRoutes, ...setup })
  const response = await app.inject(request)
  assert.deepEqual(corsHeaders(response), cors)
  if (status !== undefined) assert.equal(response.statusCode, status)
}

function preflight(url: string, method: string, origin = shop, headers?: string): InjectOptions {
  return {
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
    },
  }
}

const from = (url: string, origin: string = shop, method: InjectOptions['method'] = 'GET'): InjectOptions => ({
  method: method ?? 'GET',
  url,
  headers: { origin },
})

function answers(
  rows: readonly (readonly [sentence: string, request: InjectOptions, expected: Expected])[],
  setup: Partial<ServerSetup> = {},
): Row[] {
  return rows.map(([sentence, request, expected]) => [sentence, () => expectAnswer(setup, request, expected)])
}

table('an actual request', [
  ...answers([
    ['of an allowed origin', from('/api/orders/1'), { status: 200, cors: actual }],
    [
      'of another origin reaches the handler, and carries only Vary',
      from('/api/orders/1', evil),
      { status: 200, cors: { vary: 'Origin' } },
    ],
    ['without Origin', { url: '/api/orders/1' }, { status: 200, cors: { vary: 'Origin' } }],
    ['of HEAD', from('/api/orders/1', shop, 'HEAD'), { status: 200, cors: actual }],
    [
      'of a method that the grant lacks',
      from('/api/orders/1', shop, 'POST'),
      { status: 404, cors: { vary: 'Origin' } },
    ],
    ['that no route serves, under a rule', from('/api/orders/1/2'), { status: 404, cors: actual }],
    ['that no route serves, without a rule', from('/no/where'), { status: 404, cors: {} }],
    ['to a public path', from('/public/a', evil), { cors: { 'access-control-allow-origin': '*' } }],
    ['to a public path, without Origin', { url: '/public/a' }, { cors: { 'access-control-allow-origin': '*' } }],
    ['to a path where nobody is allowed', from('/internal/a'), { status: 200, cors: {} }],
    ['to a path without a rule', from('/none'), { status: 200, cors: {} }],
    [
      'to a route that names its rule',
      from('/boss', boss),
      { cors: { ...shared, 'access-control-allow-origin': boss, vary: 'Origin' } },
    ],
    ['to a route that names its rule, of an origin that it lacks', from('/boss'), { cors: { vary: 'Origin' } }],
    ['to a route that is switched off below a public path', from('/public/off'), { cors: {} }],
    [
      'by a method that is served',
      from('/served/1', shop, 'POST'),
      { cors: { 'access-control-allow-origin': shop, vary: 'Origin' } },
    ],
    ['with a query', from('/api/orders/1?a=/../b%zz'), { cors: actual }],
    ['with an empty Origin', from('/api/orders/1', ''), { cors: { vary: 'Origin' } }],
  ]),
  ...answers([['to a route that is longer than any glob', from(longRoute), { status: 200, cors: actual }]], {
    routes: (app) => app.get(longRoute, handler),
  }),
])

table('a preflight', [
  ...answers([
    [
      'is answered with the whole grant',
      preflight('/api/orders/1', 'PUT', shop, 'x-a'),
      { status: 204, cors: preflightOfOrders },
    ],
    ['of another origin', preflight('/api/orders/1', 'PUT', evil), { status: 403, cors: { vary: varyOptions } }],
    [
      'of a method that the grant lacks',
      preflight('/api/orders/1', 'DELETE'),
      { status: 403, cors: { vary: varyOptions } },
    ],
    [
      'of a header that the grant lacks',
      preflight('/api/orders/1', 'PUT', shop, 'x-b'),
      { status: 403, cors: { vary: varyOptions } },
    ],
    ['to a path without a rule', preflight('/none', 'PUT'), { status: 403, cors: {} }],
    [
      'is decided by the route that it announces, by its name',
      preflight('/public/boss', 'DELETE', boss),
      {
        status: 204,
        cors: {
          'access-control-allow-origin': boss,
          'access-control-allow-credentials': 'true',
          // The path's own rule decides other methods of this URL, so the browser's cache must not spread this answer.
          'access-control-allow-methods': 'DELETE',
          'access-control-max-age': '0',
          vary: varyOptions,
        },
      },
    ],
    [
      'of another method of that URL is decided by the path',
      preflight('/public/boss', 'PUT', boss),
      { status: 403, cors: { vary: varyOptions } },
    ],
    ['to a route that is switched off', preflight('/public/off', 'GET'), { status: 403, cors: {} }],
    [
      'to a route whose rule has no path is listed in full',
      preflight('/boss', 'GET', boss),
      {
        status: 204,
        cors: {
          'access-control-allow-origin': boss,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'GET,HEAD,DELETE',
          'access-control-max-age': '600',
          vary: varyOptions,
        },
      },
    ],
    [
      'lists the methods that are served at the path',
      preflight('/served/1', 'POST'),
      {
        status: 204,
        cors: {
          'access-control-allow-origin': shop,
          'access-control-allow-methods': 'GET,HEAD,POST',
          'access-control-max-age': '600',
          vary: varyOptions,
        },
      },
    ],
    ['of a method that nobody serves', preflight('/served/1', 'DELETE'), { status: 403, cors: { vary: varyOptions } }],
    ['of a method in lower case', preflight('/api/orders/1', 'put'), { status: 403, cors: { vary: varyOptions } }],
    ['of something that is no method', preflight('/api/orders/1', 'P T'), { status: 403, cors: { vary: varyOptions } }],
    [
      'of a name that every object has',
      preflight('/served/1', '__proto__'),
      { status: 403, cors: { vary: varyOptions } },
    ],
  ]),
  [
    'has no body, and says so where its status allows one',
    async () => {
      const { app } = await makeServer({ policy: { ...policy, preflightStatus: 200 }, routes: typicalRoutes })
      const response = await app.inject(preflight('/api/orders/1', 'PUT'))
      assert.equal(response.statusCode, 200)
      assert.equal(response.headers['content-length'], '0')
      assert.equal(response.body, '')
      const without = await makeServer({ policy, routes: typicalRoutes })
      assert.equal((await without.app.inject(preflight('/api/orders/1', 'PUT'))).headers['content-length'], undefined)
    },
  ],
  [
    'is answered before the body is looked at',
    () =>
      expectAnswer(
        {},
        {
          ...preflight('/api/orders/1', 'PUT'),
          headers: { ...preflight('/api/orders/1', 'PUT').headers, 'content-type': 'application/json' },
          payload: '{bad',
        },
        { status: 204, cors: preflightOfOrders },
      ),
  ],
])

const withOptions = (app: FastifyInstance): void => {
  typicalRoutes(app)
  app.options('/api/orders/:id', async () => 'the options')
}

table('OPTIONS that is no preflight goes to the application', [
  ...answers(
    [
      ['without any header', { method: 'OPTIONS', url: '/api/orders/1' }, { status: 200, cors: { vary: varyOptions } }],
      ['with Origin alone', from('/api/orders/1', shop, 'OPTIONS'), { status: 200, cors: { vary: varyOptions } }],
      [
        'with Access-Control-Request-Method alone',
        { method: 'OPTIONS', url: '/api/orders/1', headers: { 'access-control-request-method': 'PUT' } },
        { status: 200, cors: { vary: varyOptions } },
      ],
      ['a preflight does not', preflight('/api/orders/1', 'PUT'), { status: 204, cors: preflightOfOrders }],
    ],
    { routes: withOptions },
  ),
  ...answers([
    ['and is not found where nothing serves it', { method: 'OPTIONS', url: '/none' }, { status: 404, cors: {} }],
  ]),
  [
    'no OPTIONS route is declared, so the application can have its own',
    async () => {
      const { app } = await makeServer({ policy, routes: (a) => a.all('*', async () => 'all') })
      assert.equal((await app.inject({ method: 'OPTIONS', url: '/x' })).body, 'all')
      assert.equal((await app.inject(preflight('/api/orders/1', 'PUT'))).statusCode, 204)
    },
  ],
  [
    'a preflight may announce OPTIONS itself',
    async () => {
      const rules = [{ id: 'a', paths: ['/**'], allow: [{ origins: [shop], methods: ['OPTIONS'] }] }]
      const { app } = await makeServer({
        policy: { version: 1, rules },
        routes: (a) => a.options('/x', async () => 'own'),
      })
      assert.equal((await app.inject(preflight('/x', 'OPTIONS'))).headers['access-control-allow-methods'], 'OPTIONS')
      assert.equal((await app.inject(from('/x', shop, 'OPTIONS'))).body, 'own')
    },
  ],
])

const inPrefix = (app: FastifyInstance): void => {
  app.register(
    async (child) => {
      child.get('/', handler)
      child.put('/:id', handler)
      child.setNotFoundHandler(async (_request, reply) => reply.code(404).send('not here'))
    },
    { prefix: '/api/orders' },
  )
}

table('scopes of Fastify', [
  ...answers(
    [
      ['a route of a prefix', from('/api/orders'), { status: 200, cors: actual }],
      [
        'the same with a slash, which Fastify declares of its own accord',
        from('/api/orders/'),
        { status: 200, cors: actual },
      ],
      ['a preflight in a prefix', preflight('/api/orders/1', 'PUT'), { status: 204, cors: preflightOfOrders }],
      ['not found in a prefix with a handler of its own', from('/api/orders/1'), { status: 404, cors: actual }],
      [
        'a preflight for what is not found there',
        preflight('/api/orders/a/b', 'PUT'),
        { status: 204, cors: preflightOfOrders },
      ],
    ],
    { routes: inPrefix },
  ),
  [
    'a route of a prefix that names a rule keeps it under both spellings',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: (a) =>
          a.register(async (child) => child.get('/', { config: { cors: 'boss' } }, handler), { prefix: '/public/x' }),
      })
      for (const url of ['/public/x', '/public/x/']) {
        assert.equal((await app.inject(from(url, boss))).headers['access-control-allow-origin'], boss)
        assert.equal((await app.inject(preflight(url, 'GET', boss))).statusCode, 204)
        assert.equal((await app.inject(preflight(url, 'GET', evil))).statusCode, 403)
      }
    },
  ],
  [
    'a custom not-found handler, and reply.callNotFound()',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: (a) => {
          a.setNotFoundHandler(async (_request, reply) => reply.code(404).send('no'))
          a.get('/api/orders/:id', (_request, reply) => reply.callNotFound())
        },
      })
      for (const url of ['/api/orders/1', '/api/orders/1/2']) {
        const response = await app.inject(from(url))
        assert.equal(response.body, 'no')
        assert.deepEqual(corsHeaders(response), actual)
      }
    },
  ],
  [
    'without HEAD routes a HEAD is not found, and decided by the path',
    async () => {
      const { app } = await makeServer({ policy, fastify: { exposeHeadRoutes: false }, routes: typicalRoutes })
      assert.equal((await app.inject(from('/api/orders/1', shop, 'HEAD'))).statusCode, 404)
      assert.equal(
        (await app.inject(preflight('/served/1', 'GET'))).headers['access-control-allow-methods'],
        'GET,POST,HEAD',
      )
    },
  ],
])

async function startUp(setup: Partial<ServerSetup>, code: SafeconductErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(
    async () => makeServer({ policy, ...setup }),
    (error) => {
      assert.ok(error instanceof SafeconductError, String(error))
      assert.equal(error.code, code)
      assert.match(error.message, message)
      return true
    },
  )
}

table('what keeps a server from starting', [
  [
    'a route that names an unknown rule: each, with the rules there are',
    () =>
      startUp(
        {
          routes: (a) => {
            a.get('/a', { config: { cors: 'bos' } }, handler)
            a.put('/b/:id', { config: { cors: 'Orders' } }, handler)
          },
        },
        'SAFECONDUCT_ROUTES',
        /\n`GET,HEAD \/a`: `config\.cors` names `bos`, which is no rule .* `orders`, `public`.*\n`PUT \/b\/:id`: `config/,
      ),
  ],
  ...[true, {}, 1, null].map(
    (cors): Row => [
      `\`config.cors\` ${JSON.stringify(cors)}`,
      () =>
        startUp(
          { routes: (a) => a.get('/a', { config: { cors: cors as never } }, handler) },
          'SAFECONDUCT_ROUTES',
          /`GET,HEAD \/a`: `config\.cors` is of type \w+; give the id of a rule, or false/,
        ),
    ],
  ),
  [
    'the plugin registered twice',
    async () => {
      const { default: safeconduct } = await import('@safeconduct/fastify')
      await startUp({ routes: (a) => a.register(safeconduct, { policy }) }, 'SAFECONDUCT_TWICE', /registered twice/)
      await startUp(
        { routes: (a) => a.register(async (child) => child.register(safeconduct, { policy })) },
        'SAFECONDUCT_TWICE',
        /registered twice/,
      )
    },
  ],
  [
    'the plugin in a scope of its own',
    async () => {
      const { default: safeconduct } = await import('@safeconduct/fastify')
      const { default: Fastify } = await import('fastify')
      const app = Fastify()
      app.register(async (child) => child.register(safeconduct, { policy }), { prefix: '/api' })
      await assert.rejects(async () => app.ready(), {
        code: 'SAFECONDUCT_SCOPE',
        message:
          /in a scope of its own, .*; register it on the root instance, or wrap the plugin around it with fastify-plugin$/,
      })
    },
  ],
  [
    'a plugin around it may be wrapped',
    async () => {
      const { default: safeconduct } = await import('@safeconduct/fastify')
      const { default: Fastify } = await import('fastify')
      const app = Fastify()
      app.register(
        fp(async (inner: FastifyInstance) => {
          await inner.register(safeconduct, { policy })
          inner.get('/api/orders/:id', handler)
        }),
      )
      assert.deepEqual(corsHeaders(await app.inject(from('/api/orders/1'))), actual)
    },
  ],
  [
    '@fastify/cors before it',
    () =>
      startUp(
        { before: (a) => a.register(fastifyCors) },
        'SAFECONDUCT_BESIDE_CORS',
        /@fastify\/cors is registered too/,
      ),
  ],
  [
    '@fastify/cors behind it',
    () => startUp({ routes: (a) => a.register(fastifyCors) }, 'SAFECONDUCT_BESIDE_CORS', /one of them has to go/),
  ],
  [
    '@fastify/cors in some scope, before or behind it',
    async () => {
      const inScope = (a: FastifyInstance): unknown =>
        a.register(async (child) => child.register(fastifyCors), { prefix: '/x' })
      await startUp({ before: inScope }, 'SAFECONDUCT_BESIDE_CORS', /too/)
      await startUp({ routes: inScope }, 'SAFECONDUCT_BESIDE_CORS', /too/)
    },
  ],
])

/** A scope whose routes are changed by a hook of its own, which runs after ours. */
function changing(change: (route: { config?: object; url: string; method: string | string[] }) => void) {
  return (app: FastifyInstance): unknown =>
    app.register(
      async (scope) => {
        scope.addHook('onRoute', (route) => change(route as Parameters<typeof change>[0]))
        scope.get('/x', { exposeHeadRoute: false }, handler)
        scope.get('/', handler)
      },
      { prefix: '/api/orders' },
    )
}

const closing = changing((route) => {
  route.config = { ...route.config, cors: false }
})
const handing = changing((route) => {
  Object.assign(route.config ?? {}, { cors: 'boss' })
})
const changed = /`GET \/api\/orders\/x` after safeconduct had seen it; let it run before, or leave/

table('an onRoute hook behind ours', [
  ...answers(
    [
      ['closes a route', from('/api/orders/x'), { status: 200, cors: {} }],
      ['and its preflights', preflight('/api/orders/x', 'GET'), { status: 403, cors: {} }],
      ['under both spellings of a prefix', from('/api/orders/'), { status: 200, cors: {} }],
      ['without a slash too', from('/api/orders'), { status: 200, cors: {} }],
    ],
    { routes: closing },
  ),
  ...answers(
    [
      [
        'names a rule',
        from('/api/orders/x', boss),
        { cors: { ...shared, 'access-control-allow-origin': boss, vary: 'Origin' } },
      ],
      ['which is the only one', from('/api/orders/x'), { cors: { vary: 'Origin' } }],
    ],
    { routes: handing },
  ),
  [
    'may put back what is there',
    () =>
      expectAnswer(
        {
          routes: changing((route) => {
            route.config = { ...route.config, own: 1 }
          }),
        },
        from('/api/orders/x'),
        { cors: actual },
      ),
  ],
  [
    'that names no rule of the policy keeps the server from starting',
    () =>
      startUp(
        {
          routes: changing((route) => {
            route.config = { ...route.config, cors: 'bos' }
          }),
        },
        'SAFECONDUCT_ROUTES',
        /`config\.cors` names `bos`/,
      ),
  ],
  ...(
    [
      ['that loses our entry', (route) => Object.assign(route, { config: { cors: 'boss' } })],
      ['that moves it', (route) => Object.assign(route, { url: `/public${route.url}` })],
      ['that gives it a method more', (route) => Object.assign(route, { method: ['GET', 'DELETE'] })],
      ['that gives it another method', (route) => Object.assign(route, { method: 'DELETE' })],
      ['that gives it a host', (route) => Object.assign(route, { constraints: { host: 'a.example' } })],
    ] satisfies readonly (readonly [string, Parameters<typeof changing>[0]])[]
  ).map(
    ([what, change]): Row => [
      `${what} keeps the server from starting`,
      () =>
        startUp(
          { routes: changing((route) => void (route.url === '/api/orders/x' && change(route))) },
          'SAFECONDUCT_ROUTES',
          changed,
        ),
    ],
  ),
])

table('two servers of one process', [
  [
    'share nothing through the config of a route that one hands to the other',
    async () => {
      const first = await declareServer({ policy })
      const second = await declareServer({
        policy: { version: 1, rules: [{ id: 'all', paths: ['/api/**'], allow: [{ origins: ['*'] }] }] },
        before: (b) => {
          first.app.addHook('onRoute', ({ method, url, handler: handle, config }) => {
            if (method === 'GET') b.route({ method, url, handler: handle, ...(config && { config }) })
          })
          typicalRoutes(first.app)
        },
        routes: (b) => b.get('/api/own', handler),
      })
      await second.app.ready()
      // Declared before the second's plugin: nobody is allowed there.
      assert.deepEqual(corsHeaders(await second.app.inject(from('/api/orders/1'))), {})
      await first.app.ready()
      assert.deepEqual(corsHeaders(await first.app.inject(from('/api/orders/1'))), actual)
    },
  ],
])

table('app.safeconduct', [
  [
    'has the policy in force',
    async () => {
      const { app } = await makeServer({ policy, routes: typicalRoutes })
      assert.deepEqual(
        app.safeconduct.policy.rules.map(({ id }) => id),
        policy.rules.map(({ id }) => id),
      )
    },
  ],
  [
    'evaluates and explains a request as it is decided',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: (a) =>
          a.get('/public/*', { config: { cors: 'boss' } }, async (request) => {
            const { sentence, ...rest } = a.safeconduct.explain(request)
            return { decision: a.safeconduct.evaluate(request), rest, sentence }
          }),
      })
      const { decision, rest, sentence } = (await app.inject(from('/public/a%2fb?c', boss))).json()
      assert.deepEqual(decision, {
        kind: 'actual',
        allowed: true,
        ruleId: 'boss',
        reason: 'allowed',
        headers: { 'access-control-allow-origin': boss, 'access-control-allow-credentials': 'true' },
        vary: ['Origin'],
      })
      assert.deepEqual(rest, {
        request: { method: 'GET', path: '/public/a%2Fb', origin: boss, rule: 'boss' },
        decision,
        route: { methods: ['GET'], url: '/public/*' },
        chosenBy: 'config.cors',
      })
      assert.equal(
        sentence,
        '`GET` of `/public/a%2Fb` from `https://boss.example`: allowed; route `GET /public/*`, rule `boss` by its `config.cors`',
      )
    },
  ],
  [
    'explains requests of Node, preflights and refusals among them',
    async () => {
      const { app } = await makeServer({ policy, before: (a) => a.get('/early', handler), routes: typicalRoutes })
      const explain = (method: string, url: string, headers: Record<string, string> = {}): string =>
        app.safeconduct.explain({ method, url, headers }).sentence
      const announce = { origin: shop, 'access-control-request-method': 'PUT' }
      assert.equal(
        explain('OPTIONS', '/api/orders/7', announce),
        'preflight for `PUT` of `/api/orders/7` from `https://shop.example`: allowed; route `PUT /api/orders/:id`, rule `orders` by the path',
      )
      assert.equal(
        explain('OPTIONS', '/api/orders/7/8', { ...announce, origin: evil }),
        'preflight for `PUT` of `/api/orders/7/8` from `https://evil.example`: refused, origin-not-allowed; no route, rule `orders` by the path',
      )
      assert.equal(
        explain('GET', '/none'),
        '`GET` of `/none` without Origin: no CORS request; route `GET /none`, no rule by the path',
      )
      assert.equal(
        explain('GET', '/a/../b', { origin: shop }),
        '`GET` of a path that has no canonical form from `https://shop.example`: refused, path-malformed; no route, no rule by the path',
      )
      assert.equal(
        explain('GET', '/early', { origin: shop }),
        '`GET` of `/early` from `https://shop.example`: refused, nobody-allowed; route `GET,HEAD /early`, declared before the plugin: nobody is allowed',
      )
      assert.match(explain('GET', '/none', { origin: 'a`\n\u001b[31m' }), /from `a\\u0060\\u000a\\u001b\[31m`/)
    },
  ],
  [
    'explains routes that are switched off, or were not seen',
    async () => {
      const { app } = await makeServer({
        policy,
        before: (a) =>
          a.get('/early', { constraints: { version: '1.0.0' } }, async (request) => a.safeconduct.explain(request)),
        routes: (a) => {
          a.get('/early', { config: { cors: false } }, handler)
          a.get('/off', { config: { cors: false } }, handler)
        },
      })
      const off = app.safeconduct.explain({ method: 'GET', url: '/off', headers: { origin: shop } })
      assert.equal(off.chosenBy, 'config.cors')
      assert.match(off.sentence, /: refused, nobody-allowed; route `GET \/off`, no rule by its `config\.cors`$/)
      const headers = { origin: shop, 'accept-version': '1.0.0' }
      const unseen = (await app.inject({ url: '/early', headers })).json()
      assert.equal(unseen.chosenBy, 'unseen')
      assert.match(unseen.sentence, /; no route, declared before the plugin: nobody is allowed$/)
    },
  ],
  [
    'says for a WebSocket upgrade whether the origin may read a GET with credentials',
    async () => {
      const { app } = await makeServer({ policy, routes: typicalRoutes })
      const mayOpen = (url: string, origin?: string): boolean =>
        app.safeconduct.isOriginAllowed({
          method: 'GET',
          url,
          headers: { upgrade: 'websocket', ...(origin === undefined ? {} : { origin }) },
        })
      assert.equal(mayOpen('/api/orders/1', shop), true)
      assert.equal(mayOpen('/api/orders/1', evil), false)
      assert.equal(mayOpen('/boss', boss), true)
      assert.equal(mayOpen('/boss', shop), false)
      // A browser always sends Origin with an upgrade.
      assert.equal(mayOpen('/api/orders/1'), false)
      // Cookies come with every handshake, and "*" is for the anonymous.
      assert.equal(mayOpen('/public/a', shop), false)
      assert.equal(mayOpen('/served/1', shop), false)
      assert.equal(mayOpen('/internal/a', shop), false)
      assert.equal(mayOpen('/api/orders/../orders', shop), false)
    },
  ],
  [
    'the same in a handler',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: (a) =>
          a.get('/x', { config: { cors: 'boss' } }, async (request) => ({
            mayOpen: a.safeconduct.isOriginAllowed(request),
          })),
      })
      assert.deepEqual((await app.inject(from('/x', boss))).json(), { mayOpen: true })
      assert.deepEqual((await app.inject(from('/x', shop))).json(), { mayOpen: false })
    },
  ],
  [
    'cannot be asked before the routes are known',
    async () => {
      const { app } = await declareServer({ policy, routes: typicalRoutes })
      assert.throws(() => app.safeconduct.evaluate({ method: 'GET', url: '/', headers: {} }), {
        code: 'SAFECONDUCT_NOT_READY',
        message: /asked before `app\.ready\(\)`/,
      })
    },
  ],
])
