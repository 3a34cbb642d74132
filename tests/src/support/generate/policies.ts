/** Policies that load. */
import type { PolicyDocument } from '@safeconduct/core'
import fc from 'fast-check'
import { originGlob, pathGlob } from './globs.js'
import { repaired } from './repair.js'

const { array, constantFrom, oneof, record, tuple, uniqueArray } = fc

const methods = oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: constantFrom(['*'], ['*'], 'served' as const) },
  {
    weight: 5,
    arbitrary: tuple(
      constantFrom(['GET'], ['GET', 'PUT'], ['GET', 'POST', 'PUT'], []),
      uniqueArray(constantFrom('HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'FOO'), {
        minLength: 1,
        maxLength: 5,
      }),
    ).map((lists) => [...new Set(lists.flat())]),
  },
)

const grant: fc.Arbitrary<object> = record(
  {
    origins: uniqueArray(
      oneof(
        { weight: 6, arbitrary: originGlob },
        { weight: 2, arbitrary: constantFrom('@web', '@tenants') },
        { weight: 2, arbitrary: fc.constant('*') },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    methods,
    requestHeaders: oneof(
      constantFrom(['*'], ['*', 'authorization'], ['x-a'], ['X-B'], ['content-type', 'x-a'], ['content-type', 'x-b']),
      uniqueArray(constantFrom('x-a', 'X-B', 'content-type', 'authorization', '*', 'accept', 'range', 'x-c'), {
        maxLength: 6,
      }),
    ),
    exposedHeaders: constantFrom(undefined, ['etag'], ['ETag', 'link', 'x-request-id'], ['*']),
    credentials: constantFrom(true, true, false, undefined),
    maxAge: constantFrom(undefined, undefined, 0, 1, 5, 86_400, '10m', '2h'),
    accept: fc.constant(['insecure-origin', 'public-suffix'].map((code) => ({ code, because: 'a test' }))),
  },
  { requiredKeys: ['origins', 'requestHeaders', 'accept'] },
)

/** What the check finds fault with is taken out. */
export const policy: fc.Arbitrary<PolicyDocument> = record({
  version: fc.constant(1),
  preflightStatus: constantFrom(200, 204, 299),
  origins: record({ web: uniqueArray(originGlob, { maxLength: 3 }), tenants: fc.constant({ external: true }) }),
  rules: array(
    record({
      paths: uniqueArray(pathGlob, { minLength: 1, maxLength: 3 }),
      allow: oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 7, arbitrary: array(grant, { minLength: 1, maxLength: 3 }) },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ).map((rules) => rules.map((rule, i) => ({ id: `r${i}`, ...rule }))),
}).map(repaired)

/** Two rules that only routes can name, and one origin that both of them know. */
export function twoRules(origin: string): fc.Arbitrary<PolicyDocument> {
  return tuple(grant, grant).map((grants) =>
    repaired({
      version: 1,
      origins: { tenants: { external: true } },
      rules: grants.map((each, i) => ({ id: `r${i}`, paths: [], allow: [{ ...each, origins: [origin] }] })),
    }),
  )
}
