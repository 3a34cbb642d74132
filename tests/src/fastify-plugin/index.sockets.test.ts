/** What a client can write that no browser and no library would: each target over a raw socket. */
import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { type Headers, listening, makeServer, portOf, send, type WireAnswer } from '../support/server.js'
import { type Row, table } from '../support/table.js'
import { pipelined, type WireRequest } from '../support/wire.js'

const boss = 'https://boss.example'
const evil = 'https://evil.example'

/** `evil` may do everything everywhere, but for what is for the boss. */
const policy: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'lax', paths: ['/**'], allow: [{ origins: [evil], methods: ['*'], credentials: true }] },
    { id: 'admin', paths: ['/admin/**'], allow: [{ origins: [boss], methods: ['*'], credentials: true }] },
    { id: 'named', paths: [], allow: [{ origins: [boss], methods: ['*'], credentials: true }] },
  ],
}

function routes(app: FastifyInstance): void {
  const ran = (route: string) => async (): Promise<string> => `ran ${route}`
  app.route({ method: ['GET', 'DELETE'], url: '/admin', handler: ran('strict') })
  app.route({ method: ['GET', 'DELETE'], url: '/admin/*', handler: ran('strict') })
  app.route({ method: ['GET', 'DELETE'], url: '/n/:id', config: { cors: 'named' }, handler: ran('strict') })
  app.route({ method: ['GET', 'DELETE'], url: '/n/off', config: { cors: false }, handler: ran('strict') })
  app.route({ method: ['GET', 'DELETE'], url: '/*', handler: ran('lax') })
}

/** The types of Fastify do not know the last one. */
const everyFold = {
  routerOptions: {
    caseSensitive: false,
    ignoreTrailingSlash: true,
    ignoreDuplicateSlashes: true,
    useSemicolonDelimiter: true,
  },
} as FastifyServerOptions

const targets: readonly string[] = [
  ...['/admin', '/admin/', '/admin/x', '/admin?x', '/admin#x', '/admin/x?/../..', '/n/1', '/n/off', '/n/', '/n/1?x'],
  // Encodings.
  ...[
    '/%61dmin',
    '/%61%64%6d%69%6e/x',
    '/admin%2f',
    '/admin%2Fx',
    '/admin/%2e%2e/x',
    '/admin%00',
    '/%41dmin',
    '/n/%6fff',
    '/n%2Foff',
  ],
  ...[
    '/%6e/1',
    '/n/o%66f',
    '/adm%69n/%zz',
    '/admin/%',
    '/admin/%ff',
    '/admin/%C3%A9',
    '/%2561dmin',
    '/admin%20',
    '/admin%09',
  ],
  // Absolute form.
  ...[
    'http://h.example/admin',
    'HTTP://h.example/admin/x',
    'https://other.example/n/1',
    'http://h.example/%61dmin',
    'http://h.example',
  ],
  ...[
    'http://h.example?/admin',
    'http://h.example/x/../admin',
    'http://h@h.example/admin',
    'http:///admin',
    'http://h.example/n/off',
  ],
  ...[
    'http://h.example#/admin',
    'ftp://h.example/admin',
    'http://[::1]/admin',
    'http://h.example:80/admin',
    'http://h.example\\admin',
  ],
  // Slashes, semicolons, case.
  ...[
    '//admin',
    '/admin//',
    '//admin//x',
    '/n//1',
    '//n/1',
    '/n/1/',
    '/n/off/',
    '/admin;x',
    '/admin;/x',
    '/n/off;x',
    '/;/admin',
    '/ADMIN',
    '/Admin/X',
    '/N/1',
    '/n/OFF',
  ],
  // Dot segments, backslashes.
  ...[
    '/./admin',
    '/x/../admin',
    '/admin/..',
    '/admin/../x',
    '/admin/.',
    '/x/%2e%2e/admin',
    '/x/..%2fadmin',
    '/n/../admin',
    '/n/..',
    '/..;/admin',
    '/admin/..;/x',
  ],
  ...['/admin\\x', '/x\\..\\admin', '/admin%5c', '/admin/..%5c', '\\admin', '/n\\off'],
  // What is no path, and what the router reads as one all the same.
  ...['*', '*admin', 'admin', 'xadmin', '*n/off'],
  // Long ones.
  ...[`/admin/${'x'.repeat(3_000)}`, `/n/${'x'.repeat(101)}`, `/n/${'%41'.repeat(100)}`, `/${'%61'.repeat(2_000)}`],
]

