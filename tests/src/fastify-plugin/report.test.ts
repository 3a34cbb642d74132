import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const origins = ['https://a.example']
const handler = async (): Promise<string> => 'x'

interface Scene {
  readonly rules: PolicyDocument['rules']
  readonly routes: (app: FastifyInstance) => unknown
  readonly before?: (app: FastifyInstance) => unknown
  /** Level and sentence. */
  readonly told: readonly (readonly ['warn' | 'info', string])[]
}

const api = { id: 'api', paths: ['/api/**'], allow: [{ origins }] }
const levels: Readonly<Record<number, string>> = { 30: 'info', 40: 'warn' }

const scenes: readonly (readonly [sentence: string, scene: Scene])[] = [
  ['nothing where all fits', { rules: [api], routes: (app) => app.get('/api/x', handler), told: [] }],
  [
    'rules without a route',
    {
      rules: [
        api,
        { id: 'gone', paths: ['/gone/**'], allow: [{ origins }] },
        { id: 'named', paths: [], allow: [{ origins }] },
      ],
      routes: (app) => app.get('/api/:id', handler),
      told: [['warn', 'rules without a route: `gone`, `named`']],
    },
  ],
  [
    'a rule that only a route names has that route',
    {
      rules: [{ id: 'named', paths: [], allow: [{ origins }] }],
      routes: (app) => app.get('/x', { config: { cors: 'named' } }, handler),
      told: [],
    },
  ],
  [
    'a rule is not told where a wildcard may come to it',
    {
      rules: [{ id: 'deep', paths: ['/a/b/c/*.js'], allow: [{ origins }] }],
      routes: (app) => app.get('/a/*', handler),
      told: [],
    },
  ],
  [
    'a rule whose routes all name another',
    {
      rules: [api, { id: 'named', paths: [], allow: [{ origins }] }],
      routes: (app) => app.get('/api/x', { config: { cors: 'named' } }, handler),
      told: [['warn', 'rules without a route: `api`']],
    },
  ],
  [
    'routes without a rule, their methods together',
    {
      rules: [api],
      routes: (app) => {
        app.get('/api/x', handler)
        app.get('/health', handler)
        app.post('/health', handler)
        app.get('/off', { config: { cors: false } }, handler)
      },
      told: [['info', 'routes without a rule, where nobody is allowed: `GET,HEAD,POST /health`']],
    },
  ],
  [
    'a route that some rule decides in part is not told',
    { rules: [api], routes: (app) => app.get('/*', handler), told: [] },
  ],
  [
    'methods that nobody serves',
    {
      rules: [{ ...api, allow: [{ origins, methods: ['GET', 'DELETE', 'PATCH'] }] }],
      routes: (app) => app.get('/api/x', handler),
      told: [['warn', 'rule `api` lists `DELETE`, `PATCH`, which no route of it serves']],
    },
  ],
  [
    'neither "*", nor "served", nor the defaults list anything',
    {
      rules: [
        {
          ...api,
          allow: [
            { origins, methods: ['*'] },
            { origins: ['https://b.example'], methods: 'served' },
            { origins: ['https://c.example'] },
          ],
        },
      ],
      routes: (app) => app.get('/api/x', handler),
      told: [],
    },
  ],
  [
    'HEAD of a GET is none',
    {
      rules: [{ ...api, allow: [{ origins, methods: ['GET'] }] }],
      routes: (app) => app.route({ method: 'GET', url: '/api/x', exposeHeadRoute: false, handler }),
      told: [],
    },
  ],
  [
    'more than twenty are counted',
    {
      rules: [api],
      routes: (app) => {
        app.get('/api/x', handler)
        for (let i = 10; i < 35; i++) app.get(`/n${i}`, handler)
      },
      told: [
        [
          'info',
          `routes without a rule, where nobody is allowed: ${Array.from({ length: 20 }, (_, i) => `\`GET,HEAD /n${i + 10}\``).join(', ')} and 5 more`,
        ],
      ],
    },
  ],
  [
    'a route declared before the plugin comes to no rule, and is told once',
    {
      rules: [api],
      before: (app) => app.get('/api/x', handler),
      routes: () => undefined,
      told: [
        [
          'warn',
          'routes declared before the plugin, where nobody is allowed; register it first, with `await`: `GET,HEAD /api/x`',
        ],
        ['warn', 'rules without a route: `api`'],
      ],
    },
  ],
  [
    'one beyond all rules too',
    {
      rules: [api],
      before: (app) => app.get('/before', handler),
      routes: (app) => app.get('/api/x', handler),
      told: [
        [
          'warn',
          'routes declared before the plugin, where nobody is allowed; register it first, with `await`: `GET,HEAD /before`',
        ],
      ],
    },
  ],
  [
    'the methods of a rule without a route are not held against it',
    {
      rules: [{ ...api, allow: [{ origins, methods: ['DELETE'] }] }],
      routes: () => undefined,
      told: [['warn', 'rules without a route: `api`']],
    },
  ],
  [
    'the defaults in another order list nothing either',
    {
      rules: [{ ...api, allow: [{ origins, methods: ['POST', 'HEAD', 'GET'] }] }],
      routes: (app) => app.get('/api/x', handler),
      told: [],
    },
  ],
  [
    'twenty are all named',
    {
      rules: [api],
      routes: (app) => {
        app.get('/api/x', handler)
        for (let i = 10; i < 30; i++) app.get(`/n${i}`, handler)
      },
      told: [
        [
          'info',
          `routes without a rule, where nobody is allowed: ${Array.from({ length: 20 }, (_, i) => `\`GET,HEAD /n${i + 10}\``).join(', ')}`,
        ],
      ],
    },
  ],
  [
    'nothing that the policy is only informed of',
    {
      rules: [{ ...api, allow: [{ origins: ['https://a.example:*'] }] }],
      routes: (app) => app.get('/api/x', handler),
      told: [],
    },
  ],
  [
    'warnings of the policy',
    {
      rules: [{ ...api, allow: [{ origins: ['http://plain.example'] }] }],
      routes: (app) => app.get('/api/x', handler),
      told: [['warn', '/rules/0/allow/0/origins/0 warning insecure-origin']],
    },
  ],
]

table(
  'what is told at start-up',
  scenes.map(
    ([sentence, { rules, routes, before, told }]): Row => [
      sentence,
      async () => {
        const { log } = await makeServer({ policy: { version: 1, rules }, routes, ...(before ? { before } : {}) })
        const lines = log.map(({ level, msg }) => [levels[level], msg])
        assert.deepEqual(
          lines.map(([level, msg], i) => [
            level,
            // Of the policy's own the beginning will do.
            told[i]?.[1].startsWith('/rules/') && msg?.startsWith(told[i][1]) ? told[i][1] : msg,
          ]),
          told,
        )
      },
    ],
  ),
)
