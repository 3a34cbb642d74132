/** Promises over all requests, against a look at every request. */
import assert from 'node:assert/strict'
import {
  compilePolicy,
  diagnosticLine,
  foldPolicy,
  type PolicyDocument,
  type RuleDocument,
  withOrigins,
} from '@safeconduct/core'
import { prove, proveAt, proveInvariants, type Query } from '@safeconduct/core/analysis'
import fc from 'fast-check'
import { smallGlob, smallPolicy, smallQuery } from '../../support/generate/pairs.js'
import { holds, least } from '../../support/holds.js'
import { assertProved, assertProvedAt } from '../../support/plain/promises.js'
import { type Row, table } from '../../support/table.js'

const anyPlace = fc.record({
  index: fc.nat(5),
  paths: fc.uniqueArray(fc.oneof(smallGlob, fc.constant('/**')), { minLength: 1, maxLength: 2 }),
  methods: fc.subarray<string>(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'], { minLength: 2 }),
})

table('a promise', [
  [
    'holds if and only if no request breaks it, on 600 policies and queries and more; what breaks it is shown',
    () => {
      const seen = { holds: 0, broken: 0 }
      holds(1500, fc.tuple(smallPolicy, smallQuery), ([document, never]) => {
        const proof = prove(compilePolicy(document), never)
        assertProved(proof, document, never)
        seen[proof.holds ? 'holds' : 'broken']++
      })
      assert.ok(seen.holds > least(300) && seen.broken > least(300), JSON.stringify(seen))
    },
  ],
  [
    'at a route that names a rule holds if and only if no request that comes there breaks it',
    () => {
      const seen = { holds: 0, broken: 0 }
      holds(500, fc.tuple(smallPolicy, smallQuery, anyPlace), ([document, never, { index, ...place }]) => {
        const { id } = document.rules[index % document.rules.length] ?? assert.fail('no rules')
        const proof = proveAt(compilePolicy(document), { ...place, rule: id }, never)
        assertProvedAt(proof, document, { ...place, rule: id }, never)
        seen[proof.holds ? 'holds' : 'broken']++
      })
      assert.ok(seen.holds > least(100) && seen.broken > least(40), JSON.stringify(seen))
    },
  ],
])

function policyOf(...rules: readonly RuleDocument[]): PolicyDocument {
  return { version: 1, origins: { web: ['https://a.example'], partners: { external: true } }, rules }
}

const anyone: RuleDocument = { id: 'public', paths: ['/public/**'], allow: [{ origins: ['*'], methods: ['GET'] }] }
const partners: RuleDocument = {
  id: 'orders',
  paths: ['/orders/**'],
  allow: [{ origins: ['@partners'], methods: 'served', credentials: true }],
}
const named: RuleDocument = { id: 'named', paths: [], allow: [{ origins: ['https://a.example'], methods: ['PUT'] }] }

function breaks(sentence: string, document: PolicyDocument, never: Query, request: string): Row {
  return [
    sentence,
    () => {
      const { counterexample } = prove(compilePolicy(document), never)
      const { method, path, origin, rule, servedMethods, requestMethod } = counterexample?.request ?? {}
      const words = [
        requestMethod === undefined ? method : `${method} for ${requestMethod}`,
        path,
        origin,
        rule,
        servedMethods?.join(),
      ]
      assert.equal(words.filter((word) => word !== undefined).join(' '), request)
    },
  ]
}

table('what breaks a promise', [
  breaks(
    'an origin that nobody named',
    policyOf(anyone),
    { origins: ['https://evil.example'] },
    'GET /public https://evil.example',
  ),
  breaks(
    'a member of an external group, whoever that will be',
    policyOf(partners),
    { origins: ['@partners'] },
    'GET /orders https://any-of-partners.invalid GET',
  ),
  breaks(
    'a method that the router may come to serve',
    policyOf(partners),
    { methods: ['DELETE'] },
    'DELETE /orders https://any-of-partners.invalid DELETE',
  ),
  breaks(
    'a rule that only routes can name, at any path of the query',
    policyOf(anyone, named),
    { paths: ['/admin/*/x'], methods: ['PUT'] },
    'PUT /admin/x/x https://a.example named',
  ),
  breaks(
    'an IP address, where globs cover all names and `"*"` the rest',
    policyOf({
      ...anyone,
      allow: [
        { origins: ['https://**', 'https://**.', 'https://10.0.0.1:*'], methods: ['GET'] },
        { origins: ['*'], methods: ['DELETE'] },
      ],
    }),
    { origins: ['https://**'], methods: ['DELETE'] },
    'DELETE /public https://10.0.0.2',
  ),
  breaks(
    'a name that begins as none of the globs can',
    policyOf({
      ...anyone,
      allow: [
        {
          origins: [...'abcdefghijklmnopqrstuvwxyz0123456789-_'].map((c) => `https://${c}*.a.example`),
          methods: ['GET'],
        },
        { origins: ['https://*.a.example'], methods: ['DELETE'] },
      ],
    }),
    { methods: ['DELETE'] },
    'DELETE /public https://!.a.example',
  ),
  breaks(
    'a preflight, where a header is asked about',
    policyOf({ ...anyone, allow: [{ origins: ['*'], requestHeaders: ['x-a'] }] }),
    { requestHeaders: ['X-A'] },
    'OPTIONS for GET /public https://evil.example',
  ),
])

table('a promise that is kept', [
  [
    'by a group without members only until it has some',
    () => {
      const policy = compilePolicy(policyOf(partners))
      assert.equal(prove(policy, { origins: ['https://b.example'] }).holds, true)
      assert.equal(
        prove(withOrigins(policy, 'partners', ['https://b.example']), { origins: ['https://b.example'] }).holds,
        false,
      )
    },
  ],
  [
    'is asked of the paths that the router folds',
    () => {
      const policy = compilePolicy(policyOf({ ...anyone, paths: ['/Public/**'] }))
      assert.equal(prove(policy, { paths: ['/public/**'] }).holds, true)
      assert.equal(prove(foldPolicy(policy, { caseSensitive: false }), { paths: ['/PUBLIC/**'] }).holds, false)
    },
  ],
  [
    'is not claimed where the globs combine in more ways than can be looked through',
    () => {
      const paths = Array.from({ length: 18 }, (_, i) => `/**/x${i}/**`)
      const { holds: kept, complete } = prove(compilePolicy(policyOf({ ...anyone, paths })), { methods: ['PUT'] })
      assert.deepEqual([kept, complete], [false, false])
    },
  ],
  [
    'is not claimed where the paths of a route and of the query meet in too many ways, nor where those of the query are many',
    () => {
      const glob = `/**/{${Array.from({ length: 64 }, (_, i) => `a${i}b`).join(',')}}*/x/y`
      const policy = compilePolicy(policyOf(anyone, named))
      const place = { rule: 'public', paths: ['/**'], methods: ['GET'] }
      assert.deepEqual(proveAt(policy, place, { paths: [glob] }), {
        holds: false,
        complete: false,
        tangled: ['/**', glob],
      })
      const { counterexample } = prove(policy, { paths: [glob], methods: ['PUT'] })
      assert.deepEqual([counterexample?.ruleId, counterexample?.request.path], ['named', '/a0bx/x/y'])
    },
  ],
  [
    'a query with a glob that is none, or a group that the policy lacks, throws',
    () => {
      const policy = compilePolicy(policyOf(anyone))
      assert.throws(() => prove(policy, { origins: ['a.example'] }), /not an origin glob: a\.example/)
      assert.throws(() => prove(policy, { paths: ['a'] }), /not a path glob: a/)
      assert.throws(() => prove(policy, { origins: ['@wed'] }), /no such group: @wed/)
      assert.throws(() => proveAt(policy, { rule: 'x', paths: ['/'], methods: ['GET'] }, {}), /no such rule: x/)
    },
  ],
  [
    'in a policy that breaks it is told with what breaks it',
    () => {
      const document: PolicyDocument = {
        ...policyOf(anyone),
        invariants: [
          { id: 'nobody', never: { paths: ['/public/**'] }, because: 'SEC-1' },
          { id: 'kept', never: { credentials: true } },
        ],
      }
      assert.deepEqual(proveInvariants(compilePolicy(document)).map(diagnosticLine), [
        '/invariants/0 error invariant-violated: invariant `nobody` (`SEC-1`) is broken: rule `public` allows `GET /public` from `https://evil.example`; narrow the rule',
      ])
    },
  ],
])
