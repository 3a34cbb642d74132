/** What is wrong with a policy document: every code, all at once, each at its place, whatever is handed in. */
import assert from 'node:assert/strict'
import {
  checkPolicy,
  compilePolicy,
  type Diagnostic,
  evaluate,
  type PolicyDocument,
  PolicyError,
} from '@safeconduct/core'
import fc from 'fast-check'
import { parseOrigin } from '../../../../packages/core/dist/web/origin.js'
import { hostile, policy } from '../../support/generate.js'
import { trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

/** A policy of one rule with one grant. */
const withGrant = (grant: object): unknown => ({ version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [grant] }] })
const sharing = (...origins: string[]): object => ({ origins, credentials: true })
const withPaths = (...paths: (string | string[])[]): unknown => ({
  version: 1,
  rules: paths.map((list, i) => ({ id: `r${i}`, paths: [list].flat(), allow: [] })),
})
const withGrants = (...origins: string[][]): unknown => ({
  version: 1,
  rules: [{ id: 'a', paths: ['/a'], allow: origins.map((list) => ({ origins: list })) }],
})
const withGroups = (origins: object, ...grants: object[]): unknown => ({
  version: 1,
  origins,
  rules: [{ id: 'a', paths: ['/a'], allow: grants }],
})
const waives = (code: string): object => ({ accept: [{ code, because: 'SEC-1' }] })

const told = (document: unknown): string[] =>
  checkPolicy(document).map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)

const at = '/rules/0/allow/0'

type Says = readonly [sentence: string, document: unknown, ...lines: string[]]

function says(rows: readonly Says[]): Row[] {
  return rows.map(([sentence, document, ...lines]) => [
    `${sentence}: ${lines.join(', ') || 'nothing'}`,
    () => assert.deepEqual(told(document), lines),
  ])
}

