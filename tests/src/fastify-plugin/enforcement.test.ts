/** A policy replaced while the server runs. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compilePolicy, foldPolicy, type PolicyDocument, withOrigins } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { corsHeaders, declareServer, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const a = 'https://a.example'
const b = 'https://b.example'

function documentFor(origin: string, id = 'api'): PolicyDocument {
  return {
    version: 1,
    rules: [
      { id, paths: ['/api/**'], allow: [{ origins: [origin], methods: ['GET', 'PUT'] }] },
      { id: 'named', paths: [], allow: [{ origins: [origin] }] },
    ],
  }
}

function routes(app: FastifyInstance): void {
  app.get('/api/:id', async () => 'x')
  app.put('/api/:id', async () => 'x')
  app.get('/named', { config: { cors: 'named' } }, async () => 'x')
}

async function allowed(app: FastifyInstance): Promise<string[]> {
  const found: string[] = []
  for (const origin of [a, b]) {
    for (const url of ['/api/1', '/named']) {
      const actual = await app.inject({ url, headers: { origin } })
      const preflight = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin, 'access-control-request-method': 'GET' },
      })
      const names = [actual, preflight].map((response) => corsHeaders(response)['access-control-allow-origin'])
      assert.equal(names[0], names[1])
      if (names[0] !== undefined) found.push(`${url} ${origin}`)
    }
  }
  return found
}

const all = (origin: string): string[] => [`/api/1 ${origin}`, `/named ${origin}`]

const bad: readonly (readonly [sentence: string, source: unknown, code: string, fastify?: object])[] = [
  [
    'that breaks its own promise',
    { ...documentFor(b), invariants: [{ id: 'x', never: { origins: [b] } }] },
    'SAFECONDUCT_POLICY',
  ],
  ['that does not compile', { version: 1, rules: [{ id: 'x', paths: ['nope'], allow: [] }] }, 'SAFECONDUCT_POLICY'],
  ['that is no policy', null, 'SAFECONDUCT_POLICY'],
  ['that is not there', './no/such.json', 'SAFECONDUCT_POLICY'],
  ['that lacks a rule which a route names', { version: 1, rules: [] }, 'SAFECONDUCT_ROUTES'],
  [
    'that is ambiguous once the router folds its paths',
    {
      version: 1,
      rules: [
        { id: 'one', paths: ['/A'], allow: [] },
        { id: 'two', paths: ['/a'], allow: [] },
        { id: 'named', paths: [], allow: [] },
      ],
    },
    'SAFECONDUCT_POLICY',
    { routerOptions: { caseSensitive: false } },
  ],
]

table('replace', [
  [
    'puts a policy in force, wherever it comes from',
    async () => {
      const { app } = await makeServer({ policy: documentFor(a), routes })
      assert.deepEqual(await allowed(app), all(a))
      app.safeconduct.replace(documentFor(b, 'renamed'))
      assert.deepEqual(await allowed(app), all(b))
      assert.equal(app.safeconduct.policy.rules[0]?.id, 'renamed')
      app.safeconduct.replace(compilePolicy(documentFor(a)))
      assert.deepEqual(await allowed(app), all(a))
      const folder = mkdtempSync(join(tmpdir(), 'safeconduct-'))
      try {
        writeFileSync(join(folder, 'p.cors.json'), JSON.stringify(documentFor(b)))
        app.safeconduct.replace(join(folder, 'p.cors.json'))
        assert.deepEqual(await allowed(app), all(b))
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  ],
  ...bad.map(
    ([sentence, source, code, fastify]): Row => [
      `a policy ${sentence} throws, and the old one stays`,
      async () => {
        const { app } = await makeServer({ policy: documentFor(a), routes, ...(fastify ? { fastify } : {}) })
        const before = app.safeconduct.policy
        assert.throws(() => app.safeconduct.replace(source as PolicyDocument), { code })
        assert.equal(app.safeconduct.policy, before)
        assert.deepEqual(await allowed(app), all(a))
      },
    ],
  ),
  [
    'before the server is ready it takes the place of the first one',
    async () => {
      const { app } = await declareServer({ policy: documentFor(a), routes })
      app.safeconduct.replace(documentFor(b))
      assert.deepEqual(await allowed(app), all(b))
    },
  ],
  [
    'binds the routes anew',
    async () => {
      const { app } = await makeServer({ policy: documentFor(a), routes })
      const strict: PolicyDocument = {
        version: 1,
        rules: [
          { id: 'api', paths: ['/api/**'], allow: [{ origins: [a] }] },
          { id: 'one', paths: ['/api/1'], allow: [{ origins: [b] }] },
          { id: 'named', paths: [], allow: [] },
        ],
      }
      app.safeconduct.replace(strict)
      assert.deepEqual(await allowed(app), [`/api/1 ${b}`])
      const two = await app.inject({ url: '/api/2', headers: { origin: a } })
      assert.equal(corsHeaders(two)['access-control-allow-origin'], a)
    },
  ],
  [
    'binds the routes anew where as many rules have other paths, in either order',
    async () => {
      const rule = (id: string, path: string, origin: string) => ({ id, paths: [path], allow: [{ origins: [origin] }] })
      const same = rule('same', '/same', a)
      const one = [rule('one', '/one/**', a), rule('two', '/two/**', b), same]
      const other = [rule('one', '/two/**', a), rule('two', '/one/**', b), same]
      const { app } = await makeServer({
        policy: { version: 1, rules: one },
        routes: (server) => server.get('/one/:id', async () => 'x').get('/two/:id', async () => 'x'),
      })
      const readable = async (url: string): Promise<unknown> =>
        corsHeaders(await app.inject({ url, headers: { origin: a } }))['access-control-allow-origin']
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [a, undefined])
      app.safeconduct.replace({ version: 1, rules: other })
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [undefined, a])
      app.safeconduct.replace({ version: 1, rules: [...other].reverse() })
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [undefined, a])
      app.safeconduct.replace({ version: 1, rules: [...one, rule('three', '/three', a)] })
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [a, undefined])
    },
  ],
  [
    'binds the routes anew where all rules have other paths, or the same in another division',
    async () => {
      const rule = (id: string, paths: string[], origin: string) => ({ id, paths, allow: [{ origins: [origin] }] })
      const { app } = await makeServer({
        policy: { version: 1, rules: [rule('one', ['/one/**'], a), rule('two', ['/two/**'], b)] },
        routes: (server) => server.get('/one/:id', async () => 'x').get('/two/:id', async () => 'x'),
      })
      const readable = async (url: string): Promise<unknown> =>
        corsHeaders(await app.inject({ url, headers: { origin: a } }))['access-control-allow-origin']
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [a, undefined])
      app.safeconduct.replace({ version: 1, rules: [rule('one', ['/two/**'], a), rule('two', ['/one/**'], b)] })
      assert.deepEqual([await readable('/one/1'), await readable('/two/1')], [undefined, a])
      app.safeconduct.replace({ version: 1, rules: [rule('one', ['/one/**', '/x'], a)] })
      assert.equal(await readable('/one/1'), a)
      app.safeconduct.replace({ version: 1, rules: [rule('one', ['/one/**/x'], a)] })
      assert.equal(await readable('/one/1'), undefined)
    },
  ],
  [
    'before the server is ready has no doubts to tell',
    async () => {
      const { app, log } = await declareServer({ policy: documentFor(a), routes })
      app.safeconduct.replace(documentFor(b))
      assert.deepEqual(log, [])
    },
  ],
  [
    'adds origins to an external group, folding router or not',
    async () => {
      for (const fastify of [{}, { routerOptions: { caseSensitive: false, ignoreTrailingSlash: true } }]) {
        const policy: PolicyDocument = {
          version: 1,
          origins: { tenants: { external: true } },
          rules: [
            { id: 'api', paths: ['/Api/**'], allow: [{ origins: ['@tenants'] }] },
            { id: 'named', paths: [], allow: [{ origins: ['@tenants'] }] },
          ],
        }
        const { app } = await makeServer({
          policy,
          fastify,
          routes: (app) => {
            app.get('/Api/:id', async () => 'x')
            app.get('/named', { config: { cors: 'named' } }, async () => 'x')
          },
        })
        const ask = async (): Promise<unknown> =>
          (await app.inject({ url: '/Api/1', headers: { origin: b } })).headers['access-control-allow-origin']
        assert.equal(await ask(), undefined)
        app.safeconduct.replace(withOrigins(app.safeconduct.policy, 'tenants', [b]))
        assert.equal(await ask(), b)
        app.safeconduct.replace(withOrigins(app.safeconduct.policy, 'tenants', []))
        assert.equal(await ask(), undefined)
      }
    },
  ],
  [
    'is atomic: no request is decided by a mixture',
    async () => {
      const { app } = await makeServer({ policy: documentFor(a), routes })
      const pending: Promise<string>[] = []
      for (let i = 0; i < 200; i++) {
        if (i % 10 === 5) app.safeconduct.replace(documentFor(i % 20 === 5 ? b : a))
        const request = app.inject({
          method: 'OPTIONS',
          url: '/api/1',
          headers: { origin: a, 'access-control-request-method': 'PUT' },
        })
        pending.push(
          request.then(({ statusCode, headers }) => [statusCode, headers['access-control-allow-origin']].join()),
        )
        await new Promise((resolve) => setImmediate(resolve))
      }
      const answers = await Promise.all(pending)
      assert.deepEqual([...new Set(answers)].sort(), [`204,${a}`, '403,'])
    },
  ],
  [
    'warnings of the new policy are told',
    async () => {
      const { app, log } = await makeServer({ policy: documentFor(a), routes })
      app.safeconduct.replace(documentFor('http://plain.example'))
      assert.ok(log.some(({ msg }) => msg.includes('insecure-origin')))
    },
  ],
])

