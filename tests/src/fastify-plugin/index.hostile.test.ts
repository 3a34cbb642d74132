/**
 * Bytes that a broken or a hostile client sends: each answer carries the decision on its own request or nothing at all,
 * and the next request is served as if nothing had happened.
 */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { evil, oneRule, shared, shop, varyOptions } from '../support/one-rule.js'
import { type Headers, makeServer, portOf } from '../support/server.js'
import { type Row, table } from '../support/table.js'
import { answersIn, pipelined, received, type WireAnswer, type WireRequest, written } from '../support/wire.js'

const boss = 'https://boss.example'
const policy = oneRule({ methods: ['GET', 'PUT', 'POST'], requestHeaders: ['x-a'] }, [
  { origins: [boss], methods: ['GET', 'POST'], exposedHeaders: ['x-b'] },
])
const allowed: Headers = { ...shared, vary: 'Origin' }
const refused: Headers = { vary: 'Origin' }
const nothing: Headers = {}
const preflightAnswer: Headers = {
  ...allowed,
  'access-control-allow-methods': 'GET,HEAD,PUT,POST',
  'access-control-allow-headers': 'x-a',
  'access-control-max-age': '600',
  vary: varyOptions,
}

const slowly = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

function routes(app: FastifyInstance): void {
  app.route({ method: ['GET', 'PUT'], url: '/api/x', handler: async () => 'x' })
  app.post('/api/x', async ({ body }) => ({ body }))
  app.get('/api/slow', async () => {
    await slowly(15)
    return 'slow'
  })
  app.get('/outside', async () => 'outside')
}

/** Node looks for requests that take too long this often, and lets them take that long. */
const impatience = { connectionsCheckingInterval: 10, headersTimeout: 30, requestTimeout: 60 }

/** Patient and strict, as by default; with Node's lenient parser; and one for what never comes to an end. */
type Nature = 'strict' | 'lenient' | 'impatient'
const servers = new Map<Nature, FastifyInstance>()
const portTo = (nature: Nature): number => portOf(servers.get(nature) as FastifyInstance)

async function listen(nature: Nature, fastify: object): Promise<void> {
  const { app } = await makeServer({ policy, routes, fastify: fastify as FastifyServerOptions })
  await app.listen({ host: '127.0.0.1', port: 0 })
  servers.set(nature, app)
}

async function serves(nature: Nature): Promise<void> {
  const [answer] = await pipelined(portTo(nature), [{ target: '/api/x', headers: [`Origin: ${shop}`] }])
  assert.deepEqual([answer?.status, answer?.cors, answer?.body], [200, allowed, 'x'])
}

const around = {
  before: async () => {
    await listen('strict', {})
    await listen('lenient', { http: { insecureHTTPParser: true } })
    await listen('impatient', { requestTimeout: impatience.requestTimeout, http: impatience })
  },
  afterEach: async () => {
    await serves('strict')
    await serves('lenient')
  },
  after: async () => {
    for (const app of servers.values()) await app.close()
  },
}

