/** From a policy back to a document: one that means the same, in one normal form. */
import assert from 'node:assert/strict'
import {
  type CorsRequest,
  checkPolicy,
  compilePolicy,
  evaluate,
  foldPolicy,
  type PolicyDocument,
  printPolicy,
  withOrigins,
} from '@safeconduct/core'
import fc from 'fast-check'
import { hostile, origin, path, policy } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { table } from '../../support/table.js'

const { constantFrom, option, record } = fc

const request: fc.Arbitrary<CorsRequest> = record(
  {
    method: constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'OPTIONS', 'OPTIONS', 'DELETE', 'foo'),
    path: fc.oneof({ weight: 9, arbitrary: path }, { weight: 1, arbitrary: hostile }),
    origin: fc.oneof({ weight: 9, arbitrary: origin }, { weight: 1, arbitrary: hostile }),
    requestMethod: constantFrom('GET', 'PUT', 'DELETE', 'PATCH', 'FOO'),
    requestHeaders: option(constantFrom('x-a', 'x-a,x-b', 'authorization', 'content-type', ''), { nil: 'x-c' }),
    servedMethods: constantFrom(['GET', 'PUT'], ['POST']),
  },
  { requiredKeys: ['method', 'path'] },
)

const first: PolicyDocument = {
  version: 1,
  $schema: './policy.v1.schema.json',
  preflightStatus: 204,
  origins: { web: ['https://a.example'], tenants: { external: true } },
  rules: [
    {
      id: 'a',
      paths: ['/a', '/**/b'],
      allow: [
        {
          origins: ['@web', '@tenants'],
          methods: ['GET'],
          requestHeaders: ['X-B', 'x-b'],
          credentials: true,
          maxAge: '10m',
        },
        {
          origins: ['*'],
          methods: ['GET', 'HEAD', 'POST'],
          maxAge: '1h',
          credentials: false,
          requestHeaders: [],
          accept: [],
        },
        {
          origins: ['https://c.example'],
          methods: 'served',
          maxAge: 0,
          exposedHeaders: ['ETag'],
          accept: [{ code: 'any-port', because: 'x' }],
        },
      ],
    },
  ],
  invariants: [],
}

table('printPolicy', [
  [
    'leaves defaults out, counts seconds and lower-cases header names',
    () =>
      assert.deepEqual(printPolicy(compilePolicy(first)), {
        version: 1,
        origins: { web: ['https://a.example'], tenants: { external: true } },
        rules: [
          {
            id: 'a',
            paths: ['/a', '/**/b'],
            allow: [
              { origins: ['@web', '@tenants'], methods: ['GET', 'HEAD'], requestHeaders: ['x-b'], credentials: true },
              { origins: ['*'], maxAge: 3600 },
              {
                origins: ['https://c.example'],
                methods: 'served',
                exposedHeaders: ['etag'],
                maxAge: 0,
                accept: [{ code: 'any-port', because: 'x' }],
              },
            ],
          },
        ],
      }),
  ],
  [
    'an empty policy is short',
    () => assert.deepEqual(printPolicy(compilePolicy({ version: 1, rules: [] })), { version: 1, rules: [] }),
  ],
  [
    'what is printed may be changed, and changes nothing',
    () => {
      const compiled = compilePolicy(first)
      const printed = printPolicy(compiled) as unknown as {
        rules: { allow: { origins: string[] }[] }[]
        origins: Record<string, string[]>
      }
      printed.rules[0]?.allow[0]?.origins.push('https://evil.example')
      printed.origins.web?.push('https://evil.example')
      assert.deepEqual(printPolicy(compiled), printPolicy(compilePolicy(first)))
    },
  ],
  [
    'what the program supplied, and how the router folds, are no part of it',
    () => {
      const compiled = compilePolicy(first)
      const supplied = withOrigins(compiled, 'tenants', ['https://t.example'])
      assert.deepEqual(printPolicy(supplied), printPolicy(compiled))
      assert.deepEqual(printPolicy(foldPolicy(compiled, { caseSensitive: false })), printPolicy(compiled))
    },
  ],
  [
    'at random: it has no errors, printing it again gives the same, and every request meets the same decision',
    () => {
      let allowed = 0
      fc.assert(
        fc.property(
          policy,
          fc.array(request, { minLength: 20, maxLength: 20 }),
          fc.boolean(),
          (document, requests, debug) => {
            const compiled = compilePolicy(document)
            const printed = printPolicy(compiled)
            assert.deepEqual(
              checkPolicy(printed).filter(({ severity }) => severity === 'error'),
              [],
            )
            assert.deepEqual(JSON.parse(JSON.stringify(printed)), printed)
            const again = compilePolicy(printed)
            assert.deepEqual(printPolicy(again), printed)
            for (const each of requests) {
              const decision = evaluate(compiled, each, { debug })
              if (decision.reason === 'allowed') allowed++
              assert.deepEqual(evaluate(again, each, { debug }), decision)
            }
          },
        ),
        { numRuns: trials(500) },
      )
      assert.ok(allowed > least(300), `${allowed}`)
    },
  ],
])
