/** What is kept of answers to requests without `Origin`, and for whom. */
import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { corsHeaders, type Headers, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const policy: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'public', paths: ['/public'], allow: [{ origins: ['*'], methods: ['GET', 'PUT'] }] },
    { id: 'shop', paths: ['/shop'], allow: [{ origins: ['https://a.example'] }] },
    { id: 'served', paths: ['/served'], allow: [{ origins: ['*'], methods: 'served' }] },
    { id: 'deep', paths: ['/deep/**'], allow: [{ origins: ['https://a.example'] }] },
  ],
}

function routes(app: FastifyInstance): void {
  app.route({ method: ['GET', 'POST', 'PUT', 'OPTIONS'], url: '/public', handler: async () => 'x' })
  app.get('/shop', async () => 'x')
  app.get('/served', { constraints: { host: 'one.example' } }, async () => 'x')
  app.route({ method: ['GET', 'POST'], url: '/served', handler: async () => 'x' })
  app.get('/deep/:id', async () => 'x')
}

const anyone: Headers = { 'access-control-allow-origin': '*' }
const varies: Headers = { vary: 'Origin' }
const varyOptions: Headers = { vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' }

/** Each is asked after each other one. */
const asked: readonly (readonly [sentence: string, request: InjectOptions, cors: Headers])[] = [
  ['a granted method', { url: '/public' }, anyone],
  ['another granted method', { url: '/public', method: 'PUT' }, anyone],
  ['a method that is not granted', { url: '/public', method: 'POST' }, {}],
  ['OPTIONS', { url: '/public', method: 'OPTIONS' }, varyOptions],
  ['a query', { url: '/shop?a=1' }, varies],
  [
    'an origin',
    { url: '/shop', headers: { origin: 'https://a.example' } },
    {
      'access-control-allow-origin': 'https://a.example',
      ...varies,
    },
  ],
  ['no origin', { url: '/shop' }, varies],
  ['a served method', { url: '/served', method: 'POST' }, anyone],
  ['a parameter', { url: '/deep/1' }, varies],
  ['a parameter that is no canonical path', { url: '/deep/..' }, {}],
]

table('answers to requests without Origin', [
  ...asked.map(
    ([sentence, request, cors]): Row => [
      `${sentence} is answered alike, whatever came before`,
      async () => {
        const { app } = await makeServer({ policy, routes })
        for (const [, before] of asked) {
          await app.inject(before)
          assert.deepEqual(corsHeaders(await app.inject(request)), cors)
        }
      },
    ],
  ),
  [
    'another policy has answers of its own',
    async () => {
      const { app } = await makeServer({ policy, routes })
      const ask = async (): Promise<Headers> => corsHeaders(await app.inject('/shop'))
      assert.deepEqual(await ask(), varies)
      app.safeconduct.replace({ version: 1, rules: [{ id: 'shop', paths: ['/shop'], allow: [{ origins: ['*'] }] }] })
      assert.deepEqual(await ask(), anyone)
      assert.throws(() => app.safeconduct.replace({ version: 1, rules: [{ id: 'x', paths: ['no'], allow: [] }] }))
      assert.deepEqual(await ask(), anyone)
    },
  ],
])
