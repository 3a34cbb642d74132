/**
 * Two small policies over so few words that all paths and origins that they tell apart can be listed: for what is said of
 * all requests.
 */
import type { PolicyDocument } from '@safeconduct/core'
import fc from 'fast-check'
import { repaired } from './repair.js'

const { array, boolean, constantFrom, oneof, record, tuple, uniqueArray } = fc

const segment = constantFrom('a', 'a', 'b', '*', '**', 'a*', '{a,b}')
/** Of `smallPaths`. */
export const smallGlob: fc.Arbitrary<string> = array(segment, { minLength: 1, maxLength: 2 }).map(
  (segments) => `/${segments.join('/')}`,
)

/** All paths of up to three segments, of one word of each kind that the globs tell apart. */
export const smallPaths: readonly string[] = (() => {
  const words = ['a', 'b', 'ab', 'c', '']
  const longer = (paths: readonly string[]): string[] => paths.flatMap((path) => words.map((word) => `${path}/${word}`))
  const one = longer([''])
  const two = longer(one)
  return [...one, ...two, ...longer(two)]
})()

const originGlob = constantFrom(
  ...['https://a.example', 'https://a.example', 'https://b.a.example', 'http://a.example', 'https://a.example:8443'],
  ...[
    'https://*.example',
    'https://*.a.example',
    'https://**.example',
    'https://**.a.example',
    '{http,https}://*.a.example',
  ],
  ...['https://a.example:*', 'https://{a,b}.example', 'https://**.example:*'],
)

/** Who an external group holds, as analysis takes it. */
export const smallMember = 'https://any-of-tenants.invalid'

/** Every combination of the schemes, hosts and ports that the globs tell apart, and who is named nowhere. */
export const smallOrigins: readonly string[] = [
  ...['https', 'http'].flatMap((scheme) =>
    [
      'a.example',
      'b.example',
      'c.example',
      'b.a.example',
      'c.a.example',
      'c.c.example',
      'c.c.a.example',
      'other',
    ].flatMap((host) => ['', ':8443', ':3000'].map((port) => `${scheme}://${host}${port}`)),
  ),
  'app://a.example',
  'null',
  smallMember,
]

const grant = record({
  origins: uniqueArray(
    oneof({ weight: 6, arbitrary: originGlob }, { weight: 2, arbitrary: constantFrom('*', '*', '@web', '@tenants') }),
    { minLength: 1, maxLength: 3 },
  ),
  methods: constantFrom<readonly string[] | 'served'>(
    ['GET'],
    ['GET'],
    ['GET', 'PUT'],
    ['POST', 'DELETE'],
    ['*'],
    'served',
  ),
  requestHeaders: constantFrom([], [], ['x-a'], ['x-a', 'x-b'], ['*'], ['*', 'authorization']),
  exposedHeaders: constantFrom([], [], ['etag'], ['etag', 'link'], ['*']),
  credentials: boolean(),
  accept: fc.constant(['insecure-origin', 'public-suffix'].map((code) => ({ code, because: 'a test' }))),
})

const rule = record({
  paths: oneof(
    { weight: 9, arbitrary: uniqueArray(smallGlob, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  allow: array(grant, { maxLength: 2 }),
})

const document = tuple(array(rule, { minLength: 1, maxLength: 3 }), uniqueArray(originGlob, { maxLength: 2 })).map(
  ([rules, web]) => ({
    version: 1,
    origins: { web, tenants: { external: true } },
    rules: rules.map((each, i) => ({ id: `r${i}`, ...each })),
  }),
)

type Draft = typeof document extends fc.Arbitrary<infer T> ? T : never

/** What people do to a policy between two versions of it. */
const edits: readonly ((before: Draft, other: Draft) => Draft)[] = [
  (_, other) => other,
  (before, { rules: [first] }) => ({
    ...before,
    rules: before.rules.map((each, i) => (i === 0 && first ? { ...each, allow: first.allow } : each)),
  }),
  (before, { rules: [first] }) => ({
    ...before,
    rules: before.rules.map((each, i) => (i === 0 && first ? { ...each, paths: first.paths } : each)),
  }),
  (before) => ({ ...before, rules: before.rules.slice(1) }),
  (before, { rules: [first] }) => ({ ...before, rules: [...before.rules, ...(first ? [{ ...first, id: 'r9' }] : [])] }),
  (before) => ({ ...before, rules: [...before.rules].reverse() }),
  (before, { origins }) => ({ ...before, origins }),
]

/** Both load. */
export const policyPair: fc.Arbitrary<readonly [before: PolicyDocument, after: PolicyDocument]> = tuple(
  document,
  document,
  fc.nat(edits.length - 1),
).map(([before, other, edit]) => [repaired(before), repaired(edits[edit]?.(before, other) ?? other)])

export const smallPolicy: fc.Arbitrary<PolicyDocument> = document.map(repaired)

type Query = Required<PolicyDocument>['invariants'][number]['never']

/** What must never be allowed, in the words of such a policy. */
export const smallQuery: fc.Arbitrary<Query> = record(
  {
    origins: uniqueArray(
      oneof({ weight: 4, arbitrary: originGlob }, { weight: 1, arbitrary: constantFrom('*', '@web', '@tenants') }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    paths: uniqueArray(smallGlob, { minLength: 1, maxLength: 2 }),
    methods: uniqueArray(constantFrom('GET', 'PUT', 'DELETE', 'PATCH', '*'), { minLength: 1, maxLength: 2 }),
    requestHeaders: uniqueArray(constantFrom('x-a', 'X-C', 'authorization', '*'), { minLength: 1, maxLength: 2 }),
    credentials: boolean(),
  },
  { requiredKeys: [] },
)
