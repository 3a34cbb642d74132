/**
 * Handlers that fail, write on their own or stop half way, handlers of errors and of what is not found, and servers that
 * are not Fastify's own: over sockets, from an origin that is allowed and one that is not.
 */
import assert from 'node:assert/strict'
import { createServer, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify'
import { evil, oneRule, shared, shop } from '../support/one-rule.js'
import { listening, makeServer, portOf, send } from '../support/server.js'
import { type Row, table } from '../support/table.js'
import { headerOf, received, type WireAnswer, written } from '../support/wire.js'

const policy = oneRule()
/** What a handler would give to everybody. */
const own = { 'access-control-allow-origin': evil, 'access-control-allow-credentials': 'true' }

const failsLater = async function* (): AsyncIterable<string> {
  yield 'a'
  await new Promise((resolve) => setTimeout(resolve, 5))
  throw new Error('no')
}
const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return (error as { code: string }).code
  }
}

interface Handled {
  readonly does: (reply: FastifyReply) => unknown
  readonly status?: number
  readonly varies?: string
  readonly isCut?: boolean
  /** What else the answer must show. */
  readonly shows?: (answer: WireAnswer) => void
}

const isBody =
  (body: string) =>
  (answer: WireAnswer): void =>
    assert.equal(answer.body, body)

const handlers: readonly (readonly [sentence: string, handled: Handled])[] = [
  // Failing.
  [
    'throws at once',
    {
      does: () => {
        throw new Error('no')
      },
      status: 500,
    },
  ],
  ['throws later', { does: async () => Promise.reject(new Error('no')), status: 500 }],
  [
    'throws when it has sent its headers',
    {
      does: async (reply) => {
        reply.raw.writeHead(200, own).write('a')
        throw new Error('no')
      },
      isCut: true,
    },
  ],
  [
    'throws when it has sent its answer',
    {
      does: async (reply) => {
        reply.send('x')
        throw new Error('no')
      },
      shows: isBody('x'),
    },
  ],
  [
    'answers twice',
    {
      does: (reply) => {
        reply.send('x')
        reply.headers(own).send('y')
      },
      shows: isBody('x'),
    },
  ],
  ['streams, and the stream fails half way', { does: (reply) => reply.send(Readable.from(failsLater())), isCut: true }],
  [
    'streams a Response that fails half way',
    {
      does: (reply) => {
        const body = Readable.toWeb(Readable.from(failsLater()).map((text) => Buffer.from(text)))
        return reply.send(new Response(body as ReadableStream, { headers: { ...own, vary: 'Accept' } }))
      },
      varies: 'Accept',
      isCut: true,
    },
  ],
  ['has a header that Node refuses', { does: (reply) => reply.header('x-a', '\u4f60').send('x'), status: 500 }],
  ['has a Vary that Node refuses', { does: (reply) => reply.header('vary', '\u4f60').send('x'), status: 500 }],
  ['has a status that Node refuses', { does: async (reply) => reply.raw.writeHead(1_000, own).end(), status: 500 }],
  // On its own.
  [
    'sets headers when the head is sent',
    {
      does: async (reply) => {
        reply.raw.flushHeaders()
        reply.raw.end(codeOf(() => reply.raw.setHeader('access-control-allow-origin', evil)))
        return reply
      },
      shows: isBody('ERR_HTTP_HEADERS_SENT'),
    },
  ],
  [
    'writes a second head',
    {
      does: async (reply) => {
        reply.raw.writeHead(200, own)
        reply.raw.end(codeOf(() => reply.raw.writeHead(200, own)))
        return reply
      },
      shows: isBody('ERR_HTTP_HEADERS_SENT'),
    },
  ],
  [
    'writes its head through a wrapper of its own',
    {
      does: (reply) => {
        const { writeHead } = reply.raw
        reply.raw.writeHead = function (this: typeof reply.raw, ...given: unknown[]) {
          this.setHeader('access-control-allow-origin', evil)
          this.setHeader('vary', 'Accept')
          return writeHead.apply(this, given as [number])
        } as typeof writeHead
        return reply.send('x')
      },
      varies: 'Accept',
    },
  ],
  [
    'sets headers from a Headers, and adds to them',
    {
      does: (reply) => {
        reply.raw.setHeaders(new Headers({ ...own, vary: 'Accept' }))
        reply.raw.appendHeader('Vary', 'Cookie').appendHeader('Access-Control-Allow-Origin', shop)
        return reply.send('x')
      },
      varies: 'Accept, Cookie',
    },
  ],
  [
    'hands on the raw headers of an upstream, one name in several spellings',
    {
      does: (reply) => {
        reply.hijack()
        reply.raw.setHeader('x-own', '1')
        const cookies = ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'SET-COOKIE', 'c=3']
        const permission = ['Access-Control-Allow-Origin', '*', 'ACCESS-CONTROL-ALLOW-ORIGIN', evil]
        reply.raw.writeHead(200, [...cookies, 'Vary', 'Accept', ...permission, 'VARY', 'Cookie'])
        reply.raw.end()
      },
      varies: 'Accept, Cookie',
      shows: (answer) => assert.equal(headerOf(answer, 'set-cookie'), 'a=1 AND b=2 AND c=3'),
    },
  ],
  [
    'says that its headers are sent before they are, as @fastify/express does',
    {
      does: (reply) => {
        Object.defineProperty(reply.raw, 'headersSent', { get: () => true, configurable: true })
        reply.raw.setHeader('access-control-allow-origin', evil)
        return reply.header('vary', 'Accept').send('x')
      },
      varies: 'Accept',
    },
  ],
  ['sets an empty Vary', { does: (reply) => reply.header('vary', '').send('x') }],
  [
    'sends interim answers',
    {
      does: (reply) => {
        reply.raw.writeContinue()
        reply.raw.writeProcessing()
        reply.raw.writeEarlyHints({ link: '</a.css>; rel=preload' })
        return reply.send('x')
      },
      shows: ({ interim }) =>
        assert.deepEqual(
          interim.map(({ status, cors }) => [status, cors]),
          [100, 102, 103].map((status) => [status, {}]),
        ),
    },
  ],
  [
    'sends trailers',
    {
      does: (reply) => reply.trailer('x-sum', async () => '1').send('x'),
      shows: (answer) => assert.equal(headerOf(answer, 'trailer'), 'x-sum'),
    },
  ],
  [
    'sends trailers that look like a permission',
    {
      does: (reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { trailer: 'access-control-allow-origin' }).write('x')
        reply.raw.addTrailers(own)
        reply.raw.end()
      },
      shows: isBody('x'),
    },
  ],
  [
    'takes the response over, and writes lists',
    {
      does: (reply) => {
        reply.hijack()
        reply.raw.writeHead(203, 'Fine', [...Object.entries(own).flat(), 'Vary', 'Accept', 'vary', 'Cookie'])
        reply.raw.end('x')
      },
      status: 203,
      varies: 'Accept, Cookie',
    },
  ],
]

