/** Who decides, and what is kept of it: of exact origins the decision, of those that globs match a few. */
import assert from 'node:assert/strict'
import {
  type CorsRequest,
  compilePolicy,
  evaluate,
  type GrantDocument,
  type Policy,
  withOrigins,
} from '@safeconduct/core'
import { allocated, held } from '../../support/heap.js'
import { type Row, table } from '../../support/table.js'
import { isAtMost } from '../../support/time.js'

const origin = 'https://app.example'

function policyOf(allow: readonly GrantDocument[]): Policy {
  return compilePolicy({
    version: 1,
    origins: { tenants: { external: true } },
    rules: [{ id: 'api', paths: ['/api/**'], allow }],
  })
}

const policy = withOrigins(
  policyOf([
    { origins: [origin, '@tenants'], methods: ['GET', 'PUT'], requestHeaders: ['x-a'], credentials: true },
    { origins: ['https://**.wild.example'], methods: ['GET'] },
    { origins: ['*'], methods: ['HEAD'] },
  ]),
  'tenants',
  ['https://tenant.example'],
)

const get: CorsRequest = { method: 'GET', path: '/api/1', origin }
const preflight: CorsRequest = {
  method: 'OPTIONS',
  path: '/api/1',
  origin,
  requestMethod: 'PUT',
  requestHeaders: 'x-a',
}

/** As a server gets it from its parser: equal, and another string. */
function fresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

const again = (request: CorsRequest): CorsRequest =>
  request.origin === undefined ? request : { ...request, origin: fresh(request.origin) }

function sameObject(request: CorsRequest): () => void {
  return () => assert.equal(evaluate(policy, again(request)), evaluate(policy, again(request)))
}

table('the decision is the same object', [
  ['for an exact origin', sameObject(get)],
  ['for a preflight of an exact origin', sameObject(preflight)],
  ['for OPTIONS of an exact origin', sameObject({ ...get, method: 'OPTIONS' })],
  ['for an external origin', sameObject({ ...get, origin: 'https://tenant.example' })],
  ['for a preflight of an external origin', sameObject({ ...preflight, origin: 'https://tenant.example' })],
  ['for anyone', sameObject({ ...get, method: 'HEAD', origin: 'https://stranger.example' })],
  ['for a refusal', sameObject({ ...get, origin: 'https://stranger.example' })],
  ['for a refused preflight', sameObject({ ...preflight, requestMethod: 'DELETE' })],
  ['without Origin', sameObject({ method: 'GET', path: '/api/1' })],
  ['where no rule is', sameObject({ ...get, path: '/x' })],
  [
    'for all paths of a rule',
    () => assert.equal(evaluate(policy, get), evaluate(policy, { ...get, path: '/api/2/3' })),
  ],
  [
    'and not that of another origin of the grant',
    () => assert.notEqual(evaluate(policy, get), evaluate(policy, { ...get, origin: 'https://tenant.example' })),
  ],
  ['for an origin that matches a glob, if it came lately', sameObject({ ...get, origin: 'https://a.wild.example' })],
  [
    'for many origins that match a glob, in turns',
    () => {
      const request = (i: number): CorsRequest => ({ ...get, origin: `https://pr-${i}.wild.example` })
      const all = (): unknown[] => Array.from({ length: 100 }, (_, i) => evaluate(policy, request(i)))
      // What comes once is not remembered.
      all()
      const before = all()
      const kept = before.filter((decision, i) => evaluate(policy, request(i)) === decision)
      assert.ok(kept.length > 50, `${kept.length}`)
    },
  ],
  [
    'and an equal one, if many others came since',
    () => {
      const request = { ...get, origin: 'https://a.wild.example' }
      const before = evaluate(policy, request)
      for (let i = 0; i < 10_000; i++)
        evaluate(policy, { ...get, origin: `https://${'x'.repeat(i % 60)}${i}.wild.example` })
      assert.notEqual(evaluate(policy, request), before)
      assert.deepEqual(evaluate(policy, request), before)
    },
  ],
])

