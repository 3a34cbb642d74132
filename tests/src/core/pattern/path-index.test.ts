/** Paths against path globs, through the index: the most specific is found, in time linear in the path. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { PathIndex, pathFamily, pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { isCanonicalPath } from '../../../../packages/core/dist/web/path.js'
import { dice, pathFrom } from '../../support/filled.js'
import { path, pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { pathMatches, pathWithin } from '../../support/plain.js'
import { table } from '../../support/table.js'
import { isAtMost, isQuick } from '../../support/time.js'

function patternOf(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new Error(`${text}: ${pattern.fault}`)
  return pattern
}

/** The globs in this order: the first that matches is found. */
function indexOf(globs: readonly string[]): PathIndex<string> {
  return new PathIndex(globs.map((text, rank) => ({ pattern: patternOf(text), rank, value: text })))
}

const shop = indexOf([
  '/api/orders/export',
  '/api/orders/*',
  '/api/**/items',
  '/api/orders/**',
  '/api/*.json',
  '/api/**',
  '/*',
  '/**/*.{js,css}',
  '/**',
])

const forked = indexOf(['/a/b', '/*/c', '/a*/d', '/**/e'])

table('an index of globs that part at their first segment', [
  ...(
    [
      ['/a/b', '/a/b'],
      ['/a/c', '/*/c'],
      ['/x/c', '/*/c'],
      ['/a/d', '/a*/d'],
      ['/ab/c', '/*/c'],
      ['/a/e', '/**/e'],
      ['//c', undefined],
      ['/a', undefined],
    ] as const
  ).map(
    ([asked, found]) => [`${asked} is found under ${found}`, () => assert.equal(forked.find(asked), found)] as const,
  ),
  [
    'by affixes that have one end alike',
    () => {
      const index = indexOf(['/a*c/x', '/a*d/y', '/b*c/z'])
      const asked = ['/ac/x', '/ad/y', '/bc/z', '/ac/y', '/ad/x', '/ac/z', '/bc/x']
      assert.deepEqual(
        asked.map((each) => index.find(each)),
        ['/a*c/x', '/a*d/y', '/b*c/z', undefined, undefined, undefined, undefined],
      )
    },
  ],
  [
    'without affixes and without trees',
    () => {
      const index = indexOf(['/a/b', '/*/c'])
      assert.deepEqual(
        ['/a/b', '/a/c', '/x/c', '/x/b', '//c'].map((asked) => index.find(asked)),
        ['/a/b', '/*/c', '/*/c', undefined, undefined],
      )
    },
  ],
])

table('the index of path globs', [
  ...(
    [
      ['/api/orders/export', '/api/orders/export'],
      ['/api/orders/7', '/api/orders/*'],
      ['/api/orders/', '/api/orders/**'],
      ['/api/orders', '/api/orders/**'],
      ['/api/orders/7/items', '/api/**/items'],
      ['/api/items', '/api/**/items'],
      ['/api/orders/7/notes', '/api/orders/**'],
      ['/api/all.json', '/api/*.json'],
      ['/api/.json', '/api/*.json'],
      ['/api', '/api/**'],
      ['/api/', '/api/**'],
      ['/api//orders', '/api/**'],
      ['/about', '/*'],
      ['/', '/**'],
      ['/lib/a/b.js', '/**/*.{js,css}'],
      ['/lib/a/b.jsx', '/**'],
      ['/API/orders', '/**'],
      ['//api/orders', '/**'],
      ['/api/orders/__proto__', '/api/orders/*'],
      ['/constructor', '/*'],
    ] as const
  ).map(([asked, found]) => [`${asked} is found under ${found}`, () => assert.equal(shop.find(asked), found)] as const),
  [
    'of several matches that of the lowest rank is found, whatever was added first',
    () => {
      const entries = ['/a/*', '/*/b', '/a/b', '/**'].map((text, i) => ({
        pattern: patternOf(text),
        rank: [3, 1, 2, 0][i] ?? 0,
        value: text,
      }))
      assert.equal(new PathIndex(entries).find('/a/b'), '/**')
      assert.equal(new PathIndex(entries.toReversed()).find('/a/b'), '/**')
      assert.equal(new PathIndex(entries.slice(0, 3)).find('/a/b'), '/*/b')
    },
  ],
  ['an empty index finds nothing', () => assert.equal(indexOf([]).find('/'), undefined)],
  [
    'at random, it finds what a scan of all globs finds, on more than 100,000 paths',
    () => {
      const seen = { checks: 0, found: 0, several: 0 }
      fc.assert(
        fc.property(
          fc.uniqueArray(pathGlob, { minLength: 1, maxLength: 8 }),
          fc.array(path, { minLength: 5, maxLength: 5 }),
          dice,
          (globs, drawn, thrown) => {
            const index = indexOf(globs)
            for (const asked of [...drawn, ...globs.map((glob) => pathFrom(glob, thrown))]) {
              seen.checks++
              const matching = globs.filter((glob) => pathMatches(glob, asked))
              if (matching.length > 0) seen.found++
              if (matching.length > 1) seen.several++
              assert.equal(index.find(asked), matching[0], `${globs} ${asked}`)
            }
          },
        ),
        { numRuns: trials(13_000) },
      )
      assert.ok(
        seen.checks > least(100_000) && seen.found > least(50_000) && seen.several > least(20_000),
        JSON.stringify(seen),
      )
    },
  ],
])

