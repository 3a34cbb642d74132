/** A suite held against a policy: what passes, what fails, and what is said of it. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, foldPolicy, type Policy, PolicyError, withOrigins } from '@safeconduct/core'
import {
  type ExpectationDocument,
  type FetchDocument,
  type RequestDocument,
  runSuite,
  type SuiteDocument,
  type TestResult,
} from '@safeconduct/core/suite'
import { parseSuite } from '@safeconduct/core/text'
import fc from 'fast-check'
import { scene } from '../../support/generate.js'
import { trials } from '../../support/holds.js'
import { shop, shopSuite } from '../../support/shop.js'
import { type Row, table } from '../../support/table.js'

const from = 'https://shop.example.com'
const evil = 'https://evil.example'

/** The only test of a suite. */
function only(policy: Policy, suite: Omit<SuiteDocument, 'version'>): TestResult {
  const { tests } = runSuite(policy, { version: 1, ...suite })
  assert.equal(tests.length, 1)
  return tests[0] as TestResult
}

/** `field: expected → actual` of each mismatch; empty where the case passes. */
function told({ checks }: TestResult): string[] {
  return checks.flatMap(({ mismatches }) => mismatches.map((m) => `${m.field}: ${m.expected} → ${m.actual}`))
}

function ofRequest(request: RequestDocument, expect: ExpectationDocument, policy: Policy = shop()): string[] {
  return told(only(policy, { cases: [{ name: 'x', request, expect }] }))
}

function ofFetch(fetch: FetchDocument, expect: ExpectationDocument, policy: Policy = shop()): string[] {
  return told(only(policy, { cases: [{ name: 'x', fetch, expect }] }))
}

const deletion = { path: '/api/orders/7', origin: from, requestMethod: 'DELETE', requestHeaders: ['x-csrf-token'] }

const requests: readonly (readonly [
  what: string,
  request: RequestDocument,
  expect: ExpectationDocument,
  ...mismatches: string[],
])[] = [
  [
    'an actual request',
    { path: '/api/orders', origin: from },
    { outcome: 'allowed', rule: 'orders', reason: 'allowed' },
  ],
  [
    'what it does not come to',
    { path: '/api/orders', origin: from },
    { outcome: 'refused', rule: 'order', reason: 'no-rule', status: 200 },
    ...['outcome: refused → allowed', 'rule: order → orders', 'reason: no-rule → allowed', 'status: 200 → none'],
  ],
  [
    'a rule that the policy does not have, where a refusal is expected',
    { path: '/api/orders', origin: from, rule: 'order' },
    { outcome: 'refused' },
    'rule: a rule of the policy → none of this name',
  ],
  [
    'a rule that the policy does not have, where that is expected',
    { path: '/api/orders', origin: from, rule: 'order' },
    { outcome: 'refused', reason: 'unknown-rule' },
  ],
  ['a preflight, whose method is OPTIONS', deletion, { outcome: 'allowed', status: 204 }],
  [
    'an OPTIONS request that is no preflight',
    { method: 'OPTIONS', path: '/api/orders', origin: from },
    { outcome: 'allowed' },
    'outcome: allowed → refused',
  ],
  [
    'headers: a value, one that is not there, one that is and must not be; others are not looked at',
    deletion,
    {
      headers: {
        'Access-Control-Max-Age': '7200',
        'access-control-expose-headers': null,
        'access-control-allow-credentials': null,
      },
    },
    'headers.access-control-allow-credentials: (absent) → true',
  ],
  [
    'Vary as a whole, in any order and case',
    deletion,
    { vary: ['Access-Control-Request-Headers', 'Origin', 'access-control-request-method'] },
  ],
  [
    'Vary in part',
    deletion,
    { vary: ['origin'] },
    'vary: origin → access-control-request-headers, access-control-request-method, origin',
  ],
  ['no Vary', { path: '/assets/a.woff', origin: evil }, { vary: [] }],
  ['a request without Origin', { path: '/api/orders' }, { outcome: 'non-cors', reason: 'no-origin', rule: 'orders' }],
  ['that no rule decides', { path: '/', origin: from }, { rule: false, reason: 'no-rule', outcome: 'refused' }],
  ['that a rule decides, where none does', { path: '/', origin: from }, { rule: 'orders' }, 'rule: orders → none'],
  ['a target with escapes and a query', { url: '/api/%6frders/7?x', origin: from }, { rule: 'orders' }],
  [
    'a target that has no canonical path',
    { url: '/internal/../api/orders', origin: from },
    { reason: 'path-malformed', rule: false },
  ],
  ['a header value as received', { ...deletion, requestHeaders: 'x csrf' }, { reason: 'request-headers-malformed' }],
  ['two origins in one', { path: '/api/orders', origin: `${from}, ${evil}` }, { reason: 'origin-malformed' }],
  ['a route that names a rule', { path: '/', rule: 'orders', origin: from }, { outcome: 'allowed', rule: 'orders' }],
  [
    'a closed route',
    { path: '/api/orders', rule: false, origin: from },
    { outcome: 'refused', rule: false, reason: 'nobody-allowed' },
  ],
]

