/** Constraints: what a preflight shows of a route, and what it does not. */
import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, HTTPMethods, InjectOptions } from 'fastify'
import { RouteTable } from '../../../packages/fastify-plugin/dist/routes.js'
import { corsHeaders, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const a = 'https://a.example'
const b = 'https://b.example'
const policy: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'a', paths: ['/x/**'], allow: [{ origins: [a], methods: ['GET', 'PUT'] }] },
    { id: 'b', paths: [], allow: [{ origins: [b], methods: ['GET', 'PUT'] }] },
  ],
}

const described = (url: string, methods = ['GET'], constraints: Record<string, unknown> = {}) => ({
  methods,
  url,
  constraints,
  cors: undefined,
})

table('the table of routes', [
  [
    'finds by method and path, as the router does',
    () => {
      const routes = new RouteTable({})
      const item = routes.add(described('/item/:id', ['PUT', 'GET']))
      const fresh = routes.add(described('/item/new', ['GET']))
      assert.equal(routes.find('GET', '/item/new?x', undefined)?.routes[0], fresh)
      assert.equal(routes.find('PUT', '/item/new', undefined)?.routes[0], item)
      assert.equal(routes.find('GET', 'http://h/item/%31', undefined)?.routes[0], item)
      assert.equal(routes.find('DELETE', '/item/1', undefined), undefined)
      assert.equal(routes.find('__proto__', '/item/1', undefined), undefined)
      assert.deepEqual(routes.methodsAt('/item/new', undefined), ['PUT', 'GET'])
      assert.deepEqual(routes.methodsAt('/item/%zz', undefined), [])
    },
  ],
  [
    'passes over what Fastify declares twice',
    () => {
      const routes = new RouteTable({ ignoreTrailingSlash: true })
      routes.add(described('/a', ['HEAD']))
      routes.add(described('/a/', ['HEAD']))
      assert.equal(routes.entries, 1)
      assert.equal(routes.find('HEAD', '/a/', undefined)?.routes.length, 1)
    },
  ],
  [
    'tells doubled slashes apart where the router does, and only there',
    () => {
      for (const [ignoreDuplicateSlashes, entries] of [
        [false, 2],
        [true, 1],
      ] as const) {
        const routes = new RouteTable({ ignoreDuplicateSlashes })
        routes.add(described('//a', ['HEAD']))
        assert.equal(routes.knows('HEAD', '/a', {}), ignoreDuplicateSlashes)
        assert.ok(routes.knows('HEAD', '//a', {}))
        routes.add(described('/a', ['HEAD']))
        assert.equal(routes.entries, entries)
      }
    },
  ],
  [
    'knows the one path of a route that has one',
    () => {
      const routes = new RouteTable({})
      assert.equal(routes.add(described('/a/b')).path, '/a/b')
      assert.equal(routes.add(described('/a/:b')).path, undefined)
      assert.equal(routes.add(described('/x/:y?')).path, undefined)
    },
  ],
  [
    'takes an expression that the application allows, however long it may run',
    () => {
      const routes = new RouteTable({})
      routes.add(described('/a/:b((a+)+$)'))
      assert.equal(routes.find('GET', '/a/aa', undefined)?.routes.length, 1)
    },
  ],
  [
    'knows a route by its constraints in any order',
    () => {
      const routes = new RouteTable({})
      routes.add(described('/a', ['GET'], { version: '1.0.0', host: 'h' }))
      assert.ok(routes.knows('GET', '/a', { host: 'h', version: '1.0.0' }))
      assert.ok(!routes.knows('GET', '/a', { host: 'h', version: '2.0.0' }))
    },
  ],
  [
    'puts routes that only a hidden constraint tells apart in one place',
    () => {
      const routes = new RouteTable({})
      for (const version of ['1.0.0', '2.0.0']) routes.add(described('/:x', ['GET'], { version }))
      routes.add(described('/:y', ['GET'], { version: '3.0.0', host: 'h' }))
      assert.equal(routes.find('GET', '/q', 'other')?.routes.length, 2)
      assert.equal(routes.find('GET', '/q', 'h')?.routes.length, 1)
      assert.equal(routes.entries, 3)
    },
  ],
  [
    'knows a wildcard by both of its names',
    () => {
      const routes = new RouteTable({})
      routes.add(described('*', ['GET'], { version: '1.0.0' }))
      routes.add(described('*', ['GET'], { version: '2.0.0' }))
      assert.equal(routes.find('GET', '/q', undefined)?.routes.length, 2)
      assert.ok(routes.knows('GET', '*', { version: '1.0.0' }))
      assert.ok(!routes.knows('GET', '*', {}))
    },
  ],
  [
    'knows a host by its expression',
    () => {
      const routes = new RouteTable({})
      routes.add(described('/a', ['GET'], { host: /^a\./ }))
      assert.ok(routes.knows('GET', '/a', { host: '/^a\\./' }))
      assert.equal(routes.find('GET', '/a', 'a.example')?.routes.length, 1)
      assert.equal(routes.find('GET', '/a', 'b.example'), undefined)
    },
  ],
])