/** The origin that may read the answer, if any. */
function readableBy({ cors }: WireAnswer): string | undefined {
  return cors['access-control-allow-origin']
}

async function hold(port: number, target: string): Promise<void> {
  const methods = ['GET', 'DELETE']
  const answers = await pipelined(
    port,
    methods.flatMap((method): WireRequest[] => [
      {
        method: 'OPTIONS',
        target,
        headers: [`Origin: ${evil}`, `Access-Control-Request-Method: ${method}`],
      },
      { method, target, headers: [`Origin: ${evil}`] },
    ]),
  )
  for (const [i, method] of methods.entries()) {
    // What Node cannot parse ends the connection with one answer.
    const [preflight, actual] = answers.length === 1 ? [answers[0], answers[0]] : answers.slice(2 * i)
    assert.ok(preflight !== undefined && actual !== undefined, target)
    if (actual.body === 'ran strict') {
      assert.equal(readableBy(actual), undefined, `${method} ${target} is read by evil`)
      assert.ok(preflight.status >= 400, `the preflight of ${method} ${target} lets evil pass`)
      assert.equal(readableBy(preflight), undefined)
    }
    // A request that the preflight allows is one that its own answer allows.
    const isReadable = readableBy(actual) === evil
    if (preflight.status < 300 && actual.body.startsWith('ran')) assert.ok(isReadable, `${method} ${target}`)
    if (isReadable) assert.ok(actual.body === 'ran lax' || actual.status === 404, `${method} ${target}: ${actual.body}`)
  }
}

table('no target moves a request from a strict route to a lax rule', [
  ...(
    [
      ['with the router as it is', {}],
      ['with a router that folds everything', everyFold],
    ] as const
  ).map(
    ([sentence, fastify]): Row => [
      `${targets.length} targets, ${sentence}`,
      async () => {
        const { app } = await makeServer({ policy, routes, fastify })
        await listening(app, async (port) => {
          for (const target of targets) await hold(port, target)
        })
      },
    ],
  ),
])

const shop = 'https://shop.example'
const plain: PolicyDocument = {
  version: 1,
  rules: [
    {
      id: 'api',
      paths: ['/api/**'],
      allow: [{ origins: [shop, boss], methods: ['GET', 'PUT'], requestHeaders: ['x-a', 'x-b'], credentials: true }],
    },
    {
      id: 'public',
      paths: ['/public/**'],
      allow: [{ origins: ['*'], methods: ['GET', 'PUT'], requestHeaders: ['x-a', 'x-b'] }],
    },
  ],
}

const plainRoutes = (app: FastifyInstance): void => {
  for (const url of ['/api/x', '/public/x']) app.route({ method: ['GET', 'PUT'], url, handler: async () => 'x' })
}

interface WireCase {
  readonly method?: string
  readonly target?: string
  readonly headers: readonly string[]
  readonly status: number
  readonly cors: Headers
}

