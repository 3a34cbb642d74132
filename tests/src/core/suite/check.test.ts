/** What is wrong with a suite: its shape, and what its texts mean. */
import assert from 'node:assert/strict'
import { diagnosticLine, PolicyError } from '@safeconduct/core'
import { checkSuite, defineSuite, runSuite, type SuiteDocument } from '@safeconduct/core/suite'
import { parseSuite } from '@safeconduct/core/text'
import { shop, shopSuite } from '../../support/shop.js'
import { type Row, table } from '../../support/table.js'

const matrix = {
  name: 'm',
  origins: ['https://a.example'],
  paths: ['/a'],
  methods: ['GET'],
  allow: [{ origins: ['https://a.example'] }],
}
const request = { name: 'r', request: { path: '/a', origin: 'https://a.example' }, expect: { outcome: 'refused' } }
const fetched = { name: 'f', fetch: { from: 'https://a.example', path: '/a' }, expect: { readable: false } }

const inMatrix = (part: object) => ({ version: 1, matrices: [{ ...matrix, ...part }] })
const inRequest = (part: object, expect: object = request.expect) => ({
  version: 1,
  cases: [{ ...request, request: { ...request.request, ...part }, expect }],
})
const inFetch = (part: object, expect: object = fetched.expect) => ({
  version: 1,
  cases: [{ ...fetched, fetch: { ...fetched.fetch, ...part }, expect }],
})

const accepted: readonly (readonly [what: string, suite: unknown])[] = [
  ['nothing', { version: 1 }],
  ['empty lists', { version: 1, matrices: [], cases: [], external: {} }],
  ['the opaque origin', inMatrix({ origins: ['null'], allow: [] })],
  [
    'an origin that no policy could list, and a browser can send',
    inMatrix({ origins: ['https://a..example'], allow: [] }),
  ],
  ['any text as the Origin of a request', inRequest({ origin: '*, https://a.example/' })],
  ['any text as the target of a request', { version: 1, cases: [{ ...request, request: { url: '/../*' } }] }],
  ['a header value that is no list of names', inRequest({ requestHeaders: 'a b, c' })],
  ['a method in another case, of a request', inRequest({ method: 'get' })],
  ['a closed route', inRequest({ rule: false })],
  ['that no rule decides', inRequest({}, { rule: false })],
  ['no cell at all', inMatrix({ allow: [] })],
  ['a header that must not be there', inRequest({}, { headers: { 'access-control-allow-origin': null } })],
  [
    'a URL with a port',
    { version: 1, cases: [{ ...fetched, fetch: { from: 'null', url: 'http://localhost:3000/a?b' } }] },
  ],
]