table('origins', [
  ...says([
    ['a flawless grant', withGrant(sharing('https://shop.example.com'))],
    ['a slash too much', withGrant({ origins: ['https://a.example/'] }), `error invalid-origin ${at}/origins/0`],
    ['the opaque origin', withGrant({ origins: ['null'] }), `error null-origin ${at}/origins/0`],
    ['a file', withGrant({ origins: ['file://'] }), `error null-origin ${at}/origins/0`],
    [
      'more alternatives than are written out',
      withGrant({ origins: [`https://${'{a,b}'.repeat(7)}.example`] }),
      `error pattern-too-complex ${at}/origins/0`,
    ],
    ['a group that is not there', withGrant({ origins: ['@web'] }), `error unknown-group ${at}/origins/0`],
    ['a group of an inherited name', withGrant({ origins: ['@constructor'] }), `error unknown-group ${at}/origins/0`],
    ['a group without a name', withGrant({ origins: ['@'] }), `error unknown-group ${at}/origins/0`],
  ]),
  // Anyone.
  ...says([
    ['anyone, anonymously', withGrant({ origins: ['*'] })],
    ['anyone, with credentials', withGrant(sharing('*')), `error any-origin-with-credentials ${at}/origins/0`],
    [
      'every site, with credentials',
      withGrant(sharing('https://**')),
      `error any-origin-with-credentials ${at}/origins/0`,
    ],
    [
      'every site in two labels',
      withGrant(sharing('https://*.*')),
      `error any-origin-with-credentials ${at}/origins/0`,
    ],
    ['every site’s www', withGrant(sharing('https://www.*.*')), `error any-origin-with-credentials ${at}/origins/0`],
    ['every site on any port', withGrant(sharing('https://**:*')), `error any-origin-with-credentials ${at}/origins/0`],
    [
      'every site on any port, encrypted or not',
      withGrant(sharing('{http,https}://**:*')),
      `error insecure-origin ${at}/origins/0`,
      `error any-origin-with-credentials ${at}/origins/0`,
    ],
    ['every site, anonymously', withGrant({ origins: ['https://**'] })],
    [
      'no waiver covers every site',
      withGrant({ ...sharing('https://**'), ...waives('public-suffix') }),
      `error any-origin-with-credentials ${at}/origins/0`,
    ],
  ]),
  // Public suffixes: an error with credentials, a warning without, waived by the grant that says why.
  ...[
    'https://*.com',
    'https://*.co.uk',
    'https://pr-*.vercel.app',
    'https://**.amazonaws.com',
    'https://example.*',
    'https://*',
  ].flatMap((glob): Row[] =>
    says([
      [`${glob} with credentials`, withGrant(sharing(glob)), `error public-suffix ${at}/origins/0`],
      [`${glob} without`, withGrant({ origins: [glob] }), `warning public-suffix ${at}/origins/0`],
      [`${glob}, accepted`, withGrant({ ...sharing(glob), ...waives('public-suffix') })],
      [`${glob}, accepted, without credentials`, withGrant({ origins: [glob], ...waives('public-suffix') })],
      [
        `${glob}, where something else is accepted`,
        withGrant({ ...sharing(glob), ...waives('insecure-origin') }),
        `error public-suffix ${at}/origins/0`,
      ],
    ]),
  ),
  ...says([
    ['a wildcard below a customer', withGrant(sharing('https://*.foo.vercel.app'))],
    ['a wildcard in one domain', withGrant(sharing('https://*.example.com', 'https://**.example.org'))],
  ]),
  // http.
  ...[
    'http://shop.example.com',
    'http://*.example.com',
    '{http,https}://shop.example.com',
    'http://10.0.0.1',
    'http://*.example.com:*',
  ].flatMap((glob): Row[] =>
    says([
      [`${glob} with credentials`, withGrant(sharing(glob)), `error insecure-origin ${at}/origins/0`],
      [`${glob} without`, withGrant({ origins: [glob] }), `warning insecure-origin ${at}/origins/0`],
      [`${glob}, accepted`, withGrant({ ...sharing(glob), ...waives('insecure-origin') })],
    ]),
  ),
  ...[
    ...[
      'http://localhost',
      'http://localhost:3000',
      'http://localhost:*',
      'http://app.localhost',
      'http://*.localhost:*',
      'http://localhost.',
    ],
    ...[
      'http://127.0.0.1:3000',
      'http://127.1.2.3',
      'http://[::1]',
      'http://[::1]:*',
      'http://**.localhost',
      'http://*.localhost.',
      'http://127.0.0.{1,2}',
    ],
    ...['capacitor://localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
  ].flatMap((glob): Row[] => says([[`${glob} is as good as encrypted`, withGrant(sharing(glob))]])),
  ...says([
    [
      'http on a name that starts like loopback',
      withGrant(sharing('http://localhost.example.com')),
      `error insecure-origin ${at}/origins/0`,
    ],
    [
      'http on a wildcard that may be loopback',
      withGrant(sharing('http://localhost*')),
      `error insecure-origin ${at}/origins/0`,
      `error public-suffix ${at}/origins/0`,
    ],
    [
      'both dangers are told',
      withGrant(sharing('http://*.github.io')),
      `error insecure-origin ${at}/origins/0`,
      `error public-suffix ${at}/origins/0`,
    ],
    [
      'of both, one is accepted',
      withGrant({ ...sharing('http://*.github.io'), ...waives('insecure-origin') }),
      `error public-suffix ${at}/origins/0`,
    ],
  ]),
])

table('groups', [
  ...says([
    [
      'a group that two grants name is told of once',
      withGroups({ web: ['https://a.example/'] }, { origins: ['@web'] }, { origins: ['@web', 'https://b.example'] }),
      'error invalid-origin /origins/web/0',
    ],
    [
      'a group that no grant names is read too',
      withGroups({ web: ['https://a.example/', 'null', 'http://a.example'] }),
      'error invalid-origin /origins/web/0',
      'error null-origin /origins/web/1',
    ],
    ['no dangers are told of what no grant shares', withGroups({ web: ['http://a.example', 'https://*.com'] })],
    [
      'at its worst',
      withGroups({ web: ['http://a.example'] }, { origins: ['@web'] }, { ...sharing('@web'), origins: ['@web'] }),
      'error insecure-origin /origins/web/0',
      `error duplicate-origin /origins/web/0`,
    ],
    [
      'accepted by one grant, not by the other',
      withGroups({ web: ['https://*.vercel.app'] }, { ...sharing('@web'), ...waives('public-suffix') }),
    ],
    [
      'a group in a group',
      withGroups({ web: ['@apps'], apps: [] }, { origins: ['@web'] }),
      'error invalid-origin /origins/web/0',
    ],
    ['anyone in a group', withGroups({ web: ['*'] }, { origins: ['@web'] }), 'error invalid-origin /origins/web/0'],
    ['an external group', withGroups({ tenants: { external: true } }, sharing('@tenants'))],
  ]),
])

table('methods, headers and max-age', [
  ...says([
    [
      'a method that is no token',
      withGrant({ origins: ['*'], methods: ['GET', 'a b'] }),
      `error invalid-method ${at}/methods/1`,
    ],
    [
      'all methods beside one',
      withGrant({ origins: ['*'], methods: ['*', 'GET'] }),
      `error invalid-method ${at}/methods/0`,
    ],
    [
      'a method of 65 characters',
      withGrant({ origins: ['*'], methods: ['A'.repeat(65)] }),
      `error invalid-method ${at}/methods/0`,
    ],
    ['all methods', withGrant({ origins: ['*'], methods: ['*'] })],
    ['methods of one’s own', withGrant({ origins: ['*'], methods: ['FOO', 'x-bar', 'M-SEARCH'] })],
    ...['CONNECT', 'TRACE', 'TRACK', 'trace'].map(
      (method): Says => [
        method,
        withGrant({ origins: ['*'], methods: [method] }),
        `error forbidden-method ${at}/methods/0`,
      ],
    ),
    ...['get', 'Patch', 'delete', 'propfind'].map(
      (method): Says => [method, withGrant({ origins: ['*'], methods: [method] }), `error method-case ${at}/methods/0`],
    ),
    [
      'a method of one’s own in two cases',
      withGrant({ origins: ['*'], methods: ['foo', 'FOO'] }),
      `error method-case ${at}/methods/0`,
    ],
    [
      'a header name that is no token',
      withGrant({ origins: ['*'], requestHeaders: ['x a', 'x:b', 'ä'] }),
      ...[0, 1, 2].map((i) => `error invalid-header-name ${at}/requestHeaders/${i}`),
    ],
    ['all header names, and one', withGrant({ origins: ['*'], requestHeaders: ['*', 'Authorization'] })],
    ...[
      'Cookie',
      'Host',
      'Origin',
      'Sec-Fetch-Mode',
      'Proxy-X',
      'Content-Length',
      'Access-Control-Request-Method',
      'access-control-allow-origin',
    ].map(
      (name): Says => [
        name,
        withGrant({ origins: ['*'], requestHeaders: [name] }),
        `error forbidden-request-header ${at}/requestHeaders/0`,
      ],
    ),
    ...['Set-Cookie', 'set-cookie2', 'Access-Control-Allow-Origin', 'Origin', 'Access-Control-Request-Headers'].map(
      (name): Says => [
        `${name}, exposed`,
        withGrant({ origins: ['*'], exposedHeaders: [name] }),
        `error forbidden-response-header ${at}/exposedHeaders/0`,
      ],
    ),
    ['all names exposed', withGrant({ origins: ['*'], exposedHeaders: ['*'] })],
    [
      'all names and one exposed',
      withGrant({ origins: ['*'], exposedHeaders: ['*', 'etag'] }),
      `error invalid-header-name ${at}/exposedHeaders/0`,
    ],
    [
      'all names exposed, with credentials',
      withGrant({ ...sharing('https://a.example'), exposedHeaders: ['*'] }),
      `error expose-wildcard-with-credentials ${at}/exposedHeaders/0`,
    ],
    ...([0, 1, 86_400, '0m', '10m', '1440m', '24h', '1d'] as const).map(
      (maxAge): Says => [`a max-age of ${maxAge}`, withGrant({ origins: ['*'], maxAge })],
    ),
    ...(['1441m', '25h', '2d', '999999d'] as const).map(
      (maxAge): Says => [
        `a max-age of ${maxAge}`,
        withGrant({ origins: ['*'], maxAge }),
        `error max-age-range ${at}/maxAge`,
      ],
    ),
  ]),
  ...([-1, 86_401, 1.5, 1e300, '10', '10s', '-1m', '1.5h', '', ' 1h', 'h', '1H'] as const).map(
    (maxAge): Row => [
      `a max-age of ${JSON.stringify(maxAge)} is an error at its place`,
      () => {
        const found = checkPolicy(withGrant({ origins: ['*'], maxAge }))
        assert.ok(
          found.length > 0 &&
            found.every(({ severity, pointer }) => severity === 'error' && pointer === `${at}/maxAge`),
          JSON.stringify(found),
        )
      },
    ],
  ),
])

table('rules', [
  ...says([
    ['a glob that is none', withPaths('/a?'), 'error invalid-path /rules/0/paths/0'],
    [
      'more alternatives than are written out',
      withPaths(`/${'{a,b}'.repeat(7)}`),
      'error pattern-too-complex /rules/0/paths/0',
    ],
    [
      'two rules of one id',
      {
        version: 1,
        rules: [
          { id: 'a', paths: [], allow: [] },
          { id: 'a', paths: [], allow: [] },
        ],
      },
      'error duplicate-id /rules/1/id',
    ],
    ['one glob in two rules', withPaths('/a', '/b', '/a'), 'error duplicate-path /rules/2/paths/0'],
    ['one glob in two spellings', withPaths('/{a,b}/c', '/{b,a}/c'), 'error duplicate-path /rules/1/paths/0'],
    ['one tree in two spellings', withPaths('/a/**', '/a/**/**'), 'error duplicate-path /rules/1/paths/0'],
    ['an overlap', withPaths('/a/*', '/*/b'), 'error ambiguous-paths /rules/1/paths/0'],
    ['an overlap that is settled', withPaths('/a/*', ['/*/b', '/a/b'])],
    ['nested globs', withPaths('/**', '/a/**', '/a/b')],
    ['a rule that only routes name', withPaths([])],
    [
      'too many ways to overlap',
      withPaths(`/**/a${'/*'.repeat(20)}/**`, `/**/b${'/*'.repeat(20)}/**`),
      'error pattern-too-complex /rules/1/paths/0',
    ],
  ]),
  ...says([
    [
      'one origin in two grants',
      withGrants(['https://a.example'], ['https://a.example']),
      'error duplicate-origin /rules/0/allow/1/origins/0',
    ],
    [
      'one origin twice in one grant',
      withGroups({ web: ['https://a.example'] }, { origins: ['@web', 'https://a.example'] }),
    ],
    [
      'one pattern in two grants',
      withGrants(['https://{a,b}.example'], ['https://{b,a}.example']),
      'error duplicate-origin /rules/0/allow/1/origins/0',
    ],
    ['anyone in two grants', withGrants(['*'], ['*']), 'error duplicate-origin /rules/0/allow/1/origins/0'],
    [
      'an external group in two grants',
      withGroups({ t: { external: true } }, { origins: ['@t'] }, { origins: ['@t'] }),
      'error duplicate-origin /rules/0/allow/1/origins/0',
    ],
    [
      'one origin, spelled with braces',
      withGrants(['https://a.example'], ['https://{a,a}.example']),
      'error duplicate-origin /rules/0/allow/1/origins',
    ],
    [
      'an overlap of grants',
      withGrants(['https://a.*.example'], ['https://*.b.example']),
      'error ambiguous-origins /rules/0/allow/1/origins/0',
    ],
    ['nested grants', withGrants(['*'], ['https://**.example'], ['https://*.a.example'], ['https://b.a.example'])],
    ['an overlap within a grant', withGrants(['https://a.*.example', 'https://*.b.example'])],
    [
      'an overlap of two rules’ grants',
      {
        version: 1,
        rules: ['a', 'b'].map((id) => ({ id, paths: [`/${id}`], allow: [{ origins: ['https://a.example'] }] })),
      },
    ],
  ]),
  ...says([
    [
      'invariants are read by the same rules, and judged by none',
      {
        version: 1,
        rules: [],
        invariants: [
          { id: 'a', never: { origins: ['http://**:*', '*', 'https://*.com'], credentials: true } },
          {
            id: 'b',
            never: {
              origins: ['https://a.example/', '@web'],
              paths: ['/a?'],
              methods: ['get'],
              requestHeaders: ['x y', 'cookie'],
            },
          },
          { id: 'a', never: { credentials: true } },
        ],
      },
      'error duplicate-id /invariants/2/id',
      'error invalid-origin /invariants/1/never/origins/0',
      'error unknown-group /invariants/1/never/origins/1',
      'error invalid-path /invariants/1/never/paths/0',
      'error method-case /invariants/1/never/methods/0',
      'error invalid-header-name /invariants/1/never/requestHeaders/0',
      'error forbidden-request-header /invariants/1/never/requestHeaders/1',
    ],
  ]),
])

const worst = {
  version: 1,
  origins: { web: ['http://shop.example.com', 'https://Shop.example.com'], spare: ['null'] },
  rules: [
    {
      id: 'one',
      paths: ['/a/*', '/x?'],
      allow: [
        {
          origins: ['@web', '@wed', '*'],
          methods: ['get'],
          requestHeaders: ['cookie'],
          exposedHeaders: ['*'],
          credentials: true,
          maxAge: '9d',
        },
      ],
    },
    { id: 'one', paths: ['/*/b'], allow: [{ origins: ['https://*.com'] }] },
  ],
}

table('all at once', [
  [
    'every problem is told in one go, errors first',
    () => {
      const found = told(worst)
      assert.deepEqual(found.toSorted(), [
        'error ambiguous-paths /rules/1/paths/0',
        'error any-origin-with-credentials /rules/0/allow/0/origins/2',
        'error duplicate-id /rules/1/id',
        'error expose-wildcard-with-credentials /rules/0/allow/0/exposedHeaders/0',
        'error forbidden-request-header /rules/0/allow/0/requestHeaders/0',
        'error insecure-origin /origins/web/0',
        'error invalid-origin /origins/web/1',
        'error invalid-path /rules/0/paths/1',
        'error max-age-range /rules/0/allow/0/maxAge',
        'error method-case /rules/0/allow/0/methods/0',
        'error null-origin /origins/spare/0',
        'error unknown-group /rules/0/allow/0/origins/1',
        'warning public-suffix /rules/1/allow/0/origins/0',
      ])
      assert.ok(found.at(-1)?.startsWith('warning'))
    },
  ],
  [
    'very many of them too: what was meant is looked for only so often',
    () => {
      const names = Array.from({ length: 5000 }, (_, i) => `group-${i.toString(36).padStart(4, '0')}`)
      const origins = Object.fromEntries(names.map((name) => [name, ['https://a.example']]))
      const allow = [{ origins: names.slice(0, 1000).map((name) => `@${name}s`) }]
      const found = checkPolicy({ version: 1, origins, rules: [{ id: 'a', paths: ['/a'], allow }] })
      assert.equal(found.length, 1000)
      assert.match(found[0]?.message ?? '', /did you mean `group-0000`\?/)
      assert.match(found[999]?.message ?? '', /define it/)
      assert.deepEqual(told({ version: 1, origins: 'a'.repeat(1_000_000), rules: [] }), ['error schema /origins'])
    },
  ],
  [
    'compilePolicy throws them all, and with warnings alone nothing',
    () => {
      assert.throws(
        () => compilePolicy(worst as unknown as PolicyDocument),
        (thrown) =>
          thrown instanceof PolicyError && thrown.diagnostics.length === 13 && thrown.message.split('\n').length === 13,
      )
      compilePolicy(withGrant({ origins: ['http://a.example'] }) as PolicyDocument)
    },
  ],
  [
    'a sentence is one line in lower case, what was written in backticks',
    () => {
      for (const { message } of checkPolicy(worst)) assert.match(message, /^[`a-z][^\n]*[^.\n]$/)
      const [forged] = checkPolicy(withGrant({ origins: ['https://a\n`error`\u202e'] }))
      assert.doesNotMatch(forged?.message ?? '', /[\n\u202e]|`error`/)
    },
  ],
  [
    'what is offered instead takes the fault away',
    () => {
      const faulty = [
        'https://A.example',
        'https://a.example:443',
        'https://a.example/x',
        'a.example',
        'http://127.1',
        'https://bücher.example',
      ]
      for (const origin of faulty) {
        const [{ fix } = {}] = checkPolicy(withGrant({ origins: [origin] }))
        assert.ok(fix !== undefined, origin)
        assert.deepEqual(
          checkPolicy(withGrant({ origins: [fix] })).filter(({ severity }) => severity === 'error'),
          [],
        )
      }
      for (const path of ['/%61', '/a%2fb', 'api/**', '*']) {
        const [{ fix } = {}] = checkPolicy(withPaths(path))
        assert.ok(fix !== undefined, path)
        assert.deepEqual(checkPolicy(withPaths(fix)), [])
      }
    },
  ],
])

/** What a witness claims, held against a policy in which the diagnostic is waived or was no error. */
table('witnesses', [
  ...(
    [
      ['http://*.example.com', {}],
      ['{http,https}://a.example.com:8080', {}],
      ['http://{localhost,b}', {}],
      ['https://*.com', {}],
      ['https://pr-*.vercel.app', {}],
      ['https://**.amazonaws.com', {}],
      ['https://example.*', {}],
      ['https://*', {}],
      ['http://*:*', {}],
    ] as const
  ).map(
    ([glob]): Row => [
      `the witness against ${glob} is an origin, and the policy lets it in`,
      () => {
        const found = checkPolicy(withGrant({ origins: [glob] }))
        const waived = withGrant({
          origins: [glob],
          accept: ['insecure-origin', 'public-suffix'].map((code) => ({ code, because: 'x' })),
        })
        const compiled = compilePolicy(waived as PolicyDocument)
        assert.ok(found.length > 0)
        for (const { witness } of found) {
          const origin = witness?.origin ?? ''
          assert.ok(parseOrigin(origin) !== undefined, origin)
          assert.equal(evaluate(compiled, { method: 'GET', path: '/a', origin }).reason, 'allowed', origin)
        }
      },
    ],
  ),
  [
    'the witness of an overlap is on both sides of it',
    () => {
      const [{ witness } = {}] = checkPolicy(withPaths('/a/*', '/*/b'))
      assert.deepEqual(witness, { method: 'GET', path: '/a/b' })
      const [{ witness: host } = {}] = checkPolicy(withGrants(['https://a.*.example'], ['https://*.b.example']))
      assert.deepEqual(host, { origin: 'https://a.b.example' })
    },
  ],
])

const never = (what: string, value: unknown): Row => [
  `${what} is no policy, and no trouble`,
  () => {
    const found = checkPolicy(value)
    assert.ok(found.length > 0 && found.every(isDiagnostic), JSON.stringify(found))
    assert.equal(found[0]?.severity, 'error')
    assert.throws(() => compilePolicy(value as PolicyDocument), PolicyError)
  },
]

function isDiagnostic({ code, severity, pointer, message }: Diagnostic): boolean {
  return [code, severity, pointer, message].every((text) => typeof text === 'string') && /^(\/|$)/.test(pointer)
}

const thrower = (): never => {
  throw new Error('no')
}
const cyclic: Record<string, unknown> = { version: 1, rules: [] }
cyclic.rules = [cyclic, cyclic.rules]
const hollow = new Proxy(
  {},
  { get: thrower, ownKeys: thrower, has: thrower, getPrototypeOf: thrower, getOwnPropertyDescriptor: thrower },
)

table('whatever is handed in', [
  never('nothing', undefined),
  never('null', null),
  never('a number', 1),
  never('text', '{"version":1,"rules":[]}'),
  never('a list', []),
  never('a function', () => ({ version: 1, rules: [] })),
  never('a symbol', Symbol('policy')),
  never('a bigint', 1n),
  never('a date', new Date(0)),
  never('a map', new Map([['version', 1]])),
  never('a cycle', cyclic),
  never('a proxy that throws', hollow),
  never('a proxy within', { version: 1, rules: [hollow] }),
  never('a getter that throws', Object.defineProperty({ version: 1 }, 'rules', { get: thrower, enumerable: true })),
  never('a getter that throws within', {
    version: 1,
    rules: [
      {
        id: 'a',
        paths: ['/a'],
        allow: [
          {
            get origins() {
              return thrower()
            },
          },
        ],
      },
    ],
  }),
  never('a list without end', { version: 1, rules: new Array(4_000_000_000) }),
  never('a text that is not one', { version: 1, rules: [{ id: 'a', paths: [{ toString: thrower }], allow: [] }] }),
  never(
    'a revoked proxy',
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    })(),
  ),
  [
    'a getter that answers otherwise the second time is asked once',
    () => {
      let asked = 0
      const document = {
        version: 1,
        rules: [
          {
            id: 'a',
            paths: ['/a'],
            allow: [
              {
                get origins() {
                  return asked++ === 0 ? ['https://a.example'] : ['*']
                },
                credentials: true,
              },
            ],
          },
        ],
      }
      const compiled = compilePolicy(document as unknown as PolicyDocument)
      assert.equal(
        evaluate(compiled, { method: 'GET', path: '/a', origin: 'https://evil.example' }).reason,
        'origin-not-allowed',
      )
      assert.equal(asked, 1)
    },
  ],
  [
    'what is not the document’s own is not read',
    () => {
      const inherited = Object.create({ origins: { web: ['https://a.example'] } })
      Object.assign(inherited, { version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [{ origins: ['@web'] }] }] })
      assert.ok(checkPolicy(inherited).some(({ severity }) => severity === 'error'))
    },
  ],
  [
    'at random, hostile text in every place is told of or taken, and never thrown',
    () => {
      fc.assert(
        fc.property(hostile, (text) => {
          const document = {
            version: 1,
            origins: { [text]: [text], web: [text] },
            rules: [
              {
                id: text,
                paths: [text],
                allow: [
                  {
                    origins: [text, '@web', `@${text}`, `https://${text}`],
                    methods: [text],
                    requestHeaders: [text],
                    exposedHeaders: [text],
                    maxAge: text,
                    accept: [{ code: text, because: text }],
                  },
                ],
              },
            ],
            invariants: [{ id: text, never: { origins: [text], paths: [`/${text}`] } }],
          }
          const found = checkPolicy(document)
          assert.ok(found.length > 0 && found.every(isDiagnostic))
        }),
        { numRuns: trials(400) },
      )
    },
  ],
  [
    'at random, any JSON is told of or taken',
    () => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => assert.ok(checkPolicy(value).every(isDiagnostic))),
        { numRuns: trials(1000) },
      )
    },
  ],
  [
    'at random, a policy that loads has no errors, and its check does not change it',
    () => {
      fc.assert(
        fc.property(policy, (document) => {
          const before = JSON.stringify(document)
          assert.ok(checkPolicy(document).every(({ severity }) => severity !== 'error'))
          assert.equal(JSON.stringify(document), before)
        }),
        { numRuns: trials(300) },
      )
    },
  ],
  [
    'large texts take no time to speak of',
    () => {
      const blank = ' '.repeat(1_000_000)
      const texts = [
        blank,
        `https://a,${blank}`,
        `https://${'ü'.repeat(100_000)}`,
        `@${'a'.repeat(1_000_000)}`,
        `/${'{a,b}'.repeat(100_000)}`,
      ]
      within(15_000, () => {
        for (const text of texts) {
          checkPolicy({
            version: 1,
            origins: { [`${'a'.repeat(100_000)}b`]: [] },
            rules: [{ id: 'a', paths: [text], allow: [{ origins: [text], methods: [text] }] }],
          })
        }
      })
    },
  ],
])