const varyOptions = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
const acrm = 'Access-Control-Request-Method: PUT'
const allowed: Headers = { 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true' }
const lists: Headers = {
  'access-control-allow-methods': 'GET,HEAD,PUT',
  'access-control-allow-headers': 'x-a,x-b',
  'access-control-max-age': '600',
  vary: varyOptions,
}
const refusedPreflight = { status: 403, cors: { vary: varyOptions } }
const refused = { status: 200, cors: { vary: 'Origin' } }

const wireCases: readonly (readonly [sentence: string, wire: WireCase])[] = [
  ['one Origin', { headers: [`Origin: ${shop}`], status: 200, cors: { ...allowed, vary: 'Origin' } }],
  ['two Origin lines', { headers: [`Origin: ${shop}`, `Origin: ${boss}`], ...refused }],
  ['the same Origin twice', { headers: [`Origin: ${shop}`, `origin: ${shop}`], ...refused }],
  ['two origins in one line', { headers: [`Origin: ${shop} ${boss}`], ...refused }],
  ['an Origin with a path', { headers: [`Origin: ${shop}/`], ...refused }],
  ['an Origin in upper case', { headers: ['Origin: https://SHOP.example'], ...refused }],
  ['an Origin with a tab', { headers: [`Origin: ${shop}\t`], status: 200, cors: { ...allowed, vary: 'Origin' } }],
  ['an Origin with a tab inside', { headers: ['Origin: https://shop\t.example'], ...refused }],
  ['an Origin beyond ASCII', { headers: ['Origin: https://sh\u00f6p.example'], ...refused }],
  ['an empty Origin', { headers: ['Origin:'], ...refused }],
  ['a long Origin', { headers: [`Origin: https://${'a'.repeat(8_000)}.example`], ...refused }],
  ['null', { headers: ['Origin: null'], ...refused }],
  [
    'null to a public path',
    { target: '/public/x', headers: ['Origin: null'], status: 200, cors: { 'access-control-allow-origin': '*' } },
  ],
  [
    'two Origin lines to a public path',
    {
      target: '/public/x',
      headers: [`Origin: ${shop}`, `Origin: ${boss}`],
      status: 200,
      cors: { 'access-control-allow-origin': '*' },
    },
  ],
  [
    'a preflight',
    { method: 'OPTIONS', headers: [`Origin: ${shop}`, acrm], status: 204, cors: { ...allowed, ...lists } },
  ],
  [
    'a preflight with two methods',
    {
      method: 'OPTIONS',
      headers: [`Origin: ${shop}`, acrm, 'Access-Control-Request-Method: GET'],
      ...refusedPreflight,
    },
  ],
  [
    'a preflight with two Origin lines',
    { method: 'OPTIONS', headers: [`Origin: ${shop}`, `Origin: ${shop}`, acrm], ...refusedPreflight },
  ],
  [
    'a preflight with its header names on two lines',
    {
      method: 'OPTIONS',
      headers: [
        `Origin: ${shop}`,
        acrm,
        'Access-Control-Request-Headers: x-b',
        'access-control-request-headers: X-A,,',
      ],
      status: 204,
      cors: { ...allowed, ...lists },
    },
  ],
  [
    'a preflight with one name too many on the second line',
    {
      method: 'OPTIONS',
      headers: [`Origin: ${shop}`, acrm, 'Access-Control-Request-Headers: x-a', 'Access-Control-Request-Headers: x-c'],
      ...refusedPreflight,
    },
  ],
  [
    'a preflight with 9,000 commas',
    {
      method: 'OPTIONS',
      headers: [`Origin: ${shop}`, acrm, `Access-Control-Request-Headers: ${','.repeat(9_000)}`],
      ...refusedPreflight,
    },
  ],
]

let shared: FastifyInstance

const around = {
  before: async () => {
    const server = await makeServer({ policy: plain, routes: plainRoutes })
    shared = server.app
    await shared.listen({ host: '127.0.0.1', port: 0 })
  },
  after: () => shared.close(),
}

table(
  'headers as nobody sends them',
  [
    ...wireCases.map(
      ([sentence, { method = 'GET', target = '/api/x', headers, status, cors }]): Row => [
        sentence,
        async () => {
          const answer = await send(portOf(shared), method, target, headers)
          assert.equal(answer.status, status)
          assert.deepEqual(answer.cors, cors)
        },
      ],
    ),
    [
      'requests in one packet are decided one by one',
      async () => {
        const answers = await pipelined(
          portOf(shared),
          [shop, evil, boss].map((origin) => ({ target: '/api/x', headers: [`Origin: ${origin}`] })),
        )
        assert.deepEqual(answers.map(readableBy), [shop, undefined, boss])
      },
    ],
    [
      'the path is the one that rewriteUrl makes',
      async () => {
        const rewriteUrl: FastifyServerOptions['rewriteUrl'] = (request) =>
          request.url === '/outside' ? '/api/x' : '/nowhere'
        const { app } = await makeServer({
          policy: plain,
          routes: plainRoutes,
          fastify: { rewriteUrl: rewriteUrl as NonNullable<typeof rewriteUrl> },
        })
        await listening(app, async (port) => {
          assert.equal(readableBy(await send(port, 'GET', '/outside', [`Origin: ${shop}`])), shop)
          assert.equal(readableBy(await send(port, 'GET', '/api/x', [`Origin: ${shop}`])), undefined)
          assert.equal((await send(port, 'OPTIONS', '/outside', [`Origin: ${shop}`, acrm])).status, 204)
        })
      },
    ],
    [
      'a method that Node does not know is not seen at all',
      async () => {
        const answer = await send(portOf(shared), 'get', '/public/x', [`Origin: ${shop}`])
        assert.equal(answer.status, 400)
        assert.deepEqual(answer.cors, {})
      },
    ],
  ],
  around,
)
