import assert from 'node:assert/strict'
import { corsRequest } from '../../../../packages/core/dist/evaluate/cors-request.js'
import { table } from '../../support/table.js'

const origin = 'https://shop.example.com'

table('corsRequest', [
  [
    'a request without CORS headers has no CORS properties',
    () => assert.deepEqual(corsRequest('GET', '/a?b', { host: 'h' }), { method: 'GET', path: '/a' }),
  ],
  [
    'reads a record as Node gives it',
    () =>
      assert.deepEqual(
        corsRequest('OPTIONS', '/a', {
          origin,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'x-a,x-b',
        }),
        { method: 'OPTIONS', path: '/a', origin, requestMethod: 'PUT', requestHeaders: 'x-a,x-b' },
      ),
  ],
  [
    'reads WHATWG Headers',
    () =>
      assert.deepEqual(
        corsRequest('OPTIONS', '/a', new Headers({ Origin: origin, 'Access-Control-Request-Method': 'PUT' })),
        {
          method: 'OPTIONS',
          path: '/a',
          origin,
          requestMethod: 'PUT',
        },
      ),
  ],
  [
    'names of a record are case-insensitive',
    () =>
      assert.deepEqual(corsRequest('GET', '/a', { Origin: origin, 'Access-Control-Request-METHOD': 'PUT' }), {
        method: 'GET',
        path: '/a',
        origin,
        requestMethod: 'PUT',
      }),
  ],
  [
    'several lines of Access-Control-Request-Headers are one list',
    () =>
      assert.equal(
        corsRequest('OPTIONS', '/a', { 'access-control-request-headers': ['x-a', 'x-b, x-c'] }).requestHeaders,
        'x-a,x-b, x-c',
      ),
  ],
  [
    'several lines of Origin, or of Access-Control-Request-Method, make one value that is none',
    () => {
      const request = corsRequest('GET', '/a', {
        origin: [origin, 'null'],
        'access-control-request-method': ['PUT', 'GET'],
      })
      assert.equal(request.origin, `${origin}, null`)
      assert.equal(request.requestMethod, 'PUT, GET')
    },
  ],
  [
    'two keys that differ by case are two lines',
    () => assert.equal(corsRequest('GET', '/a', { origin, Origin: origin }).origin, `${origin}, ${origin}`),
  ],
  [
    'an array of one line is that line',
    () => assert.equal(corsRequest('GET', '/a', { origin: [origin] }).origin, origin),
  ],
  ['an empty value is a value', () => assert.equal(corsRequest('GET', '/a', { origin: '' }).origin, '')],
  [
    'undefined and no lines are no header',
    () =>
      assert.deepEqual(corsRequest('GET', '/a', { origin: undefined, 'access-control-request-method': [] }), {
        method: 'GET',
        path: '/a',
      }),
  ],
  [
    'only own properties of a record are headers',
    () => assert.deepEqual(corsRequest('GET', '/a', Object.create({ origin })), { method: 'GET', path: '/a' }),
  ],
  [
    'a header named "get" is a header',
    () => assert.equal(corsRequest('GET', '/a', { get: 'x', origin }).origin, origin),
  ],
  [
    "the path is the router's, and a refused one is undefined",
    () => {
      assert.equal(corsRequest('GET', '/%41/', {}, { caseSensitive: false, ignoreTrailingSlash: true }).path, '/a')
      assert.deepEqual(corsRequest('GET', '/a/../b', {}), { method: 'GET', path: undefined })
    },
  ],
])
