/** Promises over all requests, against a look at every request. */
import assert from 'node:assert/strict'
import {
  compilePolicy,
  diagnosticLine,
  evaluate,
  foldPolicy,
  type PolicyDocument,
  type RuleDocument,
  withOrigins,
} from '@safeconduct/core'
import { type NamedPlace, type Proof, prove, proveAt, proveInvariants, type Query } from '@safeconduct/core/analysis'
import fc from 'fast-check'
import {
  smallGlob,
  smallMember,
  smallOrigins,
  smallPaths,
  smallPolicy,
  smallQuery,
} from '../../support/generate/pairs.js'
import { holds, trials } from '../../support/holds.js'
import { PlainDecider } from '../../support/plain/abilities.js'
import { coversHeader, coversMethod, originMatches, pathMatches, tupleOf } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

const external = { tenants: [smallMember] }

function isAsked(text: string, origin: string, { origins = {} }: PolicyDocument): boolean {
  if (text === '*') return true
  if (text.startsWith('@')) {
    const group = origins[text.slice(1)] ?? []
    return 'external' in group
      ? origin === smallMember
      : group.some((each) => isAsked(each, origin, { version: 1, rules: [] }))
  }
  const tuple = tupleOf(origin)
  if (tuple === undefined) return false
  // In a promise the host `**` is every host, IP addresses too.
  return text === origin || originMatches(text.replace(/:\/\/\*\*(?=$|:)/, `://${tuple.host}`), tuple)
}

/** Every rule that decides a path of the query, and every rule that only routes can name. */
function rulesAsked(document: PolicyDocument, decider: PlainDecider, { paths }: Query): readonly RuleDocument[] {
  const reached = new Set(smallPaths.map((path) => decider.rule(path)))
  const asked = smallPaths.filter((path) => paths === undefined || paths.some((glob) => pathMatches(glob, path)))
  const met = new Set(asked.map((path) => decider.rule(path)))
  return document.rules.filter((rule) => met.has(rule) || !reached.has(rule))
}

const allNames = ['x-a', 'x-b', 'x-c', 'authorization', 'x-other']

/** Whether some request that the query is about is allowed. */
function isBroken(document: PolicyDocument, never: Query): boolean {
  const decider = new PlainDecider(document, external)
  return rulesAsked(document, decider, never).some((rule) => isBrokenBy(rule, document, decider, never, everyMethod))
}

/** Whether some request that the query is about comes to the place of a route, and the rule that it names allows it. */
function isBrokenAt(document: PolicyDocument, place: NamedPlace, never: Query): boolean {
  const meets =
    (globs: readonly string[] = ['/**']) =>
    (path: string) =>
      globs.some((glob) => pathMatches(glob, path))
  if (!smallPaths.filter(meets(place.paths)).some(meets(never.paths))) return false
  const rule = document.rules.find(({ id }) => id === place.rule) ?? assert.fail(place.rule)
  return isBrokenBy(rule, document, new PlainDecider(document, external), never, place.methods)
}

const everyMethod = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OTHER']

function isBrokenBy(
  rule: RuleDocument,
  document: PolicyDocument,
  decider: PlainDecider,
  never: Query,
  served: readonly string[],
): boolean {
  const origins = smallOrigins.filter(
    (origin) => never.origins?.some((text) => isAsked(text, origin, document)) ?? true,
  )
  const methods =
    never.methods === undefined || never.methods.includes('*')
      ? served
      : never.methods.filter((method) => served.includes(method))
  const names = never.requestHeaders?.flatMap((name) => (name === '*' ? allNames : [name.toLowerCase()]))
  return origins.some((origin) => {
    const grant = decider.grant(rule, origin)
    if (grant === undefined || (never.credentials === true && grant.credentials !== true)) return false
    if (!methods.some((method) => coversMethod(grant, method, [method]))) return false
    return names === undefined || names.some((name) => coversHeader(grant, name))
  })
}

const anyPlace = fc.record({
  index: fc.nat(5),
  paths: fc.uniqueArray(fc.oneof(smallGlob, fc.constant('/**')), { minLength: 1, maxLength: 2 }),
  methods: fc.subarray<string>(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'], { minLength: 2 }),
})

/** A counterexample is a request that the query is about, and the policy allows it. */
function assertCounters(document: PolicyDocument, never: Query, { counterexample, complete }: Proof): void {
  assert.ok(counterexample !== undefined && complete)
  const { request, credentials, ruleId } = counterexample
  const decision = evaluate(withOrigins(compilePolicy(document), 'tenants', external.tenants), request)
  assert.equal(decision.kind !== 'non-cors' && decision.allowed, true, JSON.stringify(counterexample))
  assert.equal(decision.ruleId, ruleId)
  assert.equal(credentials, never.credentials ?? false)
  if (credentials) assert.equal(decision.headers['access-control-allow-credentials'], 'true')
  const { origin = '', path = '', requestMethod, requestHeaders } = request
  const method = requestMethod ?? request.method
  assert.ok(never.origins?.some((text) => isAsked(text, origin, document)) ?? true, origin)
  assert.ok(never.paths?.some((glob) => pathMatches(glob, path)) ?? true, path)
  assert.ok(never.methods?.some((name) => name === '*' || name === method) ?? true, method)
  const asked = never.requestHeaders?.map((name) => name.toLowerCase())
  assert.ok(asked?.some((name) => name === '*' || name === requestHeaders) ?? true, requestHeaders)
}

table('a promise', [
  [
    'holds if and only if no request breaks it, on 600 policies and queries and more; what breaks it is shown',
    () => {
      const seen = { holds: 0, broken: 0 }
      holds(1500, fc.tuple(smallPolicy, smallQuery), ([document, never]) => {
        const proof = prove(compilePolicy(document), never)
        assert.equal(proof.holds, !isBroken(document, never), JSON.stringify({ document, never, proof }))
        if (proof.holds) seen.holds++
        else {
          seen.broken++
          assertCounters(document, never, proof)
        }
      })
      assert.ok(seen.holds > trials(300) && seen.broken > trials(300), JSON.stringify(seen))
    },
  ],
  [
    'at a route that names a rule holds if and only if no request that comes there breaks it',
    () => {
      const seen = { holds: 0, broken: 0 }
      holds(500, fc.tuple(smallPolicy, smallQuery, anyPlace), ([document, never, { index, ...place }]) => {
        const { id } = document.rules[index % document.rules.length] ?? assert.fail('no rules')
        const proof = proveAt(compilePolicy(document), { ...place, rule: id }, never)
        const broken = isBrokenAt(document, { ...place, rule: id }, never)
        assert.equal(proof.holds, !broken, JSON.stringify({ document, never, place, id, proof }))
        seen[broken ? 'broken' : 'holds']++
        if (!broken) return
        assertCounters(document, never, proof)
        const { method = '', path = '', requestMethod } = proof.counterexample?.request ?? {}
        assert.ok(
          place.paths.some((glob) => pathMatches(glob, path)),
          path,
        )
        assert.ok(place.methods.includes(requestMethod ?? method), method)
      })
      assert.ok(seen.holds > trials(100) && seen.broken > trials(40), JSON.stringify(seen))
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
        '/invariants/0 error invariant-violated: invariant `nobody` (`SEC-1`) is broken: rule `public` allows `https://evil.example` at `/public`; narrow the rule',
      ])
    },
  ],
])
