import assert from 'node:assert/strict'
import { canonicalPath, compilePolicy, evaluate, foldPolicy, rulesMet } from '@safeconduct/core'
import fc from 'fast-check'
import FindMyWay from 'find-my-way'
import { isFixed, routeGlobs, writtenOut } from '../../../packages/fastify-plugin/dist/route-globs.js'
import { least, trials } from '../support/holds.js'
import { type Row, table } from '../support/table.js'

table('a route pattern written out', [
  ...(
    [
      ['/orders', ['/orders']],
      ['/orders/:id?', ['/orders/:id', '/orders']],
      ['/:id?', ['/:id', '/']],
      ['/orders/:id?/', ['/orders/:id/', '/orders/']],
      // The quantifier of an expression is none of a parameter.
      ['/:id?/x', ['/:id?/x']],
      ['/orders/:id(a?)', ['/orders/:id(a?)']],
    ] as const
  ).map(([pattern, expected]): Row => [pattern, () => assert.deepEqual(writtenOut(pattern), expected)]),
])

table('the globs of a route pattern', [
  ...(
    [
      ['/', ['/']],
      ['/orders', ['/orders']],
      ['/orders/', ['/orders/']],
      ['//orders', ['//orders']],
      ['/orders/:id', ['/orders/*', '/orders/']],
      ['/:a/x/:b', ['/*/x/*', '/*/x/', '//x/*', '//x/']],
      ['/a-:b', ['/a-*']],
      ['/v:version', ['/v*']],
      // Behind a colon a star is part of the name.
      ['/:a*', ['/*', '/']],
      ['/{a}-:b', ['/*']],
      ['/{a}*', ['/*/**']],
      ['/.well-known/x', ['/.well-known/x']],
      ['/:a-:b', ['/*', '/']],
      ['/:name.:ext', ['/*', '/']],
      // An expression may hold anything.
      ['/a/:id(^\\d+$)', ['/a/**']],
      ['/a/:id(^\\d+$)/b', ['/a/**']],
      ['/:id(^[^/]+$)', ['/**']],
      ['/a(b)/c', ['/**']],
      // Wildcards.
      ['*', ['/**']],
      ['/*', ['/*/**', '//**']],
      ['/assets/*', ['/assets/*/**', '/assets//**']],
      ['/assets-*', ['/assets-*/**']],
      ['/:a/*', ['/*/*/**', '/*//**', '//*/**', '///**']],
      // Text as the canonical path has it.
      ['/a::b', ['/a:b']],
      ['/::a', ['/*']],
      ['/100%', ['/100%25']],
      ['/é', ['/é']],
      // What the dialect gives a meaning.
      ['/a{b}/c', ['/*/c']],
      ['/a!/c', ['/*/c']],
      ['/../c', ['/*/c']],
      // Too many parameters.
      [
        '/:a/:b/:c/:d/:e',
        ['*/*/*/*', '*/*/*/', '*/*//*', '*/*//', '*//*/*', '*//*/', '*///*', '*///']
          .flatMap((g) => [`/${g}/**`, `/${g.slice(1)}/**`])
          .sort(),
      ],
    ] as const
  ).map(
    ([pattern, expected]): Row => [
      `${pattern} has ${expected.slice(0, 4).join(' and ')}`,
      () => {
        const globs = routeGlobs(pattern, {})
        assert.deepEqual(expected.length > 4 ? [...globs].sort() : globs, expected)
      },
    ],
  ),
  [
    'no glob is longer than the dialect takes, nor with the slash that a fold adds; what is left out may be anything',
    () => {
      const long = (length: number): string => `/a/${'b'.repeat(length - 3)}`
      assert.deepEqual(routeGlobs(long(2047), {}), [long(2047)])
      assert.deepEqual(routeGlobs(long(2048), {}), ['/a/**'])
      assert.deepEqual(routeGlobs(`/${'a'.repeat(2047)}`, {}), ['/**'])
      assert.deepEqual(routeGlobs(`${long(2044)}/*`, {}), [`${long(2044)}/**`, `${long(2044)}/**`])
      assert.deepEqual(routeGlobs(`${long(2045)}/:a(b)`, {}), ['/a/**'])
      assert.deepEqual(routeGlobs(`${long(2046)}/`, { ignoreTrailingSlash: true }), [
        `${long(2046)}/`,
        `${long(2046)}//`,
      ])
    },
  ],
  [
    'where a trailing slash is folded, those that end in one have another, but for the root',
    () => {
      const folding = { ignoreTrailingSlash: true }
      assert.deepEqual(routeGlobs('/orders/:id', folding), ['/orders/*', '/orders/', '/orders//'])
      assert.deepEqual(routeGlobs('/orders', folding), ['/orders'])
      assert.deepEqual(routeGlobs('/', folding), ['/'])
      assert.deepEqual(routeGlobs('/orders/:id', { ignoreTrailingSlash: false }), ['/orders/*', '/orders/'])
    },
  ],
  [
    'where case is folded, a pattern of ASCII is as known as elsewhere',
    () => {
      assert.deepEqual(routeGlobs('/Orders/:id', { caseSensitive: false }), ['/Orders/*', '/Orders/'])
      assert.deepEqual(routeGlobs('/a\u007f', { caseSensitive: false }), ['/*'])
    },
  ],
  [
    'where case is folded, a letter beyond ASCII makes a pattern unknown',
    () => assert.deepEqual(routeGlobs('/İ/:a', { caseSensitive: false }), ['/**']),
  ],
])