let app: FastifyInstance

const scopes = async (a: FastifyInstance): Promise<void> => {
  for (const [i, [, { does }]] of handlers.entries()) a.get(`/api/h${i}`, (_request, reply) => does(reply))
  a.get('/api/slow', (_request, reply) => reply.send(Readable.from(failsLater())))
  await a.register(
    async (scope) => {
      scope.setErrorHandler((_error, _request, reply) =>
        reply
          .code(409)
          .headers({ ...own, vary: 'Accept' })
          .send('mine'),
      )
      scope.setNotFoundHandler((_request, reply) =>
        reply
          .code(410)
          .headers({ ...own, vary: 'Cookie' })
          .send('none'),
      )
      scope.addHook('onError', async (_request, reply) => {
        reply.header('access-control-allow-origin', evil)
      })
      scope.get('/fails', async () => Promise.reject(new Error('no')))
      scope.get('/none', (_request, reply) => reply.callNotFound())
      await scope.register(
        async (inner) => {
          inner.setErrorHandler(() => {
            throw new Error('the handler of errors fails too')
          })
          inner.get('/fails', async () => Promise.reject(new Error('no')))
        },
        { prefix: '/inner' },
      )
    },
    { prefix: '/api/scope' },
  )
}

const around = {
  before: async () => {
    const server = await makeServer({ policy, routes: scopes })
    app = server.app
    await app.listen({ host: '127.0.0.1', port: 0 })
  },
  after: () => app.close(),
}

type Expected = Omit<Handled, 'does'>

async function hold(
  port: number,
  target: string,
  { status = 200, varies, isCut = false, shows }: Expected,
): Promise<void> {
  const vary = varies === undefined ? 'Origin' : `${varies}, Origin`
  for (const origin of [shop, evil]) {
    const answer = await send(port, 'GET', target, [`Origin: ${origin}`])
    assert.deepEqual([answer.status, answer.isWhole], [status, !isCut], answer.body)
    assert.deepEqual(answer.cors, { ...(origin === shop ? shared : {}), vary }, origin)
    shows?.(answer)
  }
}

table(
  'a handler that',
  handlers.map(([sentence, handled], i): Row => [sentence, () => hold(portOf(app), `/api/h${i}`, handled)]),
  around,
)

const ofScopes: readonly (readonly [sentence: string, target: string, expected: Expected])[] = [
  ['an error of a scope', '/api/scope/fails', { status: 409, varies: 'Accept' }],
  ['an error of which the handler fails', '/api/scope/inner/fails', { status: 409, varies: 'Accept' }],
  ['what is not found in a scope', '/api/scope/nowhere', { status: 410, varies: 'Cookie' }],
  ['what a handler says is not found', '/api/scope/none', { status: 410, varies: 'Cookie' }],
  ['what is not found elsewhere', '/api/nowhere', { status: 404 }],
]

