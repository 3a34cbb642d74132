/** Which classes of requests a suite visits, and what it lacks. */
import assert from 'node:assert/strict'
import { type CorsRequest, compilePolicy, corsRequest, type PolicyDocument, withOrigins } from '@safeconduct/core'
import { classLine, type SuiteDocument, suiteCoverage } from '@safeconduct/core/suite'
import fc from 'fast-check'
import type { CompiledPolicy } from '../../../../packages/core/dist/policy/policy.js'
import { classesMet, nameOf, requestClasses } from '../../../../packages/core/dist/suite/request-class.js'
import { policy as anyPolicy, scene } from '../../support/generate.js'
import { trials } from '../../support/holds.js'
import { shop, shopDocument, shopSuite } from '../../support/shop.js'
import { type Row, table } from '../../support/table.js'

const empty: SuiteDocument = { version: 1 }
const lines = (suite: SuiteDocument, document: PolicyDocument = shopDocument): string[] =>
  suiteCoverage(compilePolicy(document), suite).missing.map(classLine)

const one = (paths: readonly string[], allow: PolicyDocument['rules'][number]['allow']): PolicyDocument => ({
  version: 1,
  rules: [{ id: 'a', paths, allow }],
})

const granted = 'a method that is granted'
const refused = 'a method that is refused'

const classes: readonly (readonly [of: string, document: PolicyDocument, lines: readonly string[]])[] = [
  ['a policy without rules', { version: 1, rules: [] }, ['paths without a rule']],
  ['a rule that allows nobody', one(['/a/**'], []), ['paths without a rule', 'rule a: nobody is allowed']],
  ['a rule for all paths', one(['/**'], []), ['rule a: nobody is allowed']],
  [
    'a grant',
    one(['/**'], [{ origins: ['https://a.example'] }]),
    [
      'rule a: origins that are refused',
      `rule a, https://a.example: ${granted}`,
      `rule a, https://a.example: ${refused}`,
    ],
  ],
  ['a grant for anyone', one(['/**'], [{ origins: ['*'] }]), [`rule a, *: ${granted}`, `rule a, *: ${refused}`]],
  ['a grant of every method', one(['/**'], [{ origins: ['*'], methods: ['*'] }]), [`rule a, *: ${granted}`]],
  [
    'a grant of what is served',
    one(['/**'], [{ origins: ['*'], methods: 'served' }]),
    [`rule a, *: ${granted}`, `rule a, *: ${refused}`],
  ],
  [
    'a grant of request headers',
    one(['/**'], [{ origins: ['*'], methods: ['*'], requestHeaders: ['x-a'] }]),
    [
      `rule a, *: ${granted}`,
      'rule a, *: a request header that is granted',
      'rule a, *: a request header that is refused',
    ],
  ],
  [
    'a grant of every request header',
    one(['/**'], [{ origins: ['*'], methods: ['*'], requestHeaders: ['*', 'authorization'] }]),
    [`rule a, *: ${granted}`, 'rule a, *: a request header that is granted'],
  ],
  ['a rule that only routes name', one([], []), ['paths without a rule', 'rule a: nobody is allowed']],
  [
    'a group that nobody is in',
    { ...one(['/**'], [{ origins: ['@x'] }]), origins: { x: { external: true } } },
    ['rule a: origins that are refused'],
  ],
]

table(
  'the classes of',
  classes.map(
    ([of, document, expected]): Row => [
      of,
      () => assert.deepEqual(lines(empty, document).sort(), [...expected].sort()),
    ],
  ),
)

const compiled = (document: PolicyDocument, tenants: readonly string[] = []): CompiledPolicy =>
  withOrigins(compilePolicy(document), 'tenants', tenants) as CompiledPolicy

table('a class', [
  [
    'has a witness that is in it, and a name of its own',
    () =>
      fc.assert(
        fc.property(anyPolicy, (document) => {
          const policy = compiled(document)
          const { classes: found } = requestClasses(policy)
          assert.equal(new Set(found.map(nameOf)).size, found.length)
          for (const each of found) assert.ok(classesMet(policy, each.witness).includes(nameOf(each)), classLine(each))
        }),
        { numRuns: trials(150) },
      ),
  ],
  [
    'is found for every request that pages send',
    () =>
      fc.assert(
        fc.property(scene(8), ({ document, external, servedMethods, visits }) => {
          const policy = compiled(document, external.tenants)
          const { classes: found, complete } = requestClasses(policy)
          const names = new Set(found.map(nameOf))
          for (const { origin, path, init } of visits) {
            const method = init.method ?? 'GET'
            const asked: CorsRequest[] = [
              { ...corsRequest(method, path, { origin }), servedMethods },
              {
                ...corsRequest('OPTIONS', path, {
                  origin,
                  'access-control-request-method': method,
                  'access-control-request-headers': (init.headers ?? []).map(([name]) => name).join(),
                }),
                servedMethods,
              },
            ]
            for (const request of asked) {
              for (const name of complete ? classesMet(policy, request) : []) {
                // a grant that names no request headers has no classes for them, and `*` none for methods that are forbidden
                if (/^\["(header|method)-refused/.test(name)) continue
                assert.ok(names.has(name), `${name} ${JSON.stringify(request)}`)
              }
            }
          }
        }),
        { numRuns: trials(150) },
      ),
  ],
])

const visit = (request: object): SuiteDocument =>
  ({ version: 1, cases: [{ name: 'x', request, expect: { rule: 'any' } }] }) as unknown as SuiteDocument

const ratioOf = (suite: SuiteDocument): number => suiteCoverage(shop(), suite).ratio

table('coverage', [
  ['of the suite of the shop is whole', () => assert.deepEqual(suiteCoverage(shop(), shopSuite).missing, [])],
  [
    'counts what tests ask, whether they pass or not',
    () => {
      const { visited, missing, ratio, complete } = suiteCoverage(
        shop(),
        visit({ path: '/internal/x', origin: 'https://a.example' }),
      )
      assert.deepEqual(visited.map(classLine), ['rule internal: nobody is allowed'])
      assert.deepEqual([missing.length, ratio, complete], [9, 1 / 10, true])
    },
  ],
  ['of an empty suite is nothing', () => assert.equal(ratioOf(empty), 0)],
  [
    'takes no request without Origin, or that is malformed',
    () => {
      for (const request of [
        { path: '/api/orders' },
        { path: '/api/orders', origin: 'x' },
        { url: '/../x', origin: 'https://a.example' },
      ])
        assert.equal(ratioOf(visit(request)), 0)
    },
  ],
  [
    'takes a request without Origin to a rule that allows nobody',
    () => assert.equal(ratioOf(visit({ path: '/internal' })), 1 / 10),
  ],
  [
    'has a class for what an external group holds',
    () => {
      const document = one(['/**'], [{ origins: ['@x'] }])
      const suite = { version: 1, external: { x: ['https://x.example'] } } as const
      assert.equal(lines(suite, { ...document, origins: { x: { external: true } } }).length, 3)
    },
  ],
])