const same = { from, url: `${from}/api/orders/7` }
const page = { from, path: '/api/orders/7' }

const fetches: readonly (readonly [
  what: string,
  fetch: FetchDocument,
  expect: ExpectationDocument,
  ...mismatches: string[],
])[] = [
  [
    'one that is read',
    { ...page, credentials: 'include' },
    { readable: true, rule: 'orders', reason: 'allowed', preflight: false, exposed: ['etag'] },
  ],
  [
    'one that asks first',
    { ...page, method: 'delete', headers: { 'x-csrf-token': '1' }, credentials: 'include' },
    { readable: true, preflight: true },
  ],
  [
    'one that is refused when it asks',
    { ...page, method: 'PUT' },
    { readable: true, preflight: false, reason: 'allowed', exposed: ['etag'] },
    ...[
      'readable: true → false',
      'reason: allowed → method-not-allowed',
      'preflight: false → true',
      'exposed: etag → none',
    ],
  ],
  [
    'with a header that is not granted',
    { ...page, headers: { 'x-b': '1' } },
    { readable: false, reason: 'request-headers-not-allowed' },
  ],
  [
    'one from elsewhere, with credentials',
    { from: evil, path: '/api/orders/7', credentials: 'include' },
    { readable: false, reason: 'allowed' },
  ],
  ['one from a sandboxed frame', { from: 'null', path: '/api/orders/7' }, { readable: true, exposed: [] }],
  ['one that throws', { ...page, method: 'TRACE' }, { readable: false, rule: false, preflight: false }],
  [
    'the reason of one that throws',
    { ...page, method: 'TRACE' },
    { reason: 'allowed' },
    'reason: allowed → none: nothing was sent',
  ],
  ['one of the same origin, where every header is seen', same, { readable: true, preflight: false, exposed: ['*'] }],
  [
    'a safelisted header, which is always seen',
    { ...page, credentials: 'include' },
    { exposed: ['Content-Type', 'ETag'] },
  ],
  ['a route that names a rule', { from: evil, path: '/', rule: 'fonts' }, { readable: true, rule: 'fonts' }],
]

const everything = compilePolicy({
  version: 1,
  rules: [{ id: 'all', paths: ['/**'], allow: [{ origins: ['*'], exposedHeaders: ['*'], methods: 'served' }] }],
})

table(
  'a case of a request sees',
  requests.map(
    ([what, request, expect, ...mismatches]): Row => [
      what,
      () => assert.deepEqual(ofRequest(request, expect), mismatches),
    ],
  ),
)