table('the family of path globs', [
  [
    'covers is what all paths that the two tell apart say',
    () => {
      const seen = { covered: 0, not: 0 }
      fc.assert(
        fc.property(pathGlob, pathGlob, (wide, narrow) => {
          const expected = pathWithin(narrow, wide)
          seen[expected ? 'covered' : 'not']++
          assert.equal(pathFamily.covers(patternOf(wide), patternOf(narrow)), expected, `${wide} over ${narrow}`)
        }),
        { numRuns: trials(2000) },
      )
      assert.ok(seen.covered > least(80) && seen.not > least(800), JSON.stringify(seen))
    },
  ],
  [
    'a witness is a canonical path that both match and none of the others; without one they have nothing in common',
    () => {
      const seen = { found: 0, none: 0 }
      fc.assert(
        fc.property(
          pathGlob,
          pathGlob,
          fc.array(pathGlob, { maxLength: 3 }),
          fc.array(path, { minLength: 10, maxLength: 10 }),
          dice,
          (a, b, others, drawn, thrown) => {
            const witness = pathFamily.witness(patternOf(a), patternOf(b), others.map(patternOf))
            const inAll = (asked: string): boolean =>
              pathMatches(a, asked) && pathMatches(b, asked) && !others.some((glob) => pathMatches(glob, asked))
            if (witness === undefined) {
              seen.none++
              for (const sample of [...drawn, pathFrom(a, thrown), pathFrom(b, thrown)])
                assert.ok(!inAll(sample), `${a} ${b} without ${others}: ${sample}`)
              return
            }
            seen.found++
            assert.ok(isCanonicalPath(witness) && inAll(witness), `${a} ${b} without ${others}: ${witness}`)
            assert.ok(!pathFamily.plainlyDisjoint(patternOf(a), patternOf(b)), `${a} ${b}`)
          },
        ),
        { numRuns: trials(5000) },
      )
      assert.ok(seen.found > least(600) && seen.none > least(600), JSON.stringify(seen))
    },
  ],
  [
    'dot segments stand in no witness, not even where an escaped slash bounds them',
    () => {
      assert.deepEqual(
        ['.', '..', '..%2Fa', 'a%2F.', 'a%2F..%2Fb'].filter((segment) => pathSpace.admits(segment, 0)),
        [],
      )
      assert.deepEqual(
        ['', '...', '.a', 'a.', '..a', '.a%2Fa', 'a%2F...'].filter((segment) => !pathSpace.admits(segment, 1)),
        [],
      )
      const witness = pathFamily.witness(patternOf('/.*'), patternOf('/*.'), [])
      assert.ok(typeof witness === 'string' && isCanonicalPath(witness), witness)
      // Of `..` and `...`, which these two share without the third, only one is a path.
      assert.equal(
        pathFamily.witness(patternOf('/..*%2Fa'), patternOf('/*..%2Fa'), [patternOf('/..*..%2Fa')]),
        '/...%2Fa',
      )
    },
  ],
])

const hostile = [
  ['slashes', (n: number) => '/'.repeat(n)],
  ['short segments', (n: number) => '/a'.repeat(n / 2)],
  ['one long segment', (n: number) => `/${'a'.repeat(n - 1)}`],
  ['segments of two kinds', (n: number) => '/a/b'.repeat(n / 4)],
] as const

table('the time that a look-up takes', [
  ...hostile.map(
    ([what, make]) =>
      [
        `4 times as many ${what} take about 4 times as long`,
        () => {
          const index = indexOf([
            '/**/a/**/b/**/c',
            '/**/a*/**/*b',
            '/**/{a,b}/*/*/x',
            '/a/**',
            '/**/**/',
            '/*/*/*',
            '/**/a*',
          ])
          const [short, long] = [make(16_384), make(65_536)]
          assert.ok(isAtMost(10, [() => index.find(long), 1], [() => index.find(short), 1]))
        },
      ] as const,
  ),
  [
    'what cannot match is not looked at: 65,536 slashes under globs without `**` cost nothing',
    () => {
      const index = indexOf(['/api/orders', '/a/*', '/*'])
      const path = '/'.repeat(65_536)
      assert.ok(isQuick(() => index.find(path), 0.5))
    },
  ],
  [
    'among 20,000 globs a look-up takes no longer than among 200',
    () => {
      const many = (n: number) => indexOf([...Array.from({ length: n }, (_, i) => `/api/x${i}/**`), '/api/**'])
      const [few, lots] = [many(200), many(20_000)]
      const asked = Array.from({ length: 2000 }, (_, i) => `/api/x${i % 200}/a`)
      const find = (index: typeof few) => () => asked.map((path) => index.find(path))
      assert.ok(isAtMost(10, [find(lots), 1], [find(few), 1]))
    },
  ],
])
