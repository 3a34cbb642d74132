/** Allowed requests: their headers, and what is kept of one answer for the next. */
import assert from 'node:assert/strict'
import { compilePolicy, type Decision, evaluate, type GrantDocument, isPreflight, type Policy } from '@safeconduct/core'
import { table } from '../../support/table.js'

const origin = 'https://a.example'

function policyOf(grant: Partial<GrantDocument>): Policy {
  return compilePolicy({ version: 1, rules: [{ id: 'r', paths: ['/**'], allow: [{ origins: [origin], ...grant }] }] })
}

const get = (policy: Policy, from: string = origin): Decision =>
  evaluate(policy, { method: 'GET', path: '/', origin: from })

function preflight(policy: Policy, requestMethod: string, requestHeaders?: string, splitByMethod = false): Decision {
  const asked = requestHeaders === undefined ? {} : { requestHeaders }
  return evaluate(policy, { method: 'OPTIONS', path: '/', origin, requestMethod, splitByMethod, ...asked })
}

const own = { 'access-control-allow-origin': origin }
const shared = { ...own, 'access-control-allow-credentials': 'true' }
const max = { 'access-control-max-age': '600' }

table('the headers of an allowed response', [
  ['name the origin', () => assert.deepEqual(get(policyOf({})).headers, own)],
  [
    'say whether credentials are shared, and what is exposed',
    () => {
      assert.deepEqual(get(policyOf({ credentials: true })).headers, shared)
      const exposed = { exposedHeaders: ['ETag', 'link'] }
      const listed = { 'access-control-expose-headers': 'etag,link' }
      assert.deepEqual(get(policyOf(exposed)).headers, { ...own, ...listed })
      assert.deepEqual(get(policyOf({ ...exposed, credentials: true })).headers, { ...shared, ...listed })
    },
  ],
  [
    'say `*` to anyone, to an origin that is listed beside it too',
    () => {
      const policy = policyOf({ origins: ['*', origin] })
      const anyone = { 'access-control-allow-origin': '*' }
      assert.deepEqual(get(policy).headers, anyone)
      assert.deepEqual(get(policy, 'https://b.example').headers, anyone)
      assert.deepEqual(preflight(policy, 'GET').headers, {
        ...anyone,
        'access-control-allow-methods': 'GET,HEAD,POST',
        ...max,
      })
    },
  ],
])

table('the answer to an allowed preflight', [
  [
    'lists the grant in full, and is kept',
    () => {
      const policy = policyOf({ methods: ['PUT'], requestHeaders: ['X-B', 'x-a'] })
      const first = preflight(policy, 'PUT', 'x-a')
      assert.deepEqual(first.headers, {
        ...own,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-b,x-a',
        ...max,
      })
      assert.equal(preflight(policy, 'PUT', 'x-b'), first)
      assert.equal(preflight(policy, 'PUT'), first)
    },
  ],
  [
    'has no list of headers where there are none',
    () =>
      assert.deepEqual(preflight(policyOf({ methods: ['PUT'] }), 'PUT').headers, {
        ...own,
        'access-control-allow-methods': 'PUT',
        ...max,
      }),
  ],
  [
    'echoes the method where any is granted with credentials, each time the one that was asked for',
    () => {
      const policy = policyOf({ methods: ['*'], credentials: true })
      const methods = ['PUT', 'DELETE', 'PUT', 'GET'].map(
        (method) => preflight(policy, method).headers['access-control-allow-methods'],
      )
      assert.deepEqual(methods, ['PUT', 'DELETE', 'PUT', 'GET'])
    },
  ],
  [
    'echoes the names where any is granted with credentials, each time those that were asked for',
    () => {
      const policy = policyOf({ requestHeaders: ['*'], credentials: true })
      const names = ['x-a', 'x-b,x-c', 'x-a', undefined].map(
        (asked) => preflight(policy, 'GET', asked).headers['access-control-allow-headers'],
      )
      assert.deepEqual(names, ['x-a', 'x-b,x-c', 'x-a', undefined])
    },
  ],
  [
    'lists what the router serves, each time anew',
    () => {
      const policy = policyOf({ methods: 'served' })
      const served = (...servedMethods: readonly string[]) =>
        evaluate(policy, { method: 'OPTIONS', path: '/', origin, requestMethod: 'PUT', servedMethods }).headers[
          'access-control-allow-methods'
        ]
      assert.deepEqual([served('PUT'), served('GET', 'PUT')], ['PUT', 'GET,PUT,HEAD'])
    },
  ],
  [
    'says no more than was asked, and is not kept, where the methods of the URL meet different rules',
    () => {
      const policy = policyOf({ methods: ['PUT', 'PATCH'], requestHeaders: ['x-a', 'x-b'] })
      const whole = preflight(policy, 'PUT', 'x-a')
      const split = preflight(policy, 'PUT', 'x-a', true)
      assert.deepEqual(split.headers, {
        ...own,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-a',
        'access-control-max-age': '0',
      })
      assert.equal(preflight(policy, 'PUT', 'x-b, x-a', true).headers['access-control-allow-headers'], 'x-b,x-a')
      assert.equal(preflight(policy, 'PATCH', undefined, true).headers['access-control-allow-methods'], 'PATCH')
      assert.equal(preflight(policy, 'PUT', 'x-a'), whole)
      assert.equal(whole.headers['access-control-allow-methods'], 'PUT,PATCH')
    },
  ],
])

