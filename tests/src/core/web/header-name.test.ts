import assert from 'node:assert/strict'
import { Browser } from '@safeconduct/core/browser'
import {
  isCorsRequestHeader,
  isCorsResponseHeader,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isHeaderName,
  isSafelistedResponseHeader,
} from '../../../../packages/core/dist/web/header-name.js'
import { table } from '../../support/table.js'

const forbidden = [
  ...[
    'accept-charset',
    'accept-encoding',
    'access-control-request-headers',
    'access-control-request-method',
    'connection',
  ],
  ...[
    'content-length',
    'cookie',
    'cookie2',
    'date',
    'dnt',
    'expect',
    'host',
    'keep-alive',
    'origin',
    'referer',
    'set-cookie',
  ],
  ...[
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'via',
    'proxy-',
    'proxy-authorization',
    'sec-',
    'sec-fetch-site',
  ],
]
const settable = [
  ...[
    'accept',
    'accept-language',
    'authorization',
    'content-type',
    'range',
    'user-agent',
    'x-a',
    'proxy',
    'sec',
    'x-sec-',
    'cookies',
  ],
  ...[
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    '*',
    '__proto__',
    'constructor',
    'save-data',
    'dates',
  ],
]

/** Whether a script's header reaches the wire, by the model of the browser. */
function isSent(name: string): boolean {
  const { exchanges } = new Browser({ origin: 'https://server.test' }).fetch(
    { url: 'https://server.test/', headers: [[name, '1']] },
    () => ({ status: 200, headers: [] }),
  )
  return exchanges[0]?.headers.some(([sent]) => sent === name) === true
}

table('header names', [
  [
    'are tokens',
    () => {
      assert.deepEqual(
        ['x-a', 'X-A', '*', '__proto__', "!#$%&'*+-.^_`|~09"].filter((name) => !isHeaderName(name)),
        [],
      )
      assert.deepEqual(
        ['', ' ', 'x a', 'x:', 'x,y', 'x\n', 'x\0', '"x"', 'é', '\u212a', '(x)'].filter(isHeaderName),
        [],
      )
    },
  ],
  [
    'a script cannot set these',
    () => assert.deepEqual([...forbidden, ...settable].filter(isForbiddenRequestHeader), forbidden),
  ],
  [
    'and the model of the browser says so too',
    () =>
      assert.deepEqual(
        [...forbidden, ...settable].filter((name) => !isSent(name)),
        forbidden,
      ),
  ],
  [
    'one more is set by browsers alone: of private networks',
    () => assert.ok(isForbiddenRequestHeader('access-control-request-private-network')),
  ],
  [
    "the server's side of the protocol",
    () => {
      const ours = [
        'allow-credentials',
        'allow-headers',
        'allow-methods',
        'allow-origin',
        'allow-private-network',
        'expose-headers',
        'max-age',
      ]
      const names = ours.map((name) => `access-control-${name}`)
      assert.deepEqual(
        [...names, 'vary', 'origin', 'access-control-request-method', 'access-control-', 'etag'].filter(
          isCorsResponseHeader,
        ),
        names,
      )
    },
  ],
  [
    "the client's side of the protocol",
    () => {
      const names = ['origin', 'access-control-request-method', 'access-control-request-headers']
      assert.deepEqual([...names, 'access-control-allow-origin', 'referer', 'vary'].filter(isCorsRequestHeader), names)
    },
  ],
  [
    'no script reads these',
    () =>
      assert.deepEqual(
        ['set-cookie', 'set-cookie2', 'cookie', 'set-cookies', 'etag'].filter(isForbiddenResponseHeader),
        ['set-cookie', 'set-cookie2'],
      ),
  ],
  [
    'seven need not be exposed',
    () => {
      const seven = [
        ...[
          'cache-control',
          'content-language',
          'content-length',
          'content-type',
          'expires',
          'last-modified',
          'pragma',
        ],
      ]
      assert.deepEqual([...seven, 'etag', 'content-encoding', 'set-cookie'].filter(isSafelistedResponseHeader), seven)
    },
  ],
])
