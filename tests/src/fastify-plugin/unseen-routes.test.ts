import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import safeconduct from '@safeconduct/fastify'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { countEntries, printedRoutes } from '../../../packages/fastify-plugin/dist/unseen-routes.js'
import { corsHeaders, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const origin = 'https://a.example'
const policy: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'all', paths: ['/**'], allow: [{ origins: [origin], methods: ['GET', 'PUT', 'DELETE'], credentials: true }] },
    { id: 'served', paths: ['/served/**'], allow: [{ origins: [origin], methods: 'served' }] },
  ],
}
const handler = async (): Promise<string> => 'x'

table('the print of the routes', [
  [
    'is read back',
    () => {
      const app = Fastify()
      app.get('/admin', handler)
      app.get('/admin/:id', { constraints: { version: '1.0.0' } }, handler)
      app.get('/admin/:id', { constraints: { host: /x.*/ } }, handler)
      app.delete('/admin/:id(^\\d+$)', handler)
      app.put('/admin/:name/x', handler)
      app.get('/a (b)/c', handler)
      app.get('/assets/*', handler)
      app.get('/o/:p?', handler)
      app.all('*', handler)
      const found = printedRoutes(app.printRoutes())
      const text = found
        .map(({ methods, url, constraints }) => `${methods} ${url} ${JSON.stringify(constraints)}`)
        .sort()
      assert.deepEqual(text, [
        'DELETE /admin/:id(^\\d+$) {}',
        'GET,HEAD /a (b)/c {}',
        'GET,HEAD /admin {}',
        'GET,HEAD /admin/:id|:name {"host":"/x.*/"}',
        'GET,HEAD /admin/:id|:name {"version":"1.0.0"}',
        'GET,HEAD /assets/* {}',
        'GET,HEAD /o {}',
        'GET,HEAD /o/:p {}',
        'GET,HEAD,TRACE,DELETE,OPTIONS,PATCH,PUT,POST,QUERY * {}',
        'PUT /admin/:id|:name/x {}',
      ])
      assert.equal(countEntries(found), 25)
    },
  ],
  [
    'has no constraints where what looks like some is none',
    () => assert.deepEqual(printedRoutes('└── /a (GET) {x}\n'), [{ methods: ['GET'], url: '/a', constraints: {} }]),
  ],
  ['is empty where there are none', () => assert.deepEqual(printedRoutes(Fastify().printRoutes()), [])],
])

interface Expected {
  readonly url: string
  readonly isAllowed: boolean
  readonly method?: 'GET' | 'PUT' | 'DELETE'
  readonly host?: string
}

async function expectAll(app: FastifyInstance, rows: readonly Expected[]): Promise<void> {
  for (const { url, isAllowed, method = 'GET', host = 'h' } of rows) {
    const actual = await app.inject({ method, url, headers: { origin, host } })
    assert.equal('access-control-allow-origin' in corsHeaders(actual), isAllowed, `${method} ${url}`)
    const preflight = await app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin, host, 'access-control-request-method': method },
    })
    assert.equal(preflight.statusCode, isAllowed ? 204 : 403, `preflight of ${method} ${url}`)
  }
}

function told(names: string): string {
  return `routes declared before the plugin, where nobody is allowed; register it first, with \`await\`: ${names}`
}

interface Scene {
  readonly before?: (app: FastifyInstance) => unknown
  readonly routes?: (app: FastifyInstance) => unknown
  readonly rows: readonly Expected[]
  readonly told?: string
}

const scenes: readonly (readonly [sentence: string, scene: Scene])[] = [
  [
    'nobody is allowed on it, elsewhere all is as ever',
    {
      before: (app) => app.get('/before/:id', handler),
      routes: (app) => app.get('/after/:id', handler),
      rows: [
        { url: '/before/1', isAllowed: false },
        { url: '/after/1', isAllowed: true },
        { url: '/nowhere', isAllowed: true },
      ],
      told: told('`GET,HEAD /before/:id`'),
    },
  ],
  [
    'a wider route behind it does not take its place in a preflight',
    {
      before: (app) => app.delete('/a/:id', handler),
      routes: (app) => app.delete('/*', handler),
      rows: [
        { url: '/a/1', method: 'DELETE', isAllowed: false },
        { url: '/b/1', method: 'DELETE', isAllowed: true },
      ],
      told: told('`DELETE /a/:id`'),
    },
  ],
  [
    'not even where both give their parameter the same name and value',
    {
      before: (app) => app.delete('/1/:id', handler),
      routes: (app) => app.delete('/:id/1', handler),
      rows: [
        { url: '/1/1', method: 'DELETE', isAllowed: false },
        { url: '/2/1', method: 'DELETE', isAllowed: true },
      ],
      told: told('`DELETE /1/:id`'),
    },
  ],
  [
    'with a host',
    {
      before: (app) => app.get('/a', { constraints: { host: 'one' } }, handler),
      routes: (app) => app.get('/a', handler),
      rows: [
        { url: '/a', host: 'one', isAllowed: false },
        { url: '/a', host: 'two', isAllowed: true },
      ],
      told: told('`GET,HEAD /a`'),
    },
  ],
  [
    'in a child that existed before the plugin and gets its routes behind it',
    {
      before: async (app) => {
        await app.register(async (child) => {
          app.decorate('child', child)
        })
      },
      routes: (app) => (app as unknown as { child: FastifyInstance }).child.get('/late', handler),
      rows: [{ url: '/late', isAllowed: false }],
      told: told('`GET,HEAD /late`'),
    },
  ],
  [
    'seen routes of every kind are told from it',
    {
      before: (app) => app.get('/before', handler),
      routes: (app) => {
        app.get('/a/:id', { constraints: { version: '1.0.0' } }, handler)
        app.get('/a/:id', { constraints: { host: /^h$/ } }, handler)
        app.get('/a/:name/x', handler)
        app.get('/o/:p?', handler)
        app.get('/assets/*', handler)
        app.get('/r/:id(^\\d+$)', handler)
        app.register(async (child) => child.get('/', handler), { prefix: '/child' })
      },
      rows: [
        { url: '/before', isAllowed: false },
        { url: '/a/1', isAllowed: true },
        { url: '/child', isAllowed: true },
        { url: '/child/', isAllowed: true },
        { url: '/o', isAllowed: true },
      ],
      told: told('`GET,HEAD /before`'),
    },
  ],
  [
    'where there is none, nothing is told, whatever the patterns look like',
    {
      routes: (app) => {
        app.get('/a::b', handler)
        app.get('/a::c/:d', handler)
        app.get('/100%', handler)
        app.get('/a (GET)', handler)
        app.all('*', handler)
        app.register(async (child) => child.get('/', { prefixTrailingSlash: 'slash' }, handler), { prefix: '/slash' })
        app.register(async (child) => child.get('', handler), { prefix: '/empty' })
      },
      rows: [
        { url: '/a:b', isAllowed: true },
        { url: '/100%25', isAllowed: true },
      ],
    },
  ],
]