table('patterns of one path', [
  ...['/', '/orders', '/a/b.c', '/a-b/~c'].map((pattern): Row => [pattern, () => assert.ok(isFixed(pattern))]),
  ...['*', '/*', '/:a', '/a::b', '/a%20b', '/é', '/a(b)'].map(
    (pattern): Row => [`not ${pattern}`, () => assert.ok(!isFixed(pattern))],
  ),
])

const segment = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'A',
    '',
    'a-b',
    ':x',
    ':y',
    'a-:x',
    ':x-:y',
    ':x.:y',
    ':x(^\\d+$)',
    ':x(^a$)',
    'a::b',
    '%',
    'é',
    '{a}',
    '.',
    ';a',
    '+',
  ),
)
const patternArbitrary = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('', '', '', '/*', '/a*', '/:z?', '/'))
  .map(([segments, end]) => `${segments.map((text) => `/${text}`).join('')}${end}` || '/')
const piece = fc.constantFrom(
  'a',
  'b',
  'A',
  'x',
  '1',
  '',
  'a-b',
  'a-',
  'a:b',
  '%25',
  '%2F',
  '%2f',
  '%C3%A9',
  'é',
  '{a}',
  '%61',
  'a.b',
  ';',
  '%3B',
  '+',
  'İ',
  ';a',
)
const targetArbitrary = fc
  .tuple(fc.array(piece, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '/', '?x', ';x'))
  .map(([segments, end]) => `${segments.map((text) => `/${text}`).join('')}${end}`)
const optionsArbitrary = fc.record({
  caseSensitive: fc.boolean(),
  ignoreTrailingSlash: fc.boolean(),
  ignoreDuplicateSlashes: fc.boolean(),
  useSemicolonDelimiter: fc.boolean(),
})

table('the globs of a route and the router', [
  [
    'the globs match the canonical path of every request that comes to the route',
    () => {
      let met = 0
      fc.assert(
        fc.property(
          patternArbitrary,
          fc.array(targetArbitrary, { minLength: 20, maxLength: 20 }),
          optionsArbitrary,
          (pattern, targets, options) => {
            const router = FindMyWay({ ...options, allowUnsafeRegex: true })
            try {
              router.on('GET', pattern, () => undefined)
            } catch {
              return // No pattern of the router's: "/:x?/a".
            }
            const globs = [...new Set(writtenOut(pattern).flatMap((one) => routeGlobs(one, options)))]
            const policy = foldPolicy(
              compilePolicy({ version: 1, rules: [{ id: 'a', paths: globs.slice(0, 64), allow: [] }] }),
              options,
            )
            for (const target of targets) {
              const path = canonicalPath(target, options)
              if (path === undefined || router.find('GET', target) === null) continue
              met++
              assert.equal(
                evaluate(policy, { method: 'GET', path }).ruleId,
                'a',
                `${pattern} takes ${target}, ${globs} do not match ${path}`,
              )
            }
          },
        ),
        { numRuns: trials(3_000) },
      )
      assert.ok(met > least(1_000), `${met} requests came to a route`)
    },
  ],
  [
    'every glob is one of the dialect',
    () => {
      const policy = compilePolicy({ version: 1, rules: [] })
      fc.assert(
        fc.property(patternArbitrary, optionsArbitrary, (pattern, options) => {
          assert.deepEqual(
            rulesMet(
              policy,
              writtenOut(pattern).flatMap((one) => routeGlobs(one, options)),
            ),
            [undefined],
          )
        }),
        { numRuns: trials(2_000) },
      )
    },
  ],
])