const handler = async (): Promise<string> => 'x'

function request(
  method: 'GET' | 'PUT',
  url: string,
  origin: string,
  headers: Record<string, string> = {},
): InjectOptions {
  return { method, url, headers: { origin, ...headers } }
}

function announcing(method: string, url: string, origin: string, headers: Record<string, string> = {}): InjectOptions {
  return { method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': method, ...headers } }
}

/** Whom a request and the preflight that announces it allow. */
async function allowedBy(
  app: FastifyInstance,
  method: 'GET' | 'PUT',
  url: string,
  headers: Record<string, string>,
): Promise<string[]> {
  const found: string[] = []
  for (const origin of [a, b]) {
    const host = headers.host === undefined ? {} : { host: headers.host }
    const preflight = corsHeaders(await app.inject(announcing(method, url, origin, host)))
    const actual = corsHeaders(await app.inject(request(method, url, origin, headers)))
    if (preflight['access-control-allow-origin'] !== undefined) found.push(`preflight ${origin}`)
    if (actual['access-control-allow-origin'] !== undefined) found.push(`request ${origin}`)
  }
  return found
}

const only = (origin: string): string[] => [`preflight ${origin}`, `request ${origin}`]

table('an optional parameter', [
  [
    'is decided by the path with it and without',
    async () => {
      const get = (id: string, path: string, origin: string) => ({ id, paths: [path], allow: [{ origins: [origin] }] })
      const { app } = await makeServer({
        policy: { version: 1, rules: [get('one', '/y/*', a), get('none', '/y', b)] },
        routes: (server) => server.get('/y/:id?', handler),
      })
      assert.deepEqual(await allowedBy(app, 'GET', '/y/1', {}), only(a))
      assert.deepEqual(await allowedBy(app, 'GET', '/y', {}), only(b))
    },
  ],
])

table('a rule that a route names', [
  [
    'where nobody is allowed by the path, its preflight may be kept',
    async () => {
      const { app } = await makeServer({
        policy: { version: 1, rules: [...policy.rules, { id: 'off', paths: ['/off/**'], allow: [] }] },
        routes: (server) => server.put('/off/1', { config: { cors: 'b' } }, handler),
      })
      const { headers } = await app.inject(announcing('PUT', '/off/1', b))
      assert.equal(headers['access-control-max-age'], '600')
      assert.equal(headers['access-control-allow-methods'], 'GET,HEAD,PUT')
    },
  ],
  [
    'for OPTIONS decides requests by that method that are no preflights',
    async () => {
      const byOptions: PolicyDocument = {
        version: 1,
        rules: [{ id: 'o', paths: [], allow: [{ origins: [b], methods: ['OPTIONS'] }] }],
      }
      const { app } = await makeServer({
        policy: byOptions,
        routes: (server) => server.options('/x/1', { config: { cors: 'o' } }, handler),
      })
      const { headers } = await app.inject({ method: 'OPTIONS', url: '/x/1', headers: { origin: b } })
      assert.equal(headers['access-control-allow-origin'], b)
    },
  ],
  [
    'with "served" in one of its grants knows what is served',
    async () => {
      const { app } = await makeServer({
        policy: {
          version: 1,
          rules: [{ id: 'mixed', paths: [], allow: [{ origins: [a] }, { origins: [b], methods: 'served' }] }],
        },
        routes: (server) => server.put('/m', { config: { cors: 'mixed' } }, handler),
      })
      assert.deepEqual(await allowedBy(app, 'PUT', '/m', {}), only(b))
    },
  ],
])

table('host constraints', [
  [
    'a preflight is decided by the route of its host',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: (app) => {
          app.get('/x/1', handler)
          app.get('/x/1', { constraints: { host: 'b.example' }, config: { cors: 'b' } }, handler)
          app.get('/x/1', { constraints: { host: /\.off$/ }, config: { cors: false } }, handler)
        },
      })
      assert.deepEqual(await allowedBy(app, 'GET', '/x/1', { host: 'a.example' }), only(a))
      assert.deepEqual(await allowedBy(app, 'GET', '/x/1', { host: 'b.example' }), only(b))
      assert.deepEqual(await allowedBy(app, 'GET', '/x/1', { host: 'c.off' }), [])
    },
  ],
])