table('a case of a fetch sees', [
  ...fetches.map(
    ([what, fetch, expect, ...mismatches]): Row => [what, () => assert.deepEqual(ofFetch(fetch, expect), mismatches)],
  ),
  [
    'that every header is exposed',
    () => {
      const fetch = { from, path: '/', servedMethods: ['GET'] }
      assert.deepEqual(ofFetch(fetch, { exposed: ['*'] }, everything), [])
      assert.deepEqual(ofFetch(fetch, { exposed: ['etag'] }, everything), ['exposed: etag → *'])
    },
  ],
  [
    'what the router serves',
    () => {
      const ask = (servedMethods: readonly string[]) =>
        ofFetch({ from, path: '/', method: 'PUT', servedMethods }, { readable: true }, everything)
      assert.deepEqual([ask(['PUT']), ask(['GET'])], [[], ['readable: true → false']])
    },
  ],
])

const matrix = { name: 'm', origins: [from, evil], paths: ['/api/orders'], methods: ['GET', 'DELETE'] }
const cells = (allow: readonly object[]): string[] =>
  only(shop(), { matrices: [{ ...matrix, allow } as never] }).checks.flatMap(({ asked, mismatches }) =>
    mismatches.map((m) => `${asked}: ${m.expected} → ${m.actual}`),
  )

table('a matrix', [
  [
    'passes where every cell is as listed',
    () =>
      assert.deepEqual(
        cells([
          { origins: [from], credentials: true },
          { origins: [evil], methods: ['GET'] },
        ]),
        [],
      ),
  ],
  [
    'refuses what is not listed',
    () =>
      assert.deepEqual(cells([]), [
        `GET /api/orders from ${from}: refused → allowed with credentials`,
        `DELETE /api/orders from ${from}: refused → allowed with credentials`,
        `GET /api/orders from ${evil}: refused → allowed`,
      ]),
  ],
  [
    'tells credentials that nobody listed, and those that are not shared',
    () =>
      assert.deepEqual(cells([{ origins: [from] }, { origins: [evil], methods: ['GET'], credentials: true }]), [
        `GET /api/orders from ${from}: allowed → allowed with credentials`,
        `DELETE /api/orders from ${from}: allowed → allowed with credentials`,
        `GET /api/orders from ${evil}: allowed with credentials → allowed`,
      ]),
  ],
  [
    'takes the most generous of the entries that list a cell',
    () =>
      assert.deepEqual(
        cells([
          { origins: [from, evil], methods: ['GET'] },
          { origins: [from], credentials: true },
        ]),
        [],
      ),
  ],
  [
    'is about the routes that it says',
    () => {
      const rule = only(shop(), {
        matrices: [{ ...matrix, paths: ['/'], rule: 'fonts', allow: [{ origins: [from, evil], methods: ['GET'] }] }],
      })
      const closed = only(shop(), { matrices: [{ ...matrix, rule: false, allow: [] }] })
      const misspelt = only(shop(), { matrices: [{ ...matrix, origins: [evil], rule: 'font', allow: [] }] })
      assert.deepEqual(told(misspelt), Array(2).fill('rule: a rule of the policy → none of this name'))
      assert.deepEqual([told(rule), told(closed)], [[], []])
    },
  ],
  [
    'says the same as a browser, for every cell of any policy',
    () =>
      fc.assert(
        fc.property(scene(6), ({ document, external, servedMethods, visits }) => {
          const policy = withOrigins(compilePolicy(document), 'tenants', external.tenants)
          for (const { origin, path, init } of visits) {
            const method = init.method ?? 'GET'
            const place = { name: 'm', origins: [origin], paths: [path], methods: [method], servedMethods }
            const fetch = { from: origin, path, method, servedMethods }
            const suite: SuiteDocument = {
              version: 1,
              matrices: [{ ...place, allow: [] }],
              cases: [
                { name: 'without', fetch: { ...fetch, credentials: 'omit' }, expect: { readable: false } },
                { name: 'with', fetch: { ...fetch, credentials: 'include' }, expect: { readable: false } },
              ],
            }
            let result: ReturnType<typeof runSuite>
            try {
              result = runSuite(policy, suite)
            } catch (thrown) {
              // a path or a method that no suite may have: `put`, `x y`, a bad escape
              if (thrown instanceof PolicyError) continue
              throw thrown
            }
            const [cell = 'refused', without, within] = result.tests.map(
              (test) => test.checks[0]?.mismatches[0]?.actual,
            )
            const read = within === 'true' ? 'allowed with credentials' : without === 'true' ? 'allowed' : 'refused'
            assert.equal(cell, read, JSON.stringify({ origin, path, method }))
          }
        }),
        { numRuns: trials(300) },
      ),
  ],
])