/** The place and code of each diagnostic, and a part of what it says. */
const rejected: readonly (readonly [
  what: string,
  suite: unknown,
  ...expected: (readonly [place: string, code: string, says: RegExp])[],
])[] = [
  ['a list', [], ['', 'schema', /^the suite must be an object, not a list$/]],
  ['no version', {}, ['', 'schema', /^the suite has no `version`; add `"version": 1`$/]],
  ['another version', { version: 2 }, ['/version', 'schema', /must be `1`/]],
  ['a misspelled key', { version: 1, casses: [] }, ['/casses', 'unknown-key', /did you mean `cases`\?/]],
  ['a word of other tools', { version: 1, tests: [] }, ['/tests', 'unknown-key', /did you mean `cases`\?/]],
  [
    'a page called origin',
    { version: 1, cases: [{ ...fetched, fetch: { origin: 'https://a.example', path: '/a' } }] },
    ['/cases/0/fetch/origin', 'unknown-key', /did you mean `from`\?/],
  ],
  [
    'a key elsewhere',
    inMatrix({ external: {} }),
    ['/matrices/0/external', 'unknown-key', /move it to the suite itself/],
  ],
  ['a blank name', inMatrix({ name: ' ' }), ['/matrices/0/name', 'schema', /says nothing; say what is tested/]],
  [
    'one name twice',
    { version: 1, matrices: [matrix], cases: [{ ...request, name: 'm' }] },
    ['/cases/0/name', 'duplicate-name', /`m` is already the name of the test at \/matrices\/0; choose another/],
  ],
  ['an empty list', inMatrix({ paths: [] }), ['/matrices/0/paths', 'schema', /is empty/]],
  ['one origin twice', inMatrix({ origins: ['null', 'null'] }), ['/matrices/0/origins/1', 'schema', /stands twice/]],
  ['no expectation', inRequest({}, {}), ['/cases/0/expect', 'schema', /no field, so any decision would do/]],
  [
    'an origin glob',
    inMatrix({ origins: ['https://*.a.example'], allow: [] }),
    ['/matrices/0/origins/0', 'not-concrete', /stands for several origins/],
  ],
  [
    'braces',
    inMatrix({ origins: ['https://{a,b}.example'], allow: [] }),
    ['/matrices/0/origins/0', 'not-concrete', /./],
  ],
  ['a group', inMatrix({ origins: ['@web'], allow: [] }), ['/matrices/0/origins/0', 'not-concrete', /./]],
  ['anyone', inFetch({ from: '*' }), ['/cases/0/fetch/from', 'not-concrete', /./]],
  ['a path glob', inMatrix({ paths: ['/a/**'], allow: [] }), ['/matrices/0/paths/0', 'not-concrete', /several paths/]],
  [
    'every method',
    inMatrix({ methods: ['*'], allow: [] }),
    ['/matrices/0/methods/0', 'not-concrete', /write the methods/],
  ],
  [
    'an origin with a slash',
    inFetch({ from: 'https://a.example/' }),
    ['/cases/0/fetch/from', 'invalid-origin', /write `https:\/\/a\.example`/],
  ],
  [
    'a path with a query',
    inRequest({ path: '/a?b' }),
    ['/cases/0/request/path', 'path-not-canonical', /write `\/a`, or put/],
  ],
  ['an escape', inFetch({ path: '/%61' }), ['/cases/0/fetch/path', 'path-not-canonical', /write `\/a`/]],
  [
    'dot segments',
    inRequest({ path: '/a/../b' }),
    ['/cases/0/request/path', 'path-not-canonical', /; put it under `url` as it is$/],
  ],
  [
    'a method in lower case',
    inMatrix({ methods: ['get'], allow: [] }),
    ['/matrices/0/methods/0', 'method-case', /write `GET`/],
  ],
  ['no method', inMatrix({ methods: ['A B'], allow: [] }), ['/matrices/0/methods/0', 'invalid-method', /./]],
  [
    'served methods that are none',
    inFetch({ servedMethods: ['*'] }),
    ['/cases/0/fetch/servedMethods/0', 'not-concrete', /./],
  ],
  [
    'a cell that is not there',
    inMatrix({ allow: [{ origins: ['https://b.example'], paths: ['/b'], methods: ['GETT'] }] }),
    [
      '/matrices/0/allow/0/origins/0',
      'unknown-cell',
      /not among the `origins` of the matrix; did you mean `https:\/\/a\.example`\?/,
    ],
    ['/matrices/0/allow/0/paths/0', 'unknown-cell', /did you mean `\/a`\?/],
    ['/matrices/0/allow/0/methods/0', 'unknown-cell', /did you mean `GET`\?/],
  ],
  [
    'request and fetch',
    { version: 1, cases: [{ ...request, fetch: fetched.fetch }] },
    ['/cases/0', 'schema', /^item 1 of `cases` must have one of `request` and `fetch`, and has both$/],
  ],
  ['neither', { version: 1, cases: [{ name: 'x', expect: { rule: false } }] }, ['/cases/0', 'schema', /and has none$/]],
  ['path and url', inRequest({ url: '/a' }), ['/cases/0/request', 'schema', /one of `path` and `url`, and has both/]],
  [
    'a relative URL',
    { version: 1, cases: [{ ...fetched, fetch: { from: 'null', url: '/a' } }] },
    ['/cases/0/fetch/url', 'schema', /absolute/],
  ],
  [
    'a host outside ASCII',
    { version: 1, cases: [{ ...fetched, fetch: { from: 'null', url: 'https://ä.example/' } }] },
    ['/cases/0/fetch/url', 'schema', /ASCII/],
  ],
  [
    'what a fetch has, of a request',
    inRequest({}, { readable: true }),
    ['/cases/0/expect/readable', 'schema', /write `outcome`/],
  ],
  [
    'what a request has, of a fetch',
    inFetch({}, { vary: [], outcome: 'allowed' }),
    ['/cases/0/expect/outcome', 'schema', /write `readable`/],
    ['/cases/0/expect/vary', 'schema', /remove it/],
  ],
  [
    'an outcome that there is not',
    inRequest({}, { outcome: 'denied' }),
    ['/cases/0/expect/outcome', 'schema', /must be one of `allowed`, `refused`, `non-cors`/],
  ],
  [
    'a misspelled reason',
    inRequest({}, { reason: 'no-rul' }),
    ['/cases/0/expect/reason', 'schema', /did you mean `no-rule`\?/],
  ],
  [
    'a mode that there is not',
    inFetch({ credentials: true }),
    ['/cases/0/fetch/credentials', 'schema', /must be one of `omit`/],
  ],
  [
    'the rule true',
    inRequest({ rule: true }, { rule: true }),
    ['/cases/0/request/rule', 'schema', /or false, not `true`/],
    ['/cases/0/expect/rule', 'schema', /./],
  ],
  [
    'names that are none',
    inFetch({ headers: { 'a b': '1' } }, { exposed: ['a b'] }),
    ['/cases/0/fetch/headers/a b', 'invalid-header-name', /./],
    ['/cases/0/expect/exposed/0', 'invalid-header-name', /./],
  ],
  ['no headers', inRequest({}, { headers: {} }), ['/cases/0/expect/headers', 'schema', /any headers would do/]],
  [
    'an external origin that is a glob',
    { version: 1, external: { tenants: ['https://*.a.example', 'null'] } },
    ['/external/tenants/0', 'not-concrete', /./],
    ['/external/tenants/1', 'invalid-origin', /./],
  ],
  [
    'a group name that is none',
    { version: 1, external: { 'a b': [] } },
    ['/external/a b', 'schema', /./],
    ['/external/a b', 'schema', /is empty/],
  ],
]

