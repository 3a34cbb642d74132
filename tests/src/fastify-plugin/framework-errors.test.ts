import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import { frameworkErrors } from '@safeconduct/fastify'
import Fastify, { type FastifyServerOptions } from 'fastify'
import { corsHeaders, type Headers, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const origin = 'https://a.example'
const policy: PolicyDocument = {
  version: 1,
  rules: [{ id: 'api', paths: ['/api/**'], allow: [{ origins: [origin], methods: ['GET'], credentials: true }] }],
}
const long = 'x'.repeat(101)
const allowed: Headers = {
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
}

interface Scene {
  readonly url: string
  readonly origin?: string
  readonly status: number
  readonly code: string
  readonly cors: Headers
  readonly plugin?: { readonly attach: 'preflight' }
}

const withHelper: FastifyServerOptions = {
  frameworkErrors: frameworkErrors() as NonNullable<FastifyServerOptions['frameworkErrors']>,
}

const scenes: readonly (readonly [sentence: string, scene: Scene])[] = [
  [
    'an over-long parameter is decided by the rule of its path',
    { url: `/api/${long}`, status: 414, code: 'FST_ERR_MAX_PARAM_LENGTH', cors: allowed },
  ],
  [
    'and refused to others',
    {
      url: `/api/${long}`,
      origin: 'https://b.example',
      status: 414,
      code: 'FST_ERR_MAX_PARAM_LENGTH',
      cors: { vary: 'Origin' },
    },
  ],
  ['or where no rule is', { url: `/other/${long}`, status: 414, code: 'FST_ERR_MAX_PARAM_LENGTH', cors: {} }],
  ['a malformed URL has no rule', { url: '/api/%zz', status: 400, code: 'FST_ERR_BAD_URL', cors: {} }],
  ['nor has one whose bytes are no text', { url: '/api/%ff', status: 400, code: 'FST_ERR_BAD_URL', cors: {} }],
  [
    'where actual responses are left alone, so are these',
    { url: `/api/${long}`, status: 414, code: 'FST_ERR_MAX_PARAM_LENGTH', cors: {}, plugin: { attach: 'preflight' } },
  ],
]

table('frameworkErrors', [
  ...scenes.map(
    ([sentence, { url, origin: from = origin, status, code, cors, plugin }]): Row => [
      sentence,
      async () => {
        const { app } = await makeServer({
          policy,
          fastify: withHelper,
          ...(plugin ? { plugin } : {}),
          routes: (a) => {
            a.get('/api/:id', async () => 'x')
            a.get('/other/:id', async () => 'x')
          },
        })
        const response = await app.inject({ url, headers: { origin: from } })
        assert.equal(response.statusCode, status)
        assert.equal(response.json().code, code)
        assert.deepEqual(corsHeaders(response), cors)
      },
    ],
  ),
  [
    'an answer of the application gets the headers too, and keeps its Vary',
    async () => {
      const own = frameworkErrors((error, _request, reply) =>
        reply
          .code(error.statusCode ?? 500)
          .header('vary', 'Accept')
          .send({ mine: error.code }),
      )
      const { app } = await makeServer({
        policy,
        fastify: { frameworkErrors: own } as FastifyServerOptions,
        routes: (a) => a.get('/api/:id', async () => 'x'),
      })
      const response = await app.inject({ url: `/api/${long}`, headers: { origin } })
      assert.deepEqual(response.json(), { mine: 'FST_ERR_MAX_PARAM_LENGTH' })
      assert.deepEqual(corsHeaders(response), { ...allowed, vary: 'Accept, Origin' })
    },
  ],
  [
    'without the plugin it answers as Fastify does',
    async () => {
      const app = Fastify(withHelper)
      app.get('/api/:id', async () => 'x')
      const response = await app.inject({ url: '/api/%zz', headers: { origin } })
      assert.equal(response.statusCode, 400)
      assert.deepEqual(corsHeaders(response), {})
    },
  ],
])
