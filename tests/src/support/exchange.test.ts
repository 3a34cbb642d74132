import assert from 'node:assert/strict'
import type { Decision } from '@safeconduct/core'
import { Browser, type WireRequest } from '@safeconduct/core/browser'
import { headerRecord, requestTarget, serverOf } from './exchange.js'
import { table } from './table.js'

const wire: WireRequest = {
  method: 'GET',
  url: 'https://api.example/orders/1?page=2',
  headers: [
    ['Accept', '*/*'],
    ['X-Test', '1'],
    ['x-test', '2'],
  ],
  includesCredentials: false,
}

const allowed = { 'access-control-allow-origin': 'https://app.example' }

function decide({ method }: WireRequest): Decision {
  const common = { allowed: true, ruleId: 'orders', reason: 'allowed', vary: ['Origin'] } as const
  if (method !== 'OPTIONS') return { ...common, kind: 'actual', headers: allowed }
  return { ...common, kind: 'preflight', status: 204, headers: { ...allowed, 'access-control-allow-methods': 'PUT' } }
}

table('a server made of decisions', [
  [
    'answers a preflight with the decision and nothing else',
    () =>
      assert.deepEqual(serverOf(decide)({ ...wire, method: 'OPTIONS' }), {
        status: 204,
        headers: [
          ['access-control-allow-origin', 'https://app.example'],
          ['access-control-allow-methods', 'PUT'],
          ['vary', 'Origin'],
        ],
      }),
  ],
  [
    "adds the decision to the application's response, and its Vary to the application's",
    () => {
      const { status, headers } = serverOf(decide)(wire)
      assert.equal(status, 200)
      assert.deepEqual(headers.at(-1), ['vary', 'Accept-Encoding, Origin'])
      assert.deepEqual(
        headers.map(([name]) => name),
        [
          'cache-control',
          'content-type',
          'etag',
          'link',
          'set-cookie',
          'x-request-id',
          ...Object.keys(allowed),
          'vary',
        ],
      )
    },
  ],
  [
    'sets a header, it does not repeat one of the application',
    () => {
      const { headers } = serverOf(decide, () => ({ status: 404, headers: [['access-control-allow-origin', '*']] }))(
        wire,
      )
      assert.deepEqual(headers, [
        ['access-control-allow-origin', 'https://app.example'],
        ['vary', 'Origin'],
      ])
    },
  ],
  [
    'is read by the browser that the decision allows, and by no other',
    () => {
      const request = { url: wire.url, method: 'PUT' }
      const why = ['https://app.example', 'https://evil.example'].map(
        (origin) => new Browser({ origin }).fetch(request, serverOf(decide)).why,
      )
      assert.deepEqual(why, ['cors', 'preflight-allow-origin-mismatch'])
    },
  ],
])

table('what a server is handed', [
  ['is the path and the query', () => assert.equal(requestTarget(wire), '/orders/1?page=2')],
  [
    'is the headers by their lower-case names, repeated ones joined',
    () => assert.deepEqual(headerRecord(wire), { accept: '*/*', 'x-test': '1, 2' }),
  ],
])