/** Fastify declares a route of "" in a prefix under two patterns, and tells one. */
table('a route of a prefix alone', [
  [
    'is bound by its own paths, whatever else is called so',
    async () => {
      const { app } = await makeServer({
        policy: {
          version: 1,
          rules: [
            { id: 'one', paths: ['/p', '/p/'], allow: [{ origins: [a] }] },
            { id: 'two', paths: ['/p/p/'], allow: [{ origins: [b] }] },
          ],
        },
        routes: (server) => {
          server.register(async (child) => child.get('', async () => 'x'), { prefix: '/p' })
          server.register(async (child) => child.get('/p/p/', async () => 'x'))
        },
      })
      for (const [url, origin] of [
        ['/p', a],
        ['/p/', a],
        ['/p/p/', b],
      ] as const) {
        const { headers } = await app.inject({ url, headers: { origin } })
        assert.equal(headers['access-control-allow-origin'], origin, url)
      }
    },
  ],
  [
    'has both patterns where HEAD is one of several methods, as a proxy declares it',
    async () => {
      const { app } = await makeServer({
        policy: { version: 1, rules: [{ id: 'all', paths: ['/**'], allow: [{ origins: [a] }] }] },
        routes: (server) =>
          server.register(
            async (child) =>
              child.route({ method: ['GET', 'HEAD'], url: '/', config: { cors: false }, handler: async () => 'x' }),
            { prefix: '/p' },
          ),
      })
      for (const url of ['/p', '/p/']) {
        const { headers, statusCode } = await app.inject({ url, headers: { origin: a } })
        assert.deepEqual([statusCode, headers['access-control-allow-origin']], [200, undefined], url)
      }
    },
  ],
  [
    'is told once where the router takes both patterns for one',
    async () => {
      const { log } = await makeServer({
        policy: { version: 1, rules: [] },
        fastify: { routerOptions: { ignoreTrailingSlash: true } },
        routes: (server) => server.register(async (child) => child.get('', async () => 'x'), { prefix: '/p' }),
      })
      assert.deepEqual(
        log.map(({ msg }) => msg),
        ['routes without a rule, where nobody is allowed: `GET,HEAD /p`'],
      )
    },
  ],
  [
    'does not take in what the plugin has not seen',
    async () => {
      const { app } = await makeServer({
        policy: { version: 1, rules: [{ id: 'all', paths: ['/**'], allow: [{ origins: [a] }] }] },
        before: (server) =>
          server.register(async (child) => {
            server.decorate('child', child)
          }),
        routes: async (server) => {
          await server.register(
            async (child) => {
              child.get('', { prefixTrailingSlash: 'no-slash' }, async () => 'x')
              child.get('/x', async () => 'x')
            },
            { prefix: '/p' },
          )
          const { child } = server as unknown as { child: FastifyInstance }
          child.get('/p/', async () => 'x')
          child.get('/p/x/', async () => 'x')
        },
      })
      const allowedAt: string[] = []
      for (const url of ['/p', '/p/', '/p/x', '/p/x/']) {
        const { headers, statusCode } = await app.inject({ url, headers: { origin: a } })
        assert.equal(statusCode, 200, url)
        if (headers['access-control-allow-origin'] === a) allowedAt.push(url)
        const announce = { origin: a, 'access-control-request-method': 'GET' }
        const preflight = await app.inject({ method: 'OPTIONS', url, headers: announce })
        if (preflight.statusCode === 204) allowedAt.push(`OPTIONS ${url}`)
      }
      assert.deepEqual(allowedAt, ['/p', 'OPTIONS /p', '/p/x', 'OPTIONS /p/x'])
    },
  ],
])