const fromShop = `Origin: ${shop}`
const close = 'Connection: close'
const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`
const get = (...lines: readonly string[]): string => head('GET /api/x HTTP/1.1', 'Host: h.example', ...lines, '')
const post = (lines: readonly string[], body: string): string =>
  head('POST /api/x HTTP/1.1', 'Host: h.example', fromShop, 'Content-Type: application/json', ...lines, '') + body

interface Hostile {
  readonly bytes: string
  /** What the client does when it has sent them. */
  readonly client?: (socket: Socket) => void
  /** Of each answer; none: the server closes without a word. */
  readonly answers: readonly (readonly [status: number, cors: Headers])[]
  /** Of the server; strict by default. */
  readonly nature?: Nature
}

const bad: Hostile['answers'] = [[400, nothing]]
const hangUp = (socket: Socket): void => void setTimeout(() => socket.destroy(), 5)
const halfClose = (socket: Socket): void => void socket.end()

const hostile: readonly (readonly [sentence: string, what: Hostile])[] = [
  // Lines of the head.
  ['an Origin folded to the next line', { bytes: get(close, `Origin:\r\n ${shop}`), answers: bad }],
  ['an Origin with a second one folded to it', { bytes: get(close, `${fromShop}\r\n , ${evil}`), answers: bad }],
  [
    'an Origin folded to the next line, with a lenient parser',
    { bytes: get(close, `Origin:\r\n ${shop}`), nature: 'lenient', answers: [[200, allowed]] },
  ],
  [
    'an Origin with a second one folded to it, with a lenient parser',
    { bytes: get(close, `${fromShop}\r\n\t${evil}`), nature: 'lenient', answers: [[200, refused]] },
  ],
  [
    'two Origin lines, with a lenient parser',
    { bytes: get(close, fromShop, `Origin: ${evil}`), nature: 'lenient', answers: [[200, refused]] },
  ],
  [
    'Access-Control-Request-Headers folded, with a lenient parser',
    {
      bytes: head(
        'OPTIONS /api/x HTTP/1.1',
        'Host: h.example',
        close,
        fromShop,
        'Access-Control-Request-Method: PUT',
        'Access-Control-Request-Headers: x-a,\r\n x-c',
        '',
      ),
      nature: 'lenient',
      answers: [[403, { vary: varyOptions }]],
    },
  ],
  ['a blank before the colon', { bytes: get(close, `Origin : ${shop}`), answers: bad }],
  ['lines that end in LF alone', { bytes: get(close, fromShop).replaceAll('\r\n', '\n'), answers: bad }],
  ['a CR in the Origin', { bytes: get(close, `${fromShop}\rX: y`), answers: bad }],
  ['a NUL in the Origin', { bytes: get(close, `${fromShop}\0`), answers: bad }],
  [
    'an Origin behind more lines than Node keeps is not seen',
    { bytes: get(close, ...Array(2_100).fill('X: y'), fromShop), answers: [[200, refused]] },
  ],
  // The first line.
  ['HTTP/1.0', { bytes: head('GET /api/x HTTP/1.0', fromShop, ''), answers: [[200, allowed]] }],
  ['HTTP/1.1 without Host', { bytes: head('GET /api/x HTTP/1.1', close, fromShop, ''), answers: bad }],
  ['a version that there is not', { bytes: head('GET /api/x HTTP/9.9', 'Host: h', fromShop, ''), answers: bad }],
  ['the preface of HTTP/2', { bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', answers: bad }],
  ['CONNECT', { bytes: head('CONNECT h.example:80 HTTP/1.1', 'Host: h', fromShop, ''), answers: [] }],
  [
    'an upgrade to what nobody speaks is a request like others',
    {
      bytes: get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', fromShop),
      client: halfClose,
      answers: [[200, allowed]],
    },
  ],
  // Bodies.
  [
    'a body that comes byte by byte',
    {
      bytes: post([close, 'Content-Length: 7'], '{'),
      client: (socket) => {
        for (const [i, byte] of [...'"a":1}'].entries()) setTimeout(() => socket.write(byte), 3 * i)
      },
      answers: [[200, allowed]],
    },
  ],
  [
    'a body that does not come',
    { bytes: post(['Content-Length: 20'], '{}'), nature: 'impatient', answers: [[408, nothing]] },
  ],
  ['a body cut short', { bytes: post(['Content-Length: 20'], '{}'), client: halfClose, answers: bad }],
  ['chunks that are none', { bytes: post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'), answers: bad }],
  ['a chunk of another length', { bytes: post(['Transfer-Encoding: chunked'], '2\r\n{}X\r\n0\r\n\r\n'), answers: bad }],
  [
    'two ways to tell the length',
    { bytes: post(['Content-Length: 2', 'Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'), answers: bad },
  ],
  ['two lengths', { bytes: post(['Content-Length: 2', 'Content-Length: 3'], '{} '), answers: bad }],
  ['JSON that is none', { bytes: post([close, 'Content-Length: 3'], '{"a'), answers: [[400, allowed]] }],
  [
    'a body that waits for a word, which carries nothing',
    { bytes: post([close, 'Expect: 100-continue', 'Content-Length: 2'], '{}'), answers: [[200, allowed]] },
  ],
  [
    'an expectation that nobody can meet',
    { bytes: post([close, 'Expect: wonders', 'Content-Length: 2'], '{}'), answers: [[417, nothing]] },
  ],
  // Half requests.
  ['half a head, and the end', { bytes: get(fromShop).slice(0, -9), client: halfClose, answers: bad }],
  ['half a head, and nothing', { bytes: get(fromShop).slice(0, -9), nature: 'impatient', answers: [[408, nothing]] }],
  ['a first line without a version', { bytes: 'GET /api/x\r\n', nature: 'impatient', answers: [[408, nothing]] }],
  ['nothing but blank lines', { bytes: '\r\n\r\n', client: halfClose, answers: [] }],
  [
    'hanging up while a handler works',
    { bytes: get(fromShop).replace('/api/x', '/api/slow'), client: hangUp, answers: [] },
  ],
  [
    'a reset while a handler works',
    {
      bytes: get(fromShop).replace('/api/x', '/api/slow'),
      client: (socket) => void setTimeout(() => socket.resetAndDestroy(), 5),
      answers: [],
    },
  ],
  ['hanging up half way through a body', { bytes: post(['Content-Length: 20'], '{'), client: hangUp, answers: [] }],
]

const summary = (answers: readonly WireAnswer[]): Hostile['answers'] =>
  answers.map(({ status, cors }) => [status, cors])

table(
  'bytes as no browser sends them',
  hostile.map(
    ([sentence, { bytes, client, answers, nature = 'strict' }]): Row => [
      `${sentence}: ${answers.map(([status]) => status).join(', ') || 'no answer'}`,
      async () => {
        const got = answersIn(await received(portTo(nature), bytes, client), [])
        assert.deepEqual(summary(got), answers)
        // 100 Continue comes before anything is decided.
        for (const { cors } of got.flatMap(({ interim }) => interim)) assert.deepEqual(cors, nothing)
      },
    ],
  ),
  around,
)

/** Node counts the request line and the lines of the head, without some of their separators. */
const limit = 16 * 1024
const headOf = (size: number, lines: readonly string[]): string => {
  const start = get(close, ...lines, 'X-Long: ').slice(0, -4)
  return `${start}${'a'.repeat(size - start.length - 4)}\r\n\r\n`
}

const ask = (origin: string | undefined, more: Partial<WireRequest> = {}): WireRequest => ({
  target: '/api/x',
  ...more,
  headers: [...(origin === undefined ? [] : [`Origin: ${origin}`]), ...(more.headers ?? [])],
})
const announce = (origin: string): WireRequest =>
  ask(origin, { method: 'OPTIONS', headers: ['Access-Control-Request-Method: PUT'] })
const ofBoss: Headers = {
  'access-control-allow-origin': boss,
  'access-control-expose-headers': 'x-b',
  vary: 'Origin',
}

/** One after the other, each with what its answer carries. */
const round: readonly (readonly [request: WireRequest, cors: Headers])[] = [
  [ask(shop), allowed],
  [ask(evil), refused],
  [announce(shop), preflightAnswer],
  [ask(boss, { target: '/api/slow' }), ofBoss],
  [ask(undefined), refused],
  [announce(evil), { vary: varyOptions }],
  [ask(shop, { target: '/outside' }), nothing],
  [ask(shop, { target: '/api/slow' }), allowed],
  [ask(boss, { method: 'HEAD' }), ofBoss],
  [announce(boss), { vary: varyOptions }],
  [ask(shop, { target: '/api/none' }), allowed],
  [ask(shop, { target: '/api/%zz' }), nothing],
  [
    ask(shop, { method: 'POST', headers: ['Content-Type: application/json', 'Content-Length: 2'], body: '{}' }),
    allowed,
  ],
]

table(
  'on one connection',
  [
    [
      'a head just under the limit of Node is decided, one just over it is answered with 431 and nothing else',
      async () => {
        const port = portTo('strict')
        const sized = async (size: number, origin: string) =>
          summary(answersIn(await received(port, headOf(size, [`Origin: ${origin}`])), []))
        assert.deepEqual(await sized(limit, shop), [[200, allowed]])
        assert.deepEqual(await sized(limit, evil), [[200, refused]])
        assert.deepEqual(await sized(limit + 100, shop), [[431, nothing]])
      },
    ],
    [
      'as many header names as fit into a head are refused',
      async () => {
        const names = `Access-Control-Request-Headers: ${'x-a,'.repeat((limit - 300) / 4)}`
        const [answer] = await pipelined(portTo('strict'), [
          ask(shop, { method: 'OPTIONS', headers: ['Access-Control-Request-Method: PUT', names] }),
        ])
        assert.deepEqual([answer?.status, answer?.cors], [403, { vary: varyOptions }])
      },
    ],
    [
      `${20 * round.length} requests at once, allowed and refused in turn: each answer carries its own`,
      async () => {
        const all = Array.from({ length: 20 }, () => round).flat()
        const answers = await pipelined(
          portTo('strict'),
          all.map(([request]) => request),
        )
        assert.deepEqual(
          answers.map(({ cors }) => cors),
          all.map(([, cors]) => cors),
        )
      },
    ],
    [
      'a request in the body of a preflight is not taken for the next one',
      async () => {
        const hidden = written(ask(evil, { target: '/api/slow' }))
        const preflight = announce(shop)
        const answers = await pipelined(portTo('strict'), [
          {
            ...preflight,
            headers: [...(preflight.headers ?? []), `Content-Length: ${hidden.length}`],
            body: hidden,
          },
          ask(boss),
        ])
        assert.deepEqual(summary(answers), [
          [204, preflightAnswer],
          [200, ofBoss],
        ])
      },
    ],
    [
      'what follows an allowed request and cannot be read gets nothing of it',
      async () => {
        const text = `${written(ask(shop))}GET /api/x HTTP/1.1\r\nHost: h\r\nOrigin : ${shop}\r\n\r\n`
        const answers = answersIn(await received(portTo('strict'), text), [])
        assert.deepEqual(answers.at(-1)?.cors, nothing)
        assert.equal(answers.at(-1)?.status, 400)
      },
    ],
  ],
  around,
)