async function conflict(
  routes: (app: FastifyInstance) => unknown,
  message: RegExp | undefined,
  fastify = {},
): Promise<void> {
  const start = async (): Promise<unknown> => makeServer({ policy, routes, fastify })
  if (message === undefined) await start()
  else {
    await assert.rejects(start, (error) => {
      assert.equal((error as { code?: string }).code, 'SAFECONDUCT_ROUTES')
      assert.match(String((error as Error).message), message)
      return true
    })
  }
}

interface Declared {
  readonly url: string
  readonly version?: string
  readonly host?: string
  readonly cors?: string | false
  readonly method?: HTTPMethods
}

const declared =
  (...routes: readonly Declared[]) =>
  (app: FastifyInstance): void => {
    for (const { url, version, host, cors, method = 'PUT' } of routes) {
      const constraints = { ...(version === undefined ? {} : { version }), ...(host === undefined ? {} : { host }) }
      app.route({ method, url, constraints, config: cors === undefined ? {} : { cors }, handler })
    }
  }

const hidden = /come to different rules, and a preflight does not show .*`version`.*; let both name one rule/

table('versions, which a preflight does not show', [
  [
    'of one route come to the rule of its path',
    () => conflict(declared({ url: '/x/1', version: '1.0.0' }, { url: '/x/1', version: '2.0.0' }), undefined),
  ],
  [
    'may all name one rule',
    () =>
      conflict(
        declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/1', version: '2.0.0', cors: 'b' }),
        undefined,
      ),
  ],
  [
    'may name the rule that the path comes to',
    () =>
      conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'a' }, { url: '/x/1', version: '2.0.0' }), undefined),
  ],
  [
    'with different names',
    () =>
      conflict(
        declared({ url: '/x/1', version: '1.0.0', cors: 'a' }, { url: '/x/1', version: '2.0.0', cors: 'b' }),
        hidden,
      ),
  ],
  [
    'one of which is switched off',
    () => conflict(declared({ url: '/x/1', version: '1.0.0', cors: false }, { url: '/x/1', version: '2.0.0' }), hidden),
  ],
  [
    'beside a route without one',
    () => conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/1' }), hidden),
  ],
  [
    'under different names of the parameter',
    () => conflict(declared({ url: '/x/:p', version: '1.0.0', cors: 'b' }, { url: '/x/:q', version: '2.0.0' }), hidden),
  ],
  [
    'of one host, which a preflight does show',
    () =>
      conflict(
        declared(
          { url: '/x/1', version: '1.0.0', host: 'one.example', cors: 'b' },
          { url: '/x/1', host: 'one.example' },
        ),
        /a preflight does not show `version`;/,
      ),
  ],
  // The router falls back to the next best pattern where the version does not fit.
  [
    'beside a wider route',
    () => conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/:id' }), hidden),
  ],
  [
    'beside a narrower route, which a version hides',
    () => conflict(declared({ url: '/x/*', version: '1.0.0', cors: 'b' }, { url: '/x/1' }), hidden),
  ],
  [
    'beside a wider route of the same rule',
    () => conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'a' }, { url: '/x/:id' }), undefined),
  ],
  [
    'beside a wider route that names another',
    () => conflict(declared({ url: '/x/1', version: '1.0.0' }, { url: '/x/:id', cors: 'b' }), hidden),
  ],
  [
    'and a wider route, each decided by the path',
    () => conflict(declared({ url: '/x/:id', version: '1.0.0' }, { url: '/*' }), undefined),
  ],
  [
    'are told in the order of the routes',
    async () => {
      const versioned = { url: '/x/1', version: '1.0.0', cors: 'b' }
      const wide = { url: '/x/:id' }
      await conflict(declared(versioned, wide), /routes `PUT \/x\/1` and `PUT \/x\/:id` come/)
      await conflict(declared(wide, versioned), /routes `PUT \/x\/:id` and `PUT \/x\/1` come/)
    },
  ],
  [
    'are told only where the names are rules',
    () =>
      conflict(
        declared({ url: '/x/1', version: '1.0.0', cors: 'none' }, { url: '/x/1', cors: 'b' }),
        /the routes\n`PUT \/x\/1`: `config.cors` names `none`, which is no rule of the policy; the rules are `a`, `b`$/,
      ),
  ],
  [
    'beside a route of another path',
    () => conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/2' }), undefined),
  ],
  [
    'beside a route of another case',
    () => conflict(declared({ url: '/x/One', version: '1.0.0', cors: 'b' }, { url: '/x/:id', cors: 'a' }), hidden),
  ],
  [
    'beside a route that is another path, but for the case that the router folds',
    () =>
      conflict(declared({ url: '/x/One', version: '1.0.0', cors: 'b' }, { url: '/x/oN:id', cors: 'a' }), hidden, {
        routerOptions: { caseSensitive: false },
      }),
  ],
  [
    'of another method',
    () =>
      conflict(declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/1', method: 'DELETE' }), undefined),
  ],
  [
    'on different hosts',
    () =>
      conflict(
        declared(
          { url: '/x/1', version: '1.0.0', host: 'b.example', cors: 'b' },
          { url: '/x/1', version: '1.0.0', host: 'a.example' },
        ),
        hidden,
      ),
  ],
  [
    'a preflight, the request, and one whose version nobody serves are decided alike',
    async () => {
      const { app } = await makeServer({
        policy,
        routes: declared({ url: '/x/1', version: '1.0.0', cors: 'b' }, { url: '/x/1', version: '2.0.0', cors: 'b' }),
      })
      for (const version of ['1.0.0', '2.0.0', '9.9.9']) {
        assert.deepEqual(await allowedBy(app, 'PUT', '/x/1', { 'accept-version': version }), only(b))
      }
      assert.deepEqual(await allowedBy(app, 'PUT', '/x/1', {}), only(b))
    },
  ],
])

