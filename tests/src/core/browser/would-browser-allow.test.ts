/** The browser's side for users: outcomes against a function, against `fetch` over a socket, and against Fastify's inject. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Answer,
  chromium156,
  preflightCacheFor,
  type SentRequest,
  standard,
  wouldBrowserAllow,
} from '@safeconduct/core/browser'
import fastify from 'fastify'
import { type Row, table } from '../../support/table.js'

const from = 'https://shop.example.com'
const url = 'https://api.example.com/orders/7?x#top'

/** Allows what the header record says, and notes what it is asked. */
function server(
  allowed: Readonly<Record<string, string>>,
  asked: SentRequest[] = [],
): (request: SentRequest) => Answer {
  return (request) => {
    asked.push(request)
    return { status: request.method === 'OPTIONS' ? 204 : 200, headers: allowed }
  }
}

const open = {
  'Access-Control-Allow-Origin': from,
  'Access-Control-Allow-Methods': 'DELETE',
  'Access-Control-Allow-Headers': 'x-csrf-token',
  'Access-Control-Expose-Headers': 'etag',
  ETag: '"1"',
  'X-Secret': '1',
}

table('an outcome', [
  [
    'has the preflight that the browser sends, with the answer',
    () => {
      const asked: SentRequest[] = []
      const outcome = wouldBrowserAllow(
        { from, url, method: 'delete', headers: { 'X-CSRF-Token': '1' } },
        server(open, asked),
      )
      assert.ok(outcome.readable, outcome.explanation)
      assert.deepEqual(outcome.exposedHeaderNames, ['etag'])
      assert.deepEqual(
        asked.map(({ method, url: sent, target, headers }) => ({ method, sent, target, headers })),
        [
          {
            method: 'OPTIONS',
            sent: 'https://api.example.com/orders/7?x',
            target: '/orders/7?x',
            headers: {
              accept: '*/*',
              'access-control-request-headers': 'x-csrf-token',
              'access-control-request-method': 'DELETE',
              origin: from,
            },
          },
          {
            method: 'DELETE',
            sent: 'https://api.example.com/orders/7?x',
            target: '/orders/7?x',
            headers: { accept: '*/*', origin: from, 'x-csrf-token': '1' },
          },
        ],
      )
      assert.equal(outcome.preflight?.method, 'OPTIONS')
      assert.equal(outcome.preflight.response.status, 204)
      assert.equal(outcome.exchanges.length, 2)
    },
  ],
  [
    'has no preflight where none is sent',
    () => assert.equal('preflight' in wouldBrowserAllow({ from, url }, server(open)), false),
  ],
  [
    'says what went over with credentials',
    () => {
      const { readable, why, exchanges } = wouldBrowserAllow({ from, url, credentials: 'include' }, server(open))
      assert.deepEqual([readable, why, exchanges[0]?.includesCredentials], [false, 'allow-credentials-not-true', true])
    },
  ],
  [
    'takes a body, which is sent, and a list of headers',
    () => {
      const asked: SentRequest[] = []
      const { readable } = wouldBrowserAllow(
        { from, url, method: 'POST', body: 'a=b', headers: [['Content-Type', 'text/plain']] },
        server(open, asked),
      )
      assert.deepEqual([readable, asked[0]?.body], [true, 'a=b'])
    },
  ],
  [
    'takes an answer with statusCode, and headers as pairs, as Headers and as a record with lists and numbers',
    () => {
      const answers: readonly Answer[] = [
        { statusCode: 200, headers: { 'access-control-allow-origin': ['*'], 'content-length': 7, vary: undefined } },
        { status: 200, headers: new Headers({ 'Access-Control-Allow-Origin': '*' }) },
        { status: 200, headers: [['Access-Control-Allow-Origin', '*']] },
        { status: 200, headers: new Map([['access-control-allow-origin', '*']]) },
        new Response('', { headers: { 'Access-Control-Allow-Origin': '*' } }),
      ]
      for (const answer of answers) assert.equal(wouldBrowserAllow({ from, url }, () => answer).why, 'cors')
      const twice = { statusCode: 200, headers: { 'access-control-allow-origin': ['*', '*'] } }
      assert.equal(wouldBrowserAllow({ from, url }, () => twice).why, 'allow-origin-mismatch')
    },
  ],
  [
    'is a browser of its own, unless one is shared',
    () => {
      const ask = (options?: object) =>
        wouldBrowserAllow({ from, url, method: 'DELETE' }, server(open), options).preflighted
      const cache = preflightCacheFor(standard)
      assert.deepEqual([ask(), ask(), ask({ cache }), ask({ cache })], [true, true, true, false])
    },
  ],
  [
    'deviates from the standard on request',
    () => {
      const headers = { ...open, 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' }
      const ask = { from, url, headers: { authorization: 'x' } }
      assert.equal(wouldBrowserAllow(ask, server(headers)).why, 'preflight-authorization-not-listed')
      assert.ok(wouldBrowserAllow(ask, server(headers), { deviations: chromium156 }).readable)
    },
  ],
  [
    'of a page that no browser shows is refused',
    () => {
      const ask = (page: string) => () => wouldBrowserAllow({ from: page, url }, server(open))
      assert.throws(ask('https://shop.example.com/'), /write "https:\/\/shop\.example\.com"/)
      assert.throws(ask('https://Shop.example.com:443'), /write "https:\/\/shop\.example\.com"/)
      assert.throws(ask('shop.example.com'), /is no origin/)
      assert.doesNotThrow(ask('null'))
      assert.doesNotThrow(ask('app://shop'))
    },
  ],
  [
    'is late where the exchange is, and fails with it',
    async () => {
      const later = wouldBrowserAllow({ from, url, method: 'DELETE' }, async (request) => server(open)(request))
      assert.ok(later instanceof Promise)
      assert.ok((await later).readable)
      await assert.rejects(
        wouldBrowserAllow({ from, url }, async (): Promise<Answer> => Promise.reject(new Error('down'))),
        /down/,
      )
      assert.throws(
        () =>
          wouldBrowserAllow({ from, url }, () => {
            throw new Error('down')
          }),
        /down/,
      )
    },
  ],
])

/** What goes wrong, and what the explanation says of it. */
const explained: readonly (readonly [
  what: string,
  answer: Readonly<Record<string, string>>,
  says: RegExp,
  ask?: object,
])[] = [
  ['nothing', open, /^the server shares the response with the page$/],
  ['a missing header', {}, /^the response has no Access-Control-Allow-Origin$/],
  [
    'another origin',
    { 'access-control-allow-origin': 'https://other.example' },
    /is not the origin of the page; it is `https:\/\/other\.example`, where Origin is `https:\/\/shop\.example\.com`$/,
  ],
  [
    'credentials that are not shared',
    open,
    /Access-Control-Allow-Credentials is not `true`.*; there is none$/,
    { credentials: 'include' },
  ],
  [
    'a method that is not listed',
    open,
    /Access-Control-Allow-Methods.*it is `DELETE`, where Access-Control-Request-Method is `PUT`$/,
    { method: 'PUT' },
  ],
  [
    'a header that is not listed',
    open,
    /Access-Control-Allow-Headers.*it is `x-csrf-token`, where Access-Control-Request-Headers is `x-b`$/,
    { headers: { 'X-B': '1' } },
  ],
  [
    'a header that is not there',
    { ...open, 'Access-Control-Allow-Headers': '?' },
    /malformed; it is `\?`$/,
    { method: 'PUT' },
  ],
  ['a method that throws', open, /^fetch\(\) throws: the method is forbidden to scripts$/, { method: 'TRACE' }],
  ['control characters', { 'access-control-allow-origin': '\u001b[31mx' }, /it is `\\u001b\[31mx`/],
]

table(
  'the explanation of',
  explained.map(
    ([what, answer, says, ask]): Row => [
      what,
      () => assert.match(wouldBrowserAllow({ from, url, ...ask }, server(answer)).explanation, says),
    ],
  ),
)

async function listening(answer: Parameters<typeof createServer>[1]): Promise<{ server: Server; base: string }> {
  const http = createServer(answer ?? (() => {}))
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  return { server: http, base: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }
}

/** The one line that a user of `fetch` writes. */
const overFetch = ({ method, url: sent, headers, body }: SentRequest): Promise<Response> =>
  fetch(sent, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) })