table('a suite may have', [
  ...accepted.map(([what, suite]): Row => [what, () => assert.deepEqual(checkSuite(suite), [])]),
  ['what the types let through', () => assert.deepEqual(checkSuite(defineSuite(shopSuite)), [])],
])

table(
  'a suite may not have',
  rejected.map(
    ([what, suite, ...expected]): Row => [
      what,
      () => {
        const found = checkSuite(suite)
        const places = (list: readonly (readonly string[])[]) => list.map((each) => each.join(' ')).sort()
        assert.deepEqual(
          places(found.map((d) => [d.pointer, d.code])),
          places(expected.map(([place, code]) => [place, code])),
        )
        for (const [place, code, says] of expected) {
          const messages = found.filter((d) => d.pointer === place && d.code === code).map((d) => d.message)
          assert.ok(
            messages.some((message) => says.test(message)),
            messages.join('\n'),
          )
        }
      },
    ],
  ),
)

table('the check of a suite', [
  [
    'is total',
    () => {
      const hostile: readonly unknown[] = [
        undefined,
        null,
        7,
        'x',
        Symbol('x'),
        new Proxy({}, { ownKeys: () => assert.fail('no') }),
        {
          version: 1,
          cases: [
            {
              get name() {
                throw new Error('no')
              },
            },
          ],
        },
        { version: 1, matrices: Object.assign([], { length: 3 }) },
        { version: 1, cases: [null, 7, []] },
      ]
      for (const value of hostile) assert.ok(checkSuite(value).length > 0)
    },
  ],
  [
    'tells where: line and column of a parsed suite',
    () => {
      const suite = parseSuite(
        'version: 1\nmatrices:\n  - name: x\n    origins: ["@web"]\n    paths: [/a]\n    methods: [GET]\n    allow: []\n',
        {
          file: 'x.cors.test.yaml',
        },
      )
      assert.match(checkSuite(suite).map(diagnosticLine).join(), /^x\.cors\.test\.yaml:4:15 error not-concrete: /)
    },
  ],
  [
    'comes before every run',
    () => assert.throws(() => runSuite(shop(), { version: 2 } as unknown as SuiteDocument), PolicyError),
  ],
  [
    'leaves a copy of a suite without positions',
    () => {
      const [found] = checkSuite({ ...parseSuite('{"version":1}'), external: { x: ['*'] } })
      assert.deepEqual([found?.code, found?.position], ['not-concrete', undefined])
    },
  ],
])
