import assert from 'node:assert/strict'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Decision } from '@safeconduct/core'
import { isDecided, type RawResponse, writeHeadWith } from '../../../packages/fastify-plugin/dist/apply.js'
import { type Row, table } from '../support/table.js'

const allowed: Decision = {
  kind: 'actual',
  allowed: true,
  reason: 'allowed',
  headers: { 'access-control-allow-origin': 'https://a.example', 'access-control-allow-credentials': 'true' },
  vary: ['Origin'],
}
const refused: Decision = { ...allowed, allowed: false, reason: 'origin-not-allowed', headers: {} }
const nobody: Decision = { ...refused, reason: 'no-rule', vary: [] }

function apply(
  response: RawResponse,
  decision: Decision,
  overruled: Parameters<typeof writeHeadWith>[2],
  takesList = true,
): void {
  response.writeHead = writeHeadWith(decision, response.writeHead, overruled, takesList)
}

interface Answer {
  readonly headers: IncomingMessage['headers']
  readonly lines: readonly string[]
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly overruled: readonly string[]
}

async function answer(
  decision: Decision,
  handler: (response: ServerResponse) => void,
  takesList = true,
): Promise<Answer> {
  const overruled: string[] = []
  const server = createServer((_, response) => {
    const tell = (header: string, { req }: RawResponse): unknown => overruled.push(`${header} ${req.method} /`)
    apply(response as unknown as RawResponse, decision, tell, takesList)
    handler(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise<Answer>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent: false }, (message) => {
        message.resume()
        message.on('end', () => {
          const { headers, rawHeaders: lines, statusCode: status, statusMessage: reason } = message
          resolve({ headers, lines, status, reason, overruled })
        })
      }).on('error', reject)
    })
  } finally {
    server.close()
  }
}

type Case = readonly [
  sentence: string,
  handler: (response: ServerResponse) => void,
  vary: string,
  overruled?: readonly string[],
]

/** Ways in which applications write the head of a response. */
const ways: readonly Case[] = [
  ['not at all', (response) => response.end('x'), 'Origin'],
  ['by a first chunk', (response) => response.write('x') && response.end(), 'Origin'],
  [
    'by flushHeaders',
    (response) => {
      response.flushHeaders()
      response.end()
    },
    'Origin',
  ],
  ['by a status', (response) => response.writeHead(200).end(), 'Origin'],
  ['by a status and a reason', (response) => response.writeHead(200, 'Fine').end(), 'Origin'],
  ['by an object', (response) => response.writeHead(200, { Vary: 'Accept' }).end(), 'Accept, Origin'],
  [
    'by a reason and an object',
    (response) => response.writeHead(200, 'Fine', { vary: 'Accept' }).end(),
    'Accept, Origin',
  ],
  ['by a flat list', (response) => response.writeHead(200, ['vary', 'Accept', 'x-a', '1']).end(), 'Accept, Origin'],
  ['by setHeader', (response) => response.setHeader('Vary', ['Accept', 'Cookie']).end(), 'Accept, Cookie, Origin'],
  [
    'by both',
    (response) => response.setHeader('Vary', 'Cookie').writeHead(200, { VARY: 'Accept' }).end(),
    'Cookie, Accept, Origin',
  ],
  ['with Vary: *', (response) => response.writeHead(200, { vary: '*' }).end(), '*'],
  ['with Origin in Vary', (response) => response.writeHead(200, { vary: 'origin' }).end(), 'origin'],
  [
    'with headers of its own, in an object',
    (response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'access-control-max-age': '5' }).end(),
    'Origin',
    ['access-control-allow-origin GET /', 'access-control-max-age GET /'],
  ],
  [
    'with headers of its own, set before',
    (response) =>
      response.setHeader('Access-Control-Allow-Origin', 'null').setHeader('Access-Control-Expose-Headers', 'x').end(),
    'Origin',
    ['access-control-allow-origin GET /', 'access-control-expose-headers GET /'],
  ],
  [
    'with headers of its own, in a list',
    (response) =>
      response.writeHead(200, ['Access-Control-Allow-Methods', 'PUT', 'access-control-allow-headers', 'x']).end(),
    'Origin',
    ['access-control-allow-methods GET /', 'access-control-allow-headers GET /'],
  ],
]