const failing: SuiteDocument = {
  version: 1,
  cases: [
    {
      name: 'a',
      request: { path: '/api/orders', origin: 'http://shop.example.com' },
      expect: { headers: { 'access-control-allow-credentials': 'true' } },
    },
    { name: 'b', fetch: { from, path: '/api/orders', method: 'PUT' }, expect: { readable: true } },
    { name: 'c', request: { path: '/api/orders', origin: from }, expect: { outcome: 'refused' } },
    { name: 'd', request: { path: '/api/orders' }, expect: { outcome: 'refused' } },
    { name: 'e', request: { path: '/api/orders', origin: '\u001b[31m' }, expect: { outcome: 'allowed' } },
    { name: 'f', request: { path: '/api/orders', origin: from }, expect: { outcome: 'allowed' } },
    { name: 'g', fetch: { from, path: '/api/orders', method: 'TRACE' }, expect: { readable: true } },
  ],
}
const explanations = runSuite(shop(), failing).tests.map(({ checks }) => checks[0]?.explanation ?? '')

table('the explanation', [
  [
    'of a refusal has what would have passed',
    () => {
      const policy = compilePolicy({ version: 1, rules: [{ id: 'a', paths: ['/**'], allow: [{ origins: [from] }] }] })
      const { checks } = only(policy, {
        cases: [
          { name: 'x', request: { path: '/', origin: 'http://shop.example.com' }, expect: { outcome: 'allowed' } },
        ],
      })
      assert.match(
        checks[0]?.explanation ?? '',
        /^refused \(rule a: origin-not-allowed\): .*\(https:\/\/shop\.example\.com \(by https\) is granted\)$/,
      )
    },
  ],
  [
    'of what is allowed by `*` says so',
    () => assert.equal(explanations[0], 'allowed: rule orders, by /api/orders/**, grants it to * without credentials'),
  ],
  [
    'of a fetch has the step of the browser too',
    () =>
      assert.match(
        explanations[1] ?? '',
        /^the answer to the preflight has no Access-Control-Allow-Origin; refused \(rule orders: method-not-allowed\): the grant's methods are /,
      ),
  ],
  [
    'of what is allowed has the rule, the glob and the origin',
    () =>
      assert.equal(explanations[2], `allowed: rule orders, by /api/orders/**, grants it to ${from} with credentials`),
  ],
  [
    'of a request without Origin says so',
    () => assert.match(explanations[3] ?? '', /^rule orders: no-origin; the request has no Origin$/),
  ],
  ['has no control characters', () => assert.ok(!/[\u0000-\u001f]/.test(explanations.join('')), explanations[4])],
  ['of a case that passes is short', () => assert.equal(explanations[5], 'rule orders: allowed')],
  [
    'of a fetch that throws is that of the browser',
    () => assert.equal(explanations[6], 'fetch() throws: the method is forbidden to scripts'),
  ],
])