table(
  'handlers of errors and of what is not found',
  ofScopes.map(([sentence, target, expected]): Row => [sentence, () => hold(portOf(app), target, expected)]),
  around,
)

table(
  'when somebody hangs up',
  [
    [
      'the client, while a stream runs: the next request is served',
      async () => {
        const port = portOf(app)
        const request = written({ target: '/api/slow', headers: [`Origin: ${shop}`] })
        await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            received(port, request, (socket) => {
              setTimeout(() => (i % 2 === 0 ? socket.destroy() : socket.resetAndDestroy()), i % 6)
            }),
          ),
        )
        await hold(port, '/api/scope/fails', { status: 409, varies: 'Accept' })
      },
    ],
    [
      'the server, before a word is said',
      async () => {
        const { app: rude } = await makeServer({
          policy,
          routes: (a) => a.get('/api/x', (_request, reply) => void reply.raw.socket?.destroy()),
        })
        await listening(rude, async (port) => {
          assert.equal(await received(port, written({ target: '/api/x', headers: [`Origin: ${shop}`] })), '')
        })
      },
    ],
  ],
  around,
)

const plainRoute = (a: FastifyInstance): void => {
  a.get('/api/x', (_request, reply) => reply.headers(own).send('x'))
}

table('servers that are not the one of Fastify', [
  [
    'app.routing, behind a server of Node',
    async () => {
      const { app: handler } = await makeServer({ policy, routes: plainRoute })
      const server = createServer((request, response) => handler.routing(request, response))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      await hold(port, '/api/x', {})
      const announce = [`Origin: ${shop}`, 'Access-Control-Request-Method: PUT']
      assert.equal((await send(port, 'OPTIONS', '/api/x', announce)).status, 204)
      server.close()
    },
  ],
  [
    'serverFactory',
    async () => {
      const serverFactory: FastifyServerOptions['serverFactory'] = (handle) =>
        createServer((request, response) => {
          response.setHeader('Vary', 'Accept')
          handle(request, response)
        })
      const { app: behind } = await makeServer({
        policy,
        routes: plainRoute,
        fastify: { serverFactory } as FastifyServerOptions,
      })
      await listening(behind, (port) => hold(port, '/api/x', { varies: 'Accept' }))
    },
  ],
  [
    'a class of responses whose writeHead takes objects only, as that of an agent on the prototype may',
    async () => {
      class Objects extends ServerResponse {
        override writeHead(status: number, ...[headers]: unknown[]): this {
          for (const [name, value] of Object.entries(headers ?? {})) this.setHeader(name, value)
          return super.writeHead(status)
        }
      }
      const { app: behind } = await makeServer({
        policy,
        routes: (a) => a.get('/api/x', async () => 'x'),
        fastify: { http: { ServerResponse: Objects } } as FastifyServerOptions,
      })
      const shows = (answer: WireAnswer): void =>
        assert.deepEqual(
          [headerOf(answer, 'content-type'), headerOf(answer, '0')],
          ['text/plain; charset=utf-8', undefined],
        )
      await listening(behind, (port) => hold(port, '/api/x', { shows }))
    },
  ],
  [
    'a class of responses whose writeHead adds to Vary: both stand',
    async () => {
      class Varying extends ServerResponse {
        override writeHead(status: number, ...given: unknown[]): this {
          this.setHeader('vary', [this.getHeader('vary'), 'Accept'].flat().filter(Boolean).join(', '))
          return super.writeHead(status, ...(given as [OutgoingHttpHeaders]))
        }
      }
      const { app: behind } = await makeServer({
        policy,
        routes: (a) => a.get('/api/x', async () => 'x'),
        fastify: { http: { ServerResponse: Varying } } as FastifyServerOptions,
      })
      await listening(behind, async (port) => {
        const answer = await send(port, 'GET', '/api/x', [`Origin: ${shop}`])
        assert.deepEqual(answer.cors, { ...shared, vary: 'Origin, Accept' })
      })
    },
  ],
  [
    'what wraps writeHead before the plugin does has the last word',
    async () => {
      const serverFactory: FastifyServerOptions['serverFactory'] = (handle) =>
        createServer((request, response) => {
          const { writeHead } = response
          response.writeHead = function (this: typeof response, ...given: unknown[]) {
            writeHead.apply(this.setHeader('access-control-allow-origin', evil), given as [number])
            return this
          } as typeof writeHead
          handle(request, response)
        })
      const { app: behind } = await makeServer({
        policy,
        routes: plainRoute,
        fastify: { serverFactory } as FastifyServerOptions,
      })
      await listening(behind, async (port) => {
        const allowed = await send(port, 'GET', '/api/x', [`Origin: ${shop}`])
        assert.equal(allowed.cors['access-control-allow-origin'], shop)
        const refused = await send(port, 'GET', '/api/x', [`Origin: ${evil}`])
        assert.equal(refused.cors['access-control-allow-origin'], evil)
      })
    },
  ],
])
