/** The cases that a suite lacks: with them it is whole, and passes. */
import assert from 'node:assert/strict'
import { compilePolicy, withOrigins } from '@safeconduct/core'
import { checkSuite, runSuite, type SuiteDocument, suggestCases, suiteCoverage } from '@safeconduct/core/suite'
import fc from 'fast-check'
import { scene } from '../../support/generate.js'
import { trials } from '../../support/holds.js'
import { shop, shopSuite } from '../../support/shop.js'
import { table } from '../../support/table.js'

const empty: SuiteDocument = { version: 1 }

table('the cases that are suggested', [
  ['are none where none is missing', () => assert.deepEqual(suggestCases(shop(), shopSuite), [])],
  [
    'expect what the policy says now',
    () =>
      assert.deepEqual(
        suggestCases(shop(), empty).filter(({ name }) => name.startsWith('internal') || name.startsWith('no rule')),
        [
          {
            name: 'no rule: GET /x from https://evil.example is refused',
            request: { path: '/x', origin: 'https://evil.example' },
            expect: { outcome: 'refused', rule: false, reason: 'no-rule' },
          },
          {
            name: 'internal: GET /internal from https://evil.example is refused',
            request: { path: '/internal', origin: 'https://evil.example' },
            expect: { outcome: 'refused', rule: 'internal', reason: 'nobody-allowed' },
          },
        ],
      ),
  ],
  [
    'take no name that the suite has',
    () => {
      const [first] = suggestCases(shop(), empty)
      assert.ok(first)
      const taken = { name: first.name, fetch: { from: 'null', path: '/assets/a.woff' }, expect: { readable: true } }
      assert.ok(suggestCases(shop(), { version: 1, cases: [taken] }).some(({ name }) => name === `${first.name} (2)`))
    },
  ],
  [
    'ask for a rule that only routes name through its route',
    () => {
      const policy = compilePolicy({
        version: 1,
        rules: [{ id: 'upload', paths: [], allow: [{ origins: ['*'], methods: 'served' }] }],
      })
      const names = suggestCases(policy, empty).map(({ name }) => name)
      assert.ok(
        names.includes('upload: GET / from https://evil.example on a route of rule upload is allowed'),
        names.join('\n'),
      )
    },
  ],
  [
    'make a suite of any policy whole, and pass',
    () =>
      fc.assert(
        fc.property(scene(3), ({ document, external, servedMethods, visits }) => {
          const policy = withOrigins(compilePolicy(document), 'tenants', external.tenants)
          const begun: SuiteDocument = {
            version: 1,
            cases: visits.map(({ origin, path, query, init }, i) => ({
              name: `visit ${i + 1}`,
              request: {
                method: init.method ?? 'GET',
                url: path + query,
                origin,
                servedMethods: servedMethods.filter((m) => m !== '*'),
              },
              expect: { rule: 'r0' },
            })),
          }
          const cases = suggestCases(policy, begun)
          const suite = { ...begun, cases: [...(begun.cases ?? []), ...cases] }
          assert.deepEqual(checkSuite(suite), [])
          assert.deepEqual(suiteCoverage(policy, suite).missing, [])
          const { passed, tests } = runSuite(policy, { version: 1, cases })
          assert.ok(passed, JSON.stringify(tests.filter((test) => !test.passed)))
        }),
        { numRuns: trials(150) },
      ),
  ],
])