table('policies share nothing', [
  [
    'two rules, which remember together what their globs matched',
    () => {
      const allow = (exposed: string): GrantDocument[] => [
        { origins: ['https://*.wild.example'], exposedHeaders: [exposed] },
        { origins: ['https://**.example'] },
      ]
      const two = compilePolicy({
        version: 1,
        rules: ['a', 'b'].map((id) => ({ id, paths: [`/${id}`], allow: allow(id) })),
      })
      const exposes = (path: string, text: string): string | undefined =>
        evaluate(two, { method: 'GET', path, origin: fresh(text) }).headers['access-control-expose-headers']
      for (let i = 0; i < 3; i++) {
        for (const path of ['a', 'b', 'b', 'a']) {
          assert.equal(exposes(`/${path}`, 'https://x.wild.example'), path)
          assert.equal(exposes(`/${path}`, 'https://x.y.wild.example'), undefined)
        }
      }
    },
  ],
  [
    'a glob that matched an origin, once the origin is supplied',
    () => {
      const globs = policyOf([{ origins: ['https://*.wild.example'] }, { origins: ['@tenants'], credentials: true }])
      const request = { ...get, origin: 'https://a.wild.example' }
      const shares = (of: Policy): boolean => 'access-control-allow-credentials' in evaluate(of, request).headers
      assert.equal(shares(globs), false)
      const supplied = withOrigins(globs, 'tenants', [request.origin])
      assert.deepEqual(
        [shares(supplied), shares(globs), shares(withOrigins(supplied, 'tenants', []))],
        [true, false, false],
      )
    },
  ],

  [
    'two policies of one document',
    () => {
      const allow = [{ origins: [origin] }]
      assert.notEqual(evaluate(policyOf(allow), get), evaluate(policyOf(allow), get))
    },
  ],
  [
    'two policies with the same origin in other grants',
    () => {
      const one = policyOf([{ origins: [origin], credentials: true }])
      const other = policyOf([{ origins: [origin], exposedHeaders: ['etag'] }])
      for (let i = 0; i < 3; i++) {
        assert.deepEqual(Object.keys(evaluate(one, get).headers), [
          'access-control-allow-origin',
          'access-control-allow-credentials',
        ])
        assert.deepEqual(Object.keys(evaluate(other, get).headers), [
          'access-control-allow-origin',
          'access-control-expose-headers',
        ])
      }
    },
  ],
  [
    'a policy and the one that withOrigins makes of it',
    () => {
      const request = { ...get, origin: 'https://late.example' }
      assert.equal(evaluate(policy, request).reason, 'method-not-allowed')
      const later = withOrigins(policy, 'tenants', ['https://late.example'])
      assert.equal(evaluate(later, request).reason, 'allowed')
      assert.equal(evaluate(policy, request).reason, 'method-not-allowed')
      assert.equal(evaluate(later, { ...get, origin: 'https://tenant.example' }).reason, 'method-not-allowed')
      assert.equal(evaluate(policy, { ...get, origin: 'https://tenant.example' }).reason, 'allowed')
    },
  ],
])

function allocatesNothing(request: CorsRequest): Row[1] {
  return () => {
    assert.equal(evaluate(policy, request).reason, 'allowed')
    const bytes = allocated(() => evaluate(policy, request))
    assert.ok(bytes < 4, `${bytes} bytes a call`)
  }
}

table('a decision that was made before allocates nothing', [
  ['on an exact origin, by the path', allocatesNothing(get)],
  ['on an exact origin, by a rule that the route names', allocatesNothing({ ...get, rule: 'api' })],
  ['on an external origin', allocatesNothing({ ...get, rule: 'api', origin: 'https://tenant.example' })],
  ['for anyone', allocatesNothing({ ...get, rule: 'api', method: 'HEAD', origin: 'null' })],
])

/** Bytes, over all calls together: room for what the engine notes on the side, none for a text each. */
const nearlyNothing = 1_000_000
const calls = 100_000

function keepsNothing(of: Policy, request: (i: number) => CorsRequest): Row[1] {
  return () => {
    const bytes = held((i) => evaluate(of, request(i)), calls)
    assert.ok(bytes < nearlyNothing, `${bytes} bytes are held after ${calls} calls`)
  }
}

table('nothing is kept of what clients make up', [
  ['origins that nobody knows', keepsNothing(policy, (i) => ({ ...get, origin: `https://o${i}.example` }))],
  ['origins that match a glob', keepsNothing(policy, (i) => ({ ...get, origin: `https://o${i}.wild.example` }))],
  ['origins of anyone', keepsNothing(policy, (i) => ({ ...get, method: 'HEAD', origin: `https://o${i}.example` }))],
  [
    'preflights of anyone',
    keepsNothing(policy, (i) => ({
      ...preflight,
      origin: `https://o${i}.example`,
      requestMethod: 'HEAD',
      requestHeaders: `x-${i}`,
    })),
  ],
  ['paths', keepsNothing(policy, (i) => ({ ...get, path: `/api/${i}/${'x'.repeat(20)}` }))],
  ['requested headers', keepsNothing(policy, (i) => ({ ...preflight, requestHeaders: `x-a,x-${i}` }))],
  ['methods', keepsNothing(policy, (i) => ({ ...get, method: `M${i}` }))],
  ['rules', keepsNothing(policy, (i) => ({ ...get, rule: `r${i}` }))],
  [
    'groups that are supplied anew again and again',
    () => {
      let current = policy
      const bytes = held((i) => {
        current = withOrigins(current, 'tenants', [`https://t${i % 10}.example`])
        return evaluate(current, { ...get, origin: `https://t${i % 10}.example` })
      }, 20_000)
      assert.ok(bytes < nearlyNothing, `${bytes} bytes are held`)
    },
  ],
])

table('the number of origins does not count', [
  [
    'one origin or a hundred thousand, a hit or a miss',
    () => {
      const many = policyOf([{ origins: Array.from({ length: 100_000 }, (_, i) => `https://o${i}.example`) }])
      const one = policyOf([{ origins: ['https://o7.example'] }])
      for (const asked of ['https://o7.example', 'https://p7.example']) {
        const request: CorsRequest = { ...get, rule: 'api', origin: asked }
        assert.ok(isAtMost(6, [() => evaluate(many, request), 2000], [() => evaluate(one, request), 2000]), asked)
      }
    },
  ],
])