table('a run', [
  [
    'of the suite of the shop passes, check by check',
    () => {
      const { passed, counts, tests } = runSuite(shop(), shopSuite)
      assert.ok(
        passed,
        JSON.stringify(
          tests.filter((test) => !test.passed),
          undefined,
          1,
        ),
      )
      assert.deepEqual(counts, { passed: 39, failed: 0 })
      assert.deepEqual(
        tests.map(({ kind, pointer }) => `${kind} ${pointer}`),
        ['matrix /matrices/0', 'matrix /matrices/1', 'matrix /matrices/2', 'fetch /cases/0', 'request /cases/1'],
      )
    },
  ],
  [
    'counts what fails',
    () => {
      const { passed, counts } = runSuite(shop(), failing)
      assert.deepEqual({ passed, counts }, { passed: false, counts: { passed: 1, failed: 6 } })
    },
  ],
  [
    'has the place of each test in the text',
    () => {
      const suite = parseSuite(JSON.stringify(failing, undefined, 1), { file: 'x.json' })
      assert.deepEqual(runSuite(shop(), suite).tests[0]?.position, { file: 'x.json', line: 4, column: 3 })
    },
  ],
  [
    'has all that the server saw',
    () => {
      const { checks } = only(shop(), {
        cases: [{ name: 'x', fetch: { ...page, method: 'DELETE' }, expect: { readable: true } }],
      })
      assert.deepEqual(
        checks[0]?.requests.map(({ method, requestMethod }) => [method, requestMethod]),
        [
          ['OPTIONS', 'DELETE'],
          ['DELETE', undefined],
        ],
      )
    },
  ],
  ['of an empty suite passes', () => assert.equal(runSuite(shop(), { version: 1 }).passed, true)],
  [
    'sees paths as the router of the policy does',
    () => {
      const policy = foldPolicy(shop(), { caseSensitive: false, ignoreTrailingSlash: true })
      const request = { path: '/API/Orders/7/', origin: from }
      assert.deepEqual(
        [ofRequest(request, { rule: 'orders' }, policy), ofRequest(request, { rule: 'orders' })],
        [[], ['rule: orders → none']],
      )
    },
  ],
])

const tenant = { path: '/api/orders', origin: 'https://tenant.example' }
const asTenant = {
  name: 'x',
  request: tenant,
  expect: { outcome: 'allowed', headers: { 'access-control-allow-credentials': 'true' } },
} as const

table('the external groups of a suite', [
  [
    'hold what it says while it runs',
    () => {
      const policy = shop()
      const before = evaluate(policy, { method: 'GET', ...tenant }).headers
      assert.equal(told(only(policy, { external: { tenants: [tenant.origin] }, cases: [asTenant] })).length, 0)
      assert.equal(told(only(policy, { cases: [asTenant] })).length, 1)
      assert.deepEqual(evaluate(policy, { method: 'GET', ...tenant }).headers, before)
    },
  ],
  [
    'take the place of what they held before',
    () => {
      const policy = withOrigins(shop(), 'tenants', [tenant.origin])
      assert.equal(told(only(policy, { cases: [asTenant] })).length, 0)
      assert.equal(
        told(only(policy, { external: { tenants: ['https://other.example'] }, cases: [asTenant] })).length,
        1,
      )
    },
  ],
  [
    'are those of the policy',
    () => {
      const run = (group: string) => () =>
        runSuite(shop(), parseSuite(`external: { ${group}: ['https://a.example'] }\nversion: 1\n`))
      assert.throws(
        run('tenant'),
        /^PolicyError: 1:21 error unknown-group: the policy has no external group `tenant`; did you mean `tenants`\?/,
      )
      assert.throws(run('web'), /group `web` is not external: the policy lists its origins; remove it/)
      assert.throws(run('__proto__'), /the policy has no external group|is no name for a group/)
    },
  ],
  [
    'hold no origin that the policy would not take',
    () => {
      const suite = parseSuite('version: 1\nexternal:\n  tenants:\n    - https://a.example\n    - http://a.example\n')
      assert.throws(() => runSuite(shop(), suite), /^PolicyError: 5:7 error insecure-origin/)
    },
  ],
])
