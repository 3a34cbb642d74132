/** What two globs have in common, said in globs: exactly that, and enough to settle who decides there. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { meet } from '../../../../packages/core/dist/pattern/meet.js'
import { mayOverlap } from '../../../../packages/core/dist/pattern/overlaps.js'
import { pathFamily } from '../../../../packages/core/dist/pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { specificity } from '../../../../packages/core/dist/pattern/specificity.js'
import { pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { kindsOfWords, sequences, written } from '../../support/plain/words.js'
import { pathMatches } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

function patternOf(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new Error(`${text}: ${pattern.fault}`)
  return pattern
}

const met = (a: string, b: string): string[] =>
  meet(patternOf(a).language, patternOf(b).language).map((words) => `/${words.join('/')}`)

/** Conflicts between a rule of the first globs and a rule of the others. */
function conflicts(first: readonly string[], second: readonly string[]): number {
  const items = [first, second].flatMap((globs, owner) => globs.map((glob) => ({ pattern: patternOf(glob), owner })))
  return specificity(pathFamily, items, mayOverlap).conflicts.length
}

function meetRows(rows: readonly (readonly [a: string, b: string, ...both: string[]])[]): Row[] {
  return rows.map(([a, b, ...both]) => [
    `${a} and ${b}: ${both.join(', ') || 'nothing, or more than a few globs can say'}`,
    () => {
      assert.deepEqual(met(a, b), both)
      assert.deepEqual(new Set(met(b, a)), new Set(both))
    },
  ])
}

table('what globs have in common', [
  ...meetRows([
    ['/a', '/b'],
    ['/a', '/a', '/a'],
    ['/a/*', '/*/b', '/a/b'],
    ['/a/*', '/*'],
    ['/a/**', '/**/b', '/a/**/b'],
    ['/a/**', '/*/b', '/a/b'],
    ['/a/**', '/*/b/**', '/a/b/**'],
    ['/api/**', '/**/*.json', '/api/**/*.json'],
    ['/**/a/**', '/**/b/**', '/**/a/**/b/**', '/**/b/**/a/**'],
    ['/**/a', '/a/**', '/a', '/a/**/a'],
    ['/a*', '/*b', '/a*b'],
    ['/a*', '/ab*', '/ab*'],
    ['/a*c', '/ab*', '/ab*c'],
    ['/{a,b}', '/{b,c}', '/b'],
    ['/{a,b}/**', '/**/{c,d}', '/a/**/c', '/a/**/d', '/b/**/c', '/b/**/d'],
    ['/*/**', '/**/*', '/*', '/*/**/*'],
    ['/**/', '/a/**', '/a/**/'],
    ['/a/*/c/*/e/*', '/*/b/*/d/*/f', '/a/b/c/d/e/f'],
    ['/*/', '/a/', '/a/'],
    ['/*/', '/a/*'],
    ['/', '/*'],
    ['/a*', '/b*'],
    ['/*a', '/*b'],
    ['/**', '/**', '/**'],
    ['/a/**', '/**', '/a/**'],
    ['/', '/**', '/'],
    ['/*', '/a*', '/a*'],
    // Words that run into each other.
    ['/ab*', '/*bc', '/ab*bc', '/abc'],
    ['/aa*', '/*aa', '/aa*aa', '/aaa', '/aa'],
    ['/aba*', '/*ba', '/aba*ba', '/aba'],
    ['/aba*', '/*aba', '/aba*aba', '/ababa', '/aba'],
    ['/a*bc', '/ab*c', '/ab*bc', '/abc'],
    ['/a*a', '/aa*', '/aa*a', '/aa'],
    ['/a*a', '/aba*', '/aba*a', '/aba'],
    // More than a person would read.
    ['/**/a/**/b/**', '/**/c/**/d/**'],
    ['/{a,b,c}/**', '/**/{d,e}'],
    ['/**/a/**/a/**/a/**/a/**', '/**/a/**/a/**/a/**/a/**'],
    ['/x/**/a/**/b/**', '/x/**/c/**/d/**'],
  ]),
  [
    'at random, it is exactly what both match, and settles their conflict; it is seldom more than can be said',
    () => {
      const seen = { said: 0, unsaid: 0, none: 0, settled: 0 }
      fc.assert(
        fc.property(pathGlob, pathGlob, (a, b) => {
          const both = met(a, b)
          const patterns = [
            ...new Set([a, b].flatMap((glob) => written(glob).flatMap((each) => each.slice(1).split('/')))),
          ]
          const paths = [
            ...sequences(
              kindsOfWords(patterns, () => false),
              3,
            ),
          ].map((segments) => `/${segments.join('/')}`)
          const common = paths.filter((path) => pathMatches(a, path) && pathMatches(b, path))
          if (both.length === 0) {
            seen[common.length === 0 ? 'none' : 'unsaid']++
            return
          }
          seen.said++
          assert.ok(both.length <= 4)
          for (const glob of both)
            assert.ok(
              pathFamily.covers(patternOf(a), patternOf(glob)) === true &&
                pathFamily.covers(patternOf(b), patternOf(glob)) === true,
              `${a} ${b}: ${glob}`,
            )
          for (const path of common)
            assert.ok(
              both.some((glob) => pathMatches(glob, path)),
              `${a} ${b}: ${path} is not in ${both}`,
            )
          if (conflicts([a], [b]) === 0) return
          if (
            pathFamily.covers(patternOf(a), patternOf(b)) === true ||
            pathFamily.covers(patternOf(b), patternOf(a)) === true
          )
            return
          seen.settled++
          assert.equal(conflicts([a, ...both], [b]), 0, `${a} + ${both} | ${b}`)
          assert.equal(conflicts([a], [b, ...both]), 0, `${a} | ${b} + ${both}`)
        }),
        { numRuns: trials(3000) },
      )
      assert.ok(
        seen.said > least(300) && seen.settled > least(100) && seen.none > least(300) && seen.unsaid < 0.1 * seen.said,
        JSON.stringify(seen),
      )
    },
  ],
  [
    'however many `**` there are, an answer comes soon',
    () => {
      within(10_000, () => {
        for (const n of [4, 8, 12, 100]) {
          met(`${'/**/a'.repeat(n)}/b/**`, `${'/**/c'.repeat(n)}/d/**`)
          met(`${'/**/*'.repeat(n)}/b/**`, `${'/**/*'.repeat(n)}/d/**`)
          met(`/**/a/**${'/b'.repeat(n)}/**`, `${'/a'.repeat(9 * n)}/**`)
        }
      })
    },
  ],
])
