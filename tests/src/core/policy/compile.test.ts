/** From a document to a policy: what comes out, that nobody can change it, and what it costs. */
import assert from 'node:assert/strict'
import { compilePolicy, definePolicy, evaluate, type PolicyDocument, PolicyError } from '@safeconduct/core'
import { table } from '../../support/table.js'
import { within } from '../../support/time.js'

const document = definePolicy({
  version: 1,
  preflightStatus: 200,
  origins: { web: ['https://shop.example.com', 'https://*.shop.example.com'], tenants: { external: true } },
  rules: [
    {
      id: 'orders',
      paths: ['/orders/**', '/carts/*'],
      allow: [
        {
          origins: ['@web', '@tenants'],
          methods: ['GET', 'DELETE'],
          requestHeaders: ['X-CSRF-Token', 'x-csrf-token', 'Content-Type'],
          exposedHeaders: ['ETag'],
          credentials: true,
          maxAge: '2h',
          accept: [{ code: 'loopback-origin', because: 'development', until: '2027-01-31' }],
        },
        { origins: ['*'] },
      ],
    },
    { id: 'internal', paths: [], allow: [] },
  ],
  invariants: [{ id: 'tls', never: { origins: ['http://**:*'], credentials: true }, because: 'SEC-12' }],
})

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Every object that can be reached by reading properties. */
function reachable(value: unknown, seen: Set<object> = new Set()): Set<object> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return seen
  seen.add(value)
  for (const part of Object.values(value)) reachable(part, seen)
  return seen
}

table('compilePolicy', [
  [
    'fills in defaults, lower-cases header names, lets GET imply HEAD, and counts seconds',
    () => {
      const [orders] = compilePolicy(document).rules
      const [first, second] = (orders?.grants ?? []).map(
        ({ methods, requestHeaders, exposedHeaders, credentials, maxAge, accept, origins }) =>
          plain({ methods, requestHeaders, exposedHeaders, credentials, maxAge, accept, origins }),
      )
      assert.deepEqual(first, {
        methods: ['GET', 'HEAD', 'DELETE'],
        requestHeaders: ['x-csrf-token', 'content-type'],
        exposedHeaders: ['etag'],
        credentials: true,
        maxAge: 7200,
        accept: [{ code: 'loopback-origin', because: 'development', until: '2027-01-31' }],
        origins: ['@web', '@tenants'],
      })
      assert.deepEqual(second, {
        methods: ['GET', 'HEAD', 'POST'],
        requestHeaders: [],
        exposedHeaders: [],
        credentials: false,
        maxAge: 600,
        accept: [],
        origins: ['*'],
      })
    },
  ],
  [
    'keeps what was written',
    () => {
      const policy = compilePolicy(document)
      assert.equal(policy.preflightStatus, 200)
      assert.deepEqual(plain(policy.origins), plain(document.origins))
      assert.deepEqual(plain(policy.invariants), plain(document.invariants))
      assert.deepEqual(
        policy.rules.map(({ id, paths, grants }) => [id, [...paths], grants.length]),
        [
          ['orders', ['/orders/**', '/carts/*'], 2],
          ['internal', [], 0],
        ],
      )
      assert.deepEqual(plain(policy.router), {})
    },
  ],
  [
    'whose every part is frozen, as far as its type shows it',
    () => {
      const { preflightStatus, rules, origins, invariants, router } = compilePolicy(document)
      const parts = [
        rules,
        ...rules.flatMap(({ paths, grants }) => [paths, grants]),
        ...rules.flatMap((rule) => [rule, ...rule.grants]),
        ...rules.flatMap(({ grants }) =>
          grants.flatMap((g) => [g.origins, g.methods, g.requestHeaders, g.exposedHeaders]),
        ),
        ...[origins, invariants, router].flatMap((part) => [...reachable(part)]),
        ...rules.flatMap(({ grants }) => grants.flatMap(({ accept }) => [...reachable(accept)])),
      ]
      assert.equal(preflightStatus, 200)
      assert.ok(parts.length > 20)
      assert.deepEqual(
        parts.filter((part) => !Object.isFrozen(part)),
        [],
      )
      assert.throws(() => Object.assign(compilePolicy(document), { preflightStatus: 204 }), TypeError)
    },
  ],
  [
    'and shares nothing with the document, which may change afterwards',
    () => {
      const mine = structuredClone(document) as unknown as {
        rules: { allow: { origins: string[]; methods?: string[] }[] }[]
        origins: Record<string, unknown>
      }
      const policy = compilePolicy(mine as unknown as PolicyDocument)
      mine.rules[0]?.allow[0]?.origins.push('https://evil.example')
      mine.rules[0]?.allow[1]?.origins.pop()
      mine.origins.web = []
      mine.rules.length = 0
      const asked = (origin: string) => evaluate(policy, { method: 'DELETE', path: '/orders/1', origin }).reason
      assert.equal(asked('https://shop.example.com'), 'allowed')
      assert.equal(asked('https://evil.example'), 'method-not-allowed')
      assert.deepEqual([...(policy.rules[0]?.grants[0]?.origins ?? [])], ['@web', '@tenants'])
    },
  ],
  [
    'a document with an error throws; the definition is the document itself',
    () => {
      assert.throws(() => compilePolicy({ version: 1, rules: [{ id: 'a', paths: ['a'], allow: [] }] }), PolicyError)
      assert.equal(definePolicy(document), document)
    },
  ],
  [
    'an empty policy allows nobody anything',
    () => {
      const policy = compilePolicy({ version: 1, rules: [] })
      assert.equal(evaluate(policy, { method: 'GET', path: '/', origin: 'https://a.example' }).reason, 'no-rule')
    },
  ],
])

const origins = Array.from({ length: 100_000 }, (_, i) => `https://t${i}.example.com`)

table('what compiling costs', [
  [
    '100,000 exact origins take no time to speak of',
    () => {
      const policy = within(5000, () =>
        compilePolicy({
          version: 1,
          rules: [{ id: 'a', paths: ['/**'], allow: [{ origins, credentials: true }] }],
        }),
      )
      assert.equal(
        evaluate(policy, { method: 'GET', path: '/', origin: 'https://t99999.example.com' }).reason,
        'allowed',
      )
    },
  ],
])