const folds: readonly (readonly [option: string, targets: readonly string[]])[] = [
  ['caseSensitive', ['/API/One', '/api/ONE']],
  ['ignoreTrailingSlash', ['/Api/One/']],
  ['ignoreDuplicateSlashes', ['//Api///One']],
  ['useSemicolonDelimiter', ['/Api/One;v=1', '/Api/One;/x']],
]

table('where the router folds paths, the policy does', [
  ...folds.map(
    ([option, targets]): Row => [
      option,
      async () => {
        const policy: PolicyDocument = {
          version: 1,
          rules: [
            { id: 'lax', paths: ['/**'], allow: [{ origins: [b], credentials: true }] },
            { id: 'strict', paths: ['/Api/One'], allow: [{ origins: [a], credentials: true }] },
          ],
        }
        const value = option !== 'caseSensitive'
        for (const fastify of [{ routerOptions: { [option]: value } }, { [option]: value }]) {
          const { app } = await makeServer({ policy, fastify, routes: (app) => app.get('/Api/One', async () => 'one') })
          for (const url of ['/Api/One', ...targets]) {
            const response = await app.inject({ url, headers: { origin: b } })
            assert.equal(response.body, 'one', url)
            assert.equal(response.headers['access-control-allow-origin'], undefined, url)
            const preflight = { origin: b, 'access-control-request-method': 'GET' }
            assert.equal((await app.inject({ method: 'OPTIONS', url, headers: preflight })).statusCode, 403, url)
            assert.equal(
              (await app.inject({ url, headers: { origin: a } })).headers['access-control-allow-origin'],
              a,
              url,
            )
          }
        }
      },
    ],
  ),
  [
    'a policy that is ambiguous for the router keeps the server from starting',
    async () => {
      const rules = [
        { id: 'one', paths: ['/A/*'], allow: [] },
        { id: 'two', paths: ['/a/*'], allow: [] },
      ]
      await assert.rejects(
        async () => makeServer({ policy: { version: 1, rules }, fastify: { routerOptions: { caseSensitive: false } } }),
        { code: 'SAFECONDUCT_POLICY', message: /for a router that folds paths\n.*duplicate-path/ },
      )
    },
  ],
  [
    'a policy that comes folded for another router is folded for this one',
    async () => {
      const policy = foldPolicy(
        compilePolicy({
          version: 1,
          rules: [
            { id: 'lax', paths: ['/**'], allow: [{ origins: [b] }] },
            { id: 'strict', paths: ['/Api/**'], allow: [] },
          ],
        }),
        { caseSensitive: false },
      )
      const { app } = await makeServer({ policy, routes: (app) => app.get('/:any/one', async () => 'one') })
      for (const [url, expected] of [['/Api/one'], ['/api/one', b]] as const) {
        const { headers } = await app.inject({ url, headers: { origin: b } })
        assert.equal(headers['access-control-allow-origin'], expected, url)
      }
    },
  ],
  [
    'a promise that only folded paths break keeps the server from starting',
    async () => {
      const policy: PolicyDocument = {
        version: 1,
        rules: [{ id: 'lax', paths: ['/api/**'], allow: [{ origins: [b] }] }],
        invariants: [{ id: 'none', never: { paths: ['/Api/Secret'] }, because: 'it is secret' }],
      }
      await makeServer({ policy })
      await assert.rejects(async () => makeServer({ policy, fastify: { routerOptions: { caseSensitive: false } } }), {
        code: 'SAFECONDUCT_POLICY',
        message: /for a router that folds paths\n.*invariant-violated/,
      })
    },
  ],
])
