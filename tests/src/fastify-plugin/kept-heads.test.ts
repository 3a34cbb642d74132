/** A `writeHead` that is used again belongs to its decision and its route; and what was on the response before is called. */
import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { corsHeaders, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const other = 'https://other.example'
const policyFor = (...origins: string[]): PolicyDocument => ({
  version: 1,
  rules: [{ id: 'api', paths: ['/api/**'], allow: [{ origins, methods: ['GET', 'POST'], credentials: false }] }],
})

const from = (origin: string | undefined, url = '/api/one', method: 'GET' | 'POST' = 'GET'): InjectOptions => ({
  url,
  method,
  headers: origin === undefined ? {} : { origin },
})

const expected = (origin: string | undefined) =>
  origin === shop ? { 'access-control-allow-origin': shop, vary: 'Origin' } : { vary: 'Origin' }

function routes(app: FastifyInstance): void {
  app.route({ method: ['GET', 'POST'], url: '/api/one', handler: async () => 'x' })
  app.get('/api/:id', async () => 'x')
}

/** Each of them after each other one, and after itself. */
const turns = [undefined, shop, other].flatMap((a) => [undefined, shop, other].flatMap((b) => [a, b]))

/** A hook that gives each response a `writeHead` of its own, which notes the URL that it was made for. */
function wrapping(calls: string[]): (app: FastifyInstance) => void {
  return (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      const { raw } = reply
      const { writeHead } = raw
      raw.writeHead = ((...args: Parameters<typeof writeHead>) => {
        calls.push(request.url)
        return writeHead.apply(raw, args)
      }) as typeof writeHead
      done()
    })
  }
}

const wrapped = (['before', 'after'] as const).map(
  (order): Row => [
    `a writeHead that a hook ${order} ours puts on each response is called, each time that of the response`,
    async () => {
      const calls: string[] = []
      const wrap = wrapping(calls)
      const { app } = await makeServer(
        order === 'before'
          ? { policy: policyFor(shop), before: wrap, routes }
          : {
              policy: policyFor(shop),
              routes: (own) => {
                wrap(own)
                routes(own)
              },
            },
      )
      for (const [i, origin] of turns.entries()) {
        const answer = await app.inject(from(origin, `/api/one?${i}`))
        assert.deepEqual(corsHeaders(answer), expected(origin), `${i}`)
      }
      assert.deepEqual(
        calls,
        turns.map((_, i) => `/api/one?${i}`),
      )
    },
  ],
)

/**
 * What middleware has long done to add a header at the last moment: headers that it is handed are set one by one, and a list
 * is taken for one of pairs.
 */
function lateHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    const { raw } = reply
    const { writeHead } = raw
    raw.writeHead = ((status: number, headers: object = {}) => {
      const pairs: Iterable<readonly [string, string]> = Array.isArray(headers) ? headers : Object.entries(headers)
      for (const [name, value] of pairs) raw.setHeader(name, value)
      raw.setHeader('vary', `${String(raw.getHeader('vary') ?? 'Cookie')}, Accept-Encoding`)
      return writeHead.call(raw, status)
    }) as typeof writeHead
    done()
  })
}

const harmless = (app: FastifyInstance): unknown => app.addHook('onRequest', (_request, _reply, done) => done())

const middleware = [
  { order: 'before ours', before: lateHeaders },
  { order: 'behind ours', behind: lateHeaders },
  { order: 'behind ours, and another hook before', before: harmless, behind: lateHeaders },
].map(
  ({ order, before, behind }): Row => [
    `a middleware that takes lists for pairs, ${order}, loses no header`,
    async () => {
      const { app } = await makeServer({
        policy: policyFor(shop),
        ...(before && { before }),
        routes: (own) => {
          behind?.(own)
          own.get('/api/one', async (_request, reply) => reply.header('x-own', '1').send({ a: 1 }))
        },
      })
      for (const origin of turns) {
        const answer = await app.inject(from(origin))
        const { vary, ...rest } = corsHeaders(answer)
        const { vary: _, ...shared } = expected(origin)
        assert.deepEqual(rest, shared)
        assert.deepEqual([answer.statusCode, answer.json()], [200, { a: 1 }])
        assert.match(String(vary), /^(?=.*\bOrigin\b).*\bAccept-Encoding\b/)
        assert.deepEqual(
          [answer.headers['content-type'], answer.headers['x-own']],
          ['application/json; charset=utf-8', '1'],
        )
      }
    },
  ],
)

