/** Answers that leave Fastify's own way: streams, server-sent events, hijacked replies, HTTP/2. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import type { PolicyDocument } from '@safeconduct/core'
import safeconduct from '@safeconduct/fastify'
import Fastify, { type FastifyReply, type FastifyServerOptions } from 'fastify'
import { type Headers, listening, makeServer, portOf, send } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const evil = 'https://evil.example'
const policy: PolicyDocument = {
  version: 1,
  rules: [
    {
      id: 'api',
      paths: ['/api/**'],
      allow: [{ origins: [shop], methods: ['GET', 'PUT'], exposedHeaders: ['etag'], credentials: true }],
    },
  ],
}
const allowed: Headers = {
  'access-control-allow-origin': shop,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'etag',
}

type Handler = (reply: FastifyReply) => unknown

const handlers: readonly (readonly [sentence: string, handler: Handler, vary: string])[] = [
  [
    'server-sent events on a hijacked reply',
    (reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
      reply.raw.write('data: 1\n\n')
      setTimeout(() => reply.raw.end('data: 2\n\n'), 5)
    },
    'Origin',
  ],
  [
    'a hijacked reply that says nothing of headers',
    (reply) => {
      reply.hijack()
      reply.raw.end('x')
    },
    'Origin',
  ],
  [
    'a hijacked reply with a Vary of its own',
    (reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { Vary: 'Accept' }).end('x')
    },
    'Accept, Origin',
  ],
  [
    'a reply written raw without hijack',
    (reply) => {
      reply.raw.writeHead(200, ['content-type', 'text/plain'])
      reply.raw.end('x')
      return reply
    },
    'Origin',
  ],
  [
    'a reply written raw, piece by piece',
    (reply) => {
      reply.raw.setHeader('vary', 'Cookie')
      reply.raw.flushHeaders()
      reply.raw.write('x')
      reply.raw.end()
      return reply
    },
    'Cookie, Origin',
  ],
  ['a stream', (reply) => reply.header('vary', 'Accept').send(Readable.from(['a', 'b'])), 'Accept, Origin'],
  ['a web stream', (reply) => reply.send(new Response('x').body), 'Origin'],
  [
    'a Response with headers that cannot be changed',
    (reply) => reply.send(Response.redirect('http://h.example/y', 302)),
    'Origin',
  ],
  [
    'early hints before the answer',
    (reply) => {
      reply.raw.writeEarlyHints({ link: '</style.css>; rel=preload' })
      return reply.send('x')
    },
    'Origin',
  ],
]

table('answers over HTTP/1', [
  ...handlers.map(
    ([sentence, handler, vary]): Row => [
      sentence,
      async () => {
        const { app } = await makeServer({
          policy,
          routes: (a) => a.get('/api/x', (_request, reply) => handler(reply)),
        })
        await listening(app, async (port) => {
          for (const origin of [shop, evil]) {
            const answer = await send(port, 'GET', '/api/x', [`Origin: ${origin}`])
            assert.deepEqual(answer.cors, origin === shop ? { ...allowed, vary } : { vary })
          }
        })
      },
    ],
  ),
])

interface Http2Answer {
  readonly status: number
  readonly cors: Headers
  readonly body: string
}

/** A secret that both sides know spares the test a certificate (RFC 4279). */
const psk = Buffer.from('a secret of sixteen')
const tls = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
const serverTls = { ...tls, pskCallback: () => psk }
const clientTls = { ...tls, pskCallback: () => ({ psk, identity: 'test' }), checkServerIdentity: () => undefined }

async function overHttp2(
  handler: Handler,
  requests: readonly Record<string, string>[],
  isSecure = false,
): Promise<Http2Answer[]> {
  const options = { http2: true, ...(isSecure ? { https: serverTls } : {}) } as FastifyServerOptions
  const app = Fastify(options)
  await app.register(safeconduct, { policy })
  app.get('/api/x', (_request, reply) => handler(reply))
  app.put('/api/x', async () => 'x')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = isSecure
    ? connect(`https://127.0.0.1:${portOf(app)}`, clientTls)
    : connect(`http://127.0.0.1:${portOf(app)}`)
  try {
    const answers: Http2Answer[] = []
    for (const headers of requests) {
      const stream = client.request({ ':path': '/api/x', ...headers }).end()
      const [answer] = await once(stream, 'response')
      let body = ''
      for await (const chunk of stream.setEncoding('utf8')) body += chunk
      const cors = Object.entries(answer as Record<string, string>).filter(([name]) =>
        /^(access-control-|vary$)/.test(name),
      )
      answers.push({
        status: Number((answer as Record<string, string>)[':status']),
        cors: Object.fromEntries(cors),
        body,
      })
    }
    return answers
  } finally {
    client.close()
    await app.close()
  }
}

table('answers over HTTP/2', [
  ...[false, true].map(
    (isSecure): Row => [
      `a request, refused and allowed, and its preflight, ${isSecure ? 'over TLS' : 'in clear'}`,
      async () => {
        const announce = { ':method': 'OPTIONS', 'access-control-request-method': 'PUT' }
        const answers = await overHttp2(
          (reply) => reply.header('vary', 'Accept').send('x'),
          [
            { origin: shop },
            { origin: evil },
            { origin: shop, ...announce },
            { origin: evil, ...announce },
            { origin: shop, ':path': '/api/none' },
          ],
          isSecure,
        )
        const varyOptions = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
        const { 'access-control-expose-headers': _, ...shared } = allowed
        assert.deepEqual(answers, [
          { status: 200, cors: { ...allowed, vary: 'Accept, Origin' }, body: 'x' },
          { status: 200, cors: { vary: 'Accept, Origin' }, body: 'x' },
          {
            status: 204,
            cors: {
              ...shared,
              'access-control-allow-methods': 'GET,HEAD,PUT',
              'access-control-max-age': '600',
              vary: varyOptions,
            },
            body: '',
          },
          { status: 403, cors: { vary: varyOptions }, body: '' },
          { ...answers[4], status: 404, cors: { ...allowed, vary: 'Origin' } },
        ])
      },
    ],
  ),
  [
    'of names with a blank, which Node cuts off there',
    async () => {
      const set = (reply: FastifyReply): unknown =>
        reply
          .header('access-control-allow-origin ', '*')
          .header(' access-control-allow-credentials', 'true')
          .header('vary ', 'Accept')
          .send('x')
      const answers = await overHttp2(set as Handler, [{ origin: shop }, { origin: evil }])
      assert.deepEqual(
        answers.map(({ cors }) => cors),
        [{ ...allowed, vary: 'Accept, Origin' }, { vary: 'Accept, Origin' }],
      )
    },
  ],
  ...handlers
    .filter(([sentence]) => !/Response|early hints/.test(sentence))
    .map(
      ([sentence, handler, vary]): Row => [
        sentence,
        async () => {
          const answers = await overHttp2(handler, [{ origin: shop }, { origin: evil }])
          assert.deepEqual(
            answers.map(({ cors }) => cors),
            [{ ...allowed, vary }, { vary }],
          )
        },
      ],
    ),
])
