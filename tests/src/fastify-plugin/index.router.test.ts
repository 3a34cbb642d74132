/**
 * Random policies, routers, routes and request targets, over sockets: the rule that decided is the one of the route that
 * ran, for the request and for the preflight that announces it; and where Fastify or Node answers before any hook, nothing
 * of the policy is on the answer. `npm run router` tries 100,000
 * and says what came of each kind.
 */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { effort } from '../support/holds.js'
import { type Install, plugin } from '../support/router/declare.js'
import { type Scene, scene, shared } from '../support/router/scene.js'
import { kinds } from '../support/router/targets.js'
import { complaints, Tally, tried } from '../support/router/trial.js'
import { type Row, table } from '../support/table.js'

const targets = effort < 1 ? 120 : 10_000

/** The plugin with something wrong. */
const spoilt =
  (spoil: (app: FastifyInstance, scene: Scene) => void): Install =>
  async (app, sample) => {
    spoil(app, sample)
    await plugin(app, sample)
  }

/** The plugin reads something else than the router read. */
const misled = (change: (request: IncomingMessage) => void): Install =>
  spoilt((app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      change(request.raw)
      done()
    })
  })

/** The plugin takes the router for one that does not fold. */
const toldOtherwise: Install = spoilt((app) => {
  const plain = { caseSensitive: true, ignoreTrailingSlash: false, ignoreDuplicateSlashes: false }
  Object.assign(app, { initialConfig: { ...app.initialConfig, routerOptions: plain } })
})

const mistakes: readonly (readonly [sentence: string, install: Install])[] = [
  ['the folds of the router left out', toldOtherwise],
  [
    'the target read before its escapes are decoded',
    misled((request) => {
      request.url = request.url?.replaceAll('%', '%25') ?? ''
    }),
  ],
  [
    'the query read as a part of the path',
    misled((request) => {
      request.url = request.url?.replaceAll('?', '%3F') ?? ''
    }),
  ],
  [
    'every preflight taken for one of GET',
    misled(({ headers }) => {
      if (headers['access-control-request-method'] !== undefined) headers['access-control-request-method'] = 'GET'
    }),
  ],
  [
    'the rule that a route names not seen',
    spoilt((app) => {
      app.addHook('onRoute', ({ config }) => {
        delete config?.cors
      })
    }),
  ],
  [
    'a header on answers that come before any hook',
    spoilt((app) => {
      app.server.prependListener('request', (_request, response) => {
        response.setHeader('Access-Control-Allow-Origin', shared)
      })
    }),
  ],
]

/** Whether one of a few hundred scenes shows it. */
async function isFound(install: Install): Promise<boolean> {
  for (const sample of fc.sample(scene, 100)) {
    if ((await complaints(sample, install, new Tally())).length > 0) return true
  }
  return false
}

table('the plugin and the router', [
  [
    'the rule that decided is the rule of the route that ran, and of the preflight',
    async () => {
      const { byKind, total } = await tried(targets, plugin)
      // It means something: handlers ran, rules allowed, Fastify and Node answered by themselves, with each kind of target.
      assert.ok(Math.min(total.ran, total.allowed, total.early) > total.targets / 4, JSON.stringify(total))
      assert.deepEqual(
        kinds.filter((kind) => byKind.get(kind)?.targets === 0),
        [],
      )
    },
  ],
  ...mistakes.map(([sentence, install]): Row => [`${sentence}: found`, async () => assert.ok(await isFound(install))]),
])