/** A logger of one's own, which has no levels. */
const withoutLevel = {
  ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => {}])),
  child: () => withoutLevel,
} as unknown as FastifyBaseLogger

/** What the process is warned of by a server with this logger, where `await` was forgotten. */
async function warningsWith(options: FastifyServerOptions): Promise<readonly string[]> {
  const warnings: string[] = []
  const app = Fastify(options)
  const { emitWarning } = process
  app.addHook('onReady', (done) => {
    process.emitWarning = ((warning: string, { code }: { code: string }) => {
      warnings.push(`${code} ${warning}`)
    }) as typeof process.emitWarning
    done()
  })
  void app.register(safeconduct, { policy })
  app.get('/without-await', handler)
  try {
    await app.ready()
  } finally {
    process.emitWarning = emitWarning
  }
  return warnings
}

table('a route declared before the plugin', [
  ...scenes.map(
    ([sentence, { before, routes, rows, told: expected }]): Row => [
      sentence,
      async () => {
        const { app, log } = await makeServer({ policy, ...(before ? { before } : {}), ...(routes ? { routes } : {}) })
        await expectAll(app, rows)
        const lines = log.map(({ msg }) => msg).filter((msg) => msg.includes('before the plugin'))
        assert.deepEqual(lines, expected === undefined ? [] : [expected])
      },
    ],
  ),
  [
    'its method stands in no list that a browser would keep',
    async () => {
      const { app } = await makeServer({
        policy,
        before: (a) => a.delete('/served/1', handler),
        routes: (a) => a.put('/served/1', handler),
      })
      const headers = { origin, 'access-control-request-method': 'PUT' }
      const { headers: answer } = await app.inject({ method: 'OPTIONS', url: '/served/1', headers })
      assert.equal(answer['access-control-allow-methods'], 'PUT')
      assert.equal(answer['access-control-max-age'], '0')
    },
  ],
  [
    'is told by a warning of the process where the server has no logger, and only there',
    async () => {
      const servers: readonly FastifyServerOptions[] = [
        { logger: false },
        { logger: { level: 'silent' } },
        { logger: { level: 'info', stream: { write: () => {} } } },
        { loggerInstance: withoutLevel },
      ]
      const warnings: (readonly string[])[] = []
      for (const options of servers) warnings.push(await warningsWith(options))
      assert.deepEqual(warnings, [[`SAFECONDUCT_ROUTES safeconduct: ${told('`GET,HEAD /without-await`')}`], [], [], []])
    },
  ],
  [
    'that cannot be told from others keeps the server from starting',
    async () => {
      for (const before of [
        (a: FastifyInstance) => a.get('/a', { constraints: { host: /x/ } }, handler),
        (a: FastifyInstance) => a.get('/a', { constraints: { host: /x/i } }, handler),
        (a: FastifyInstance) => a.get('/a::b', handler),
      ]) {
        await assert.rejects(async () => makeServer({ policy, before, routes: (a) => a.get('/b::c', handler) }), {
          code: 'SAFECONDUCT_ROUTES',
          message:
            /declared before the plugin, and cannot be told from others \(.*\/a.*\); register it first, with `await`/,
        })
      }
    },
  ],
  [
    'on hosts of an expression, which its print does not give back, is named alone',
    async () => {
      for (const host of [/x/, /x/i]) {
        await assert.rejects(
          async () =>
            makeServer({
              policy,
              before: (a) => a.get('/before', handler).get('/a', { constraints: { host } }, handler),
            }),
          { message: /\(`GET,HEAD \/a`\); register it first/ },
        )
      }
    },
  ],
  [
    'is named with the others that cannot be told',
    async () => {
      await assert.rejects(
        async () =>
          makeServer({ policy, before: (a) => a.get('/before', handler), routes: (a) => a.get('/b::c', handler) }),
        { message: /\(`GET,HEAD \/before`, `GET,HEAD \/b:c`\)/ },
      )
    },
  ],
  [
    'all of them, where the plugin is not waited for',
    async () => {
      const { default: safeconduct } = await import('@safeconduct/fastify')
      const app = Fastify()
      app.register(safeconduct, { policy, logLevel: 'silent' })
      app.get('/a', handler)
      await expectAll(app, [{ url: '/a', isAllowed: false }])
    },
  ],
])