/** As `addConstraintStrategy` takes it; its types want the handlers of a server. */
const tenant = {
  name: 'tenant',
  storage: () => {
    const handlers = new Map<unknown, unknown>()
    return {
      get: (key: unknown) => handlers.get(key) ?? null,
      set: (key: unknown, value: unknown) => {
        handlers.set(key, value)
      },
    }
  },
  validate: () => undefined,
  deriveConstraint: (raw: { headers: Record<string, string | undefined> }) => raw.headers['x-tenant'] ?? '',
}

const tenants =
  (strategy: { name: string }, ...names: readonly (string | undefined)[]) =>
  (app: FastifyInstance): void => {
    for (const [i, cors] of names.entries()) {
      app.route({
        method: 'PUT',
        url: '/x/1',
        constraints: { [strategy.name]: `t${i}` },
        config: cors === undefined ? {} : { cors },
        handler,
      })
    }
  }

table('custom constraint strategies', [
  [
    'are hidden from a preflight',
    () =>
      conflict(tenants(tenant, 'a', 'b'), /a preflight does not show `tenant`/, {
        routerOptions: { constraints: { tenant } },
      }),
  ],
  [
    'are told beside a version',
    () =>
      conflict(
        (app) => {
          app.put('/x/1', { constraints: { version: '1.0.0' }, config: { cors: 'b' } }, handler)
          app.put('/x/1', { constraints: { tenant: 't0' } }, handler)
        },
        /a preflight does not show `version`, `tenant`;/,
        { routerOptions: { constraints: { tenant } } },
      ),
  ],
  [
    'whose routes come to one rule are decided by it',
    async () => {
      const { app } = await makeServer({
        policy,
        fastify: { routerOptions: { constraints: { tenant: { ...tenant } } } } as never,
        routes: tenants(tenant, 'b', 'b'),
      })
      assert.deepEqual(await allowedBy(app, 'PUT', '/x/1', { 'x-tenant': 't1' }), only(b))
      assert.deepEqual(await allowedBy(app, 'PUT', '/x/1', { 'x-tenant': 'nobody' }), only(b))
    },
  ],
  ...(['routerOptions', 'addConstraintStrategy'] as const).map(
    (way): Row => [
      `under the name of the router's own host, by ${way}`,
      () => {
        const host = { ...tenant, name: 'host' }
        const isOption = way === 'routerOptions'
        const routes = (app: FastifyInstance): void => {
          if (!isOption) app.addConstraintStrategy(host as never)
          tenants(host, 'a', 'b')(app)
        }
        return conflict(
          routes,
          /a preflight does not show `host`/,
          isOption ? { routerOptions: { constraints: { host } } } : {},
        )
      },
    ],
  ),
])