table('a writeHead that is kept', [
  [
    'carries the decision of each request',
    async () => {
      const { app } = await makeServer({ policy: policyFor(shop), routes })
      for (const url of ['/api/one', '/api/two', '/api/two/three']) {
        for (const origin of turns) assert.deepEqual(corsHeaders(await app.inject(from(origin, url))), expected(origin))
      }
    },
  ],
  [
    'carries no decision of a policy that is gone',
    async () => {
      const { app } = await makeServer({ policy: policyFor(shop), routes })
      const seen = async () => {
        const answers = [await app.inject(from(shop)), await app.inject(from(shop)), await app.inject(from(undefined))]
        return answers.map(corsHeaders)
      }
      assert.deepEqual(await seen(), [expected(shop), expected(shop), expected(undefined)])
      app.safeconduct.replace(policyFor('*'))
      const anyone = { 'access-control-allow-origin': '*' }
      assert.deepEqual(await seen(), [anyone, anyone, anyone])
    },
  ],
  [
    "is not put on a response where the policy's headers are for preflights only",
    async () => {
      const { app } = await makeServer({ policy: policyFor(shop), routes, plugin: { attach: 'preflight' } })
      for (const origin of turns) assert.deepEqual(corsHeaders(await app.inject(from(origin))), {})
    },
  ],
  ...wrapped,
  ...middleware,
  [
    'is not that of a response that has a writeHead of its own, nor the other way round',
    async () => {
      const calls: string[] = []
      const { app } = await makeServer({
        policy: policyFor(shop),
        before: (own) =>
          own.addHook('onRequest', (request, reply, done) => {
            const { raw } = reply
            const { writeHead } = raw
            if (request.url.includes('wrapped')) {
              raw.writeHead = ((...args: Parameters<typeof writeHead>) => {
                calls.push(request.url)
                return writeHead.apply(raw, args)
              }) as typeof writeHead
            }
            done()
          }),
        routes,
      })
      const expectedCalls: string[] = []
      for (const [i, origin] of [undefined, undefined, undefined, shop, shop, shop, undefined, shop].entries()) {
        for (const query of ['plain', 'wrapped', 'wrapped', 'plain']) {
          const url = `/api/one?${query}-${i}`
          assert.deepEqual(corsHeaders(await app.inject(from(origin, url))), expected(origin), url)
          if (query === 'wrapped') expectedCalls.push(url)
        }
      }
      assert.deepEqual(calls, expectedCalls)
    },
  ],
  [
    'is known on a response of which a later hook wrapped it, and is not told to have come late',
    async () => {
      const { app, log } = await makeServer({
        policy: policyFor(shop),
        plugin: { preflight: 'continue' },
        before: harmless,
        routes: (own) => {
          lateHeaders(own)
          own.options('/api/one', async (_request, reply) => reply.code(204).send())
          routes(own)
        },
      })
      const headers = { origin: shop, 'access-control-request-method': 'POST' }
      const answer = await app.inject({ url: '/api/one', method: 'OPTIONS', headers })
      assert.equal(answer.headers['access-control-allow-origin'], shop)
      assert.deepEqual(
        log.filter(({ level }) => level >= 40).map(({ msg }) => msg),
        [],
      )
    },
  ],
  [
    'tells what is overruled by the method and the route of the request at hand',
    async () => {
      const { app, log } = await makeServer({
        policy: policyFor(shop),
        routes: (own) => {
          routes(own)
          own.addHook('onSend', async (_request, reply) => {
            reply.header('access-control-allow-origin', other)
          })
        },
      })
      for (const origin of [undefined, shop]) {
        await app.inject(from(origin))
        await app.inject(from(origin, '/api/one', 'POST'))
        await app.inject(from(origin, '/api/two'))
        await app.inject(from(origin, '/api/two/three'))
      }
      const told = log.flatMap(({ msg }) => /^`?(.*?)`? sets access-control-allow-origin/.exec(String(msg))?.[1] ?? [])
      assert.deepEqual(told, ['GET /api/one', 'POST /api/one', 'GET /api/:id', '(no route)'])
    },
  ],
  [
    'tells of each of the routes that the plugin has not seen',
    async () => {
      const { app, log } = await makeServer({
        policy: policyFor(shop),
        before: (own) => {
          for (const url of ['/api/early', '/api/earlier'])
            own.get(url, async (_request, reply) => reply.header('access-control-allow-origin', other).send('x'))
        },
      })
      for (const url of ['/api/early', '/api/earlier', '/api/early']) await app.inject(from(shop, url))
      const told = log.filter(({ msg }) => String(msg).includes(' sets access-control-allow-origin'))
      assert.deepEqual(
        told.map(({ msg }) => /GET \/api\/\w+/.exec(String(msg))?.[0]),
        ['GET /api/early', 'GET /api/earlier'],
      )
    },
  ],
])