table('debug mode', [
  [
    'lists what is granted, nothing that was refused, and no max-age',
    () => {
      const debugged = (policy: Policy, requestMethod: string, requestHeaders: string, splitByMethod = false) =>
        evaluate(
          policy,
          { method: 'OPTIONS', path: '/', origin, requestMethod, requestHeaders, splitByMethod },
          { debug: true },
        ).headers
      const policy = policyOf({ methods: ['PUT'], requestHeaders: ['x-a'] })
      const listed = { ...own, 'access-control-allow-methods': 'PUT', 'access-control-allow-headers': 'x-a' }
      assert.deepEqual(debugged(policy, 'PATCH', 'x-a'), listed)
      assert.deepEqual(debugged(policy, 'PUT', 'x-b'), listed)
      assert.deepEqual(debugged(policy, 'PATCH', 'x-a,x-b', true), {
        ...own,
        'access-control-allow-methods': '',
        'access-control-allow-headers': 'x-a',
      })
      const several = policyOf({ methods: ['PUT'], requestHeaders: ['x-a', 'x-b'] })
      assert.equal(debugged(several, 'PUT', 'x-b,x-c,x-a', true)['access-control-allow-headers'], 'x-b,x-a')
      const served = policyOf({ methods: 'served' })
      assert.deepEqual(debugged(served, 'PATCH', ''), { ...own, 'access-control-allow-methods': '' })
      assert.deepEqual(debugged(policyOf({ methods: ['*'], credentials: true }), 'TRACE', ''), {
        ...shared,
        'access-control-allow-methods': '',
      })
    },
  ],
])

table('an answer without Origin', [
  [
    'is none to a preflight, whatever is announced',
    () => {
      const request = { method: 'OPTIONS', path: '/', requestMethod: 'PUT' }
      assert.equal(isPreflight(request), false)
      assert.equal(isPreflight({ ...request, origin }), true)
      assert.equal(evaluate(policyOf({}), request).kind, 'non-cors')
    },
  ],
  [
    'of a rule for anyone is made once, but for OPTIONS',
    () => {
      const policy = policyOf({ origins: ['*'], methods: ['GET', 'OPTIONS'] })
      const ask = (method: string): Decision => evaluate(policy, { method, path: '/' })
      assert.equal(ask('GET'), ask('GET'))
      assert.deepEqual(ask('GET').vary, [])
      assert.deepEqual(ask('OPTIONS').vary.length, 3)
      assert.deepEqual(ask('GET').vary, [])
    },
  ],
  [
    'is kept apart for OPTIONS and for other methods, of an origin too',
    () => {
      const policy = policyOf({ methods: ['GET', 'OPTIONS'] })
      const ask = (method: string): Decision => evaluate(policy, { method, path: '/', origin })
      assert.deepEqual([ask('GET').vary.length, ask('OPTIONS').vary.length, ask('GET').vary.length], [1, 3, 1])
      assert.equal(ask('OPTIONS'), ask('OPTIONS'))
      assert.equal(ask('GET'), ask('HEAD'))
      assert.deepEqual(ask('GET'), {
        kind: 'actual',
        allowed: true,
        ruleId: 'r',
        reason: 'allowed',
        headers: own,
        vary: ['Origin'],
      })
    },
  ],
])