table('a real server', [
  [
    'is asked by fetch: preflight, redirect and answer come through',
    async () => {
      const seen: string[] = []
      const { server: http, base } = await listening((request, response) => {
        seen.push(
          `${request.method} ${request.url} ${request.headers.origin} ${request.headers['access-control-request-method']}`,
        )
        response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '')
        response.setHeader('Access-Control-Allow-Methods', 'PUT')
        if (request.url === '/old' && request.method === 'PUT') response.writeHead(307, { Location: '/new' })
        response.end()
      })
      try {
        const outcome = await wouldBrowserAllow({ from, url: `${base}/old`, method: 'PUT' }, overFetch)
        assert.ok(outcome.readable, outcome.explanation)
        assert.deepEqual(seen, [
          `OPTIONS /old ${from} PUT`,
          `PUT /old ${from} undefined`,
          `OPTIONS /new ${from} PUT`,
          `PUT /new ${from} undefined`,
        ])
      } finally {
        http.close()
      }
    },
  ],
  [
    'is asked by inject, under any name',
    async () => {
      const app = fastify()
      app.options('/orders/:id', (request, reply) =>
        reply
          .header('access-control-allow-origin', request.headers.origin ?? '')
          .header('access-control-allow-methods', 'DELETE')
          .code(204)
          .send(),
      )
      app.delete('/orders/:id', (_, reply) => reply.header('access-control-allow-origin', '*').send({}))
      const ask = (method: 'DELETE' | 'PUT', credentials: 'omit' | 'include') =>
        wouldBrowserAllow({ from, url, method, credentials }, ({ method: sent, target, headers }) =>
          app.inject({ method: sent as 'GET', url: target, headers }),
        )
      assert.equal((await ask('DELETE', 'omit')).why, 'cors')
      assert.equal((await ask('DELETE', 'include')).why, 'preflight-allow-credentials-not-true')
      assert.equal((await ask('PUT', 'omit')).why, 'preflight-method-not-listed')
    },
  ],
])