table('a decision on a response of Node', [
  ...ways.flatMap(([sentence, handler, vary, overruled = []]): Row[] => [
    [
      `allowed, its head written ${sentence}`,
      async () => {
        for (const takesList of [true, false]) {
          const { headers, overruled: told } = await answer(allowed, handler, takesList)
          const cors = Object.entries(headers).filter(([name]) => name.startsWith('access-control-'))
          assert.deepEqual(Object.fromEntries(cors), allowed.headers)
          assert.equal(headers.vary, vary)
          assert.deepEqual(told, overruled)
        }
      },
    ],
    [
      `refused, its head written ${sentence}`,
      async () => {
        const { headers } = await answer(refused, handler)
        assert.deepEqual(
          Object.keys(headers).filter((name) => name.startsWith('access-control-')),
          [],
        )
        assert.equal(headers.vary, vary)
      },
    ],
  ]),
  [
    'a decision that adds nothing to Vary leaves it as it is',
    async () => {
      const { headers } = await answer(nobody, (response) => response.writeHead(200, { vary: 'Accept,  Cookie' }).end())
      assert.equal(headers.vary, 'Accept,  Cookie')
      assert.equal((await answer(nobody, (response) => response.end())).headers.vary, undefined)
    },
  ],
  [
    'status, reason and other headers stay, repeated ones too',
    async () => {
      const { headers, status, reason } = await answer(allowed, (response) =>
        response.writeHead(201, 'Made', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-A', '1']).end(),
      )
      assert.equal(status, 201)
      assert.equal(reason, 'Made')
      assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
      assert.equal(headers['x-a'], '1')
    },
  ],
  [
    'every header has one line',
    async () => {
      const { lines } = await answer(allowed, (response) =>
        response
          .setHeader('vary', 'Accept')
          .writeHead(200, { Vary: 'Cookie', 'ACCESS-CONTROL-ALLOW-ORIGIN': '*' })
          .end(),
      )
      const names = lines.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
      assert.equal(new Set(names).size, names.length)
    },
  ],
  [
    "the caller's object is not changed",
    async () => {
      const constant = Object.freeze({ vary: 'Accept', 'access-control-allow-origin': '*' })
      const { headers } = await answer(allowed, (response) => response.writeHead(200, constant).end())
      assert.equal(headers.vary, 'Accept, Origin')
    },
  ],
  [
    'the same header as the decision is no conflict',
    async () => {
      const { overruled } = await answer(allowed, (response) => response.writeHead(200, { ...allowed.headers }).end())
      assert.deepEqual(overruled, [])
    },
  ],
  [
    'what Node refuses is refused as before',
    async () => {
      const thrown: unknown[] = []
      await answer(allowed, (response) => {
        for (const bad of [() => response.writeHead(200, ['vary']), () => response.writeHead(20)]) {
          try {
            bad()
          } catch (error) {
            thrown.push((error as { code?: string }).code)
          }
        }
        response.end()
        try {
          response.writeHead(200, { 'access-control-allow-origin': '*' })
        } catch (error) {
          thrown.push((error as { code?: string }).code)
        }
      })
      assert.deepEqual(thrown, ['ERR_INVALID_ARG_VALUE', 'ERR_HTTP_INVALID_STATUS_CODE', 'ERR_HTTP_HEADERS_SENT'])
    },
  ],
  [
    'another writeHead on the response is called, not lost',
    async () => {
      let calls = 0
      const server = createServer((_, response) => {
        const { writeHead } = response
        response.writeHead = ((...args: Parameters<typeof writeHead>) => {
          calls++
          return writeHead.apply(response, args)
        }) as typeof writeHead
        apply(response as unknown as RawResponse, allowed, () => undefined, false)
        assert.ok(isDecided(response as unknown as RawResponse))
        response.end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const response = await fetch(`http://127.0.0.1:${port}/`)
      server.close()
      assert.equal(calls, 1)
      assert.equal(response.headers.get('access-control-allow-origin'), 'https://a.example')
    },
  ],
])
