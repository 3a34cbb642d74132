/** Which glob covers which, and which have nothing in common at a glance. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { covers, plainlyDisjoint, stepsDisjoint, type Verdict } from '../../../../packages/core/dist/pattern/covers.js'
import { type Language, stepOf } from '../../../../packages/core/dist/pattern/glob.js'
import { findWord, type Space } from '../../../../packages/core/dist/pattern/language.js'
import { pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { dice, pathFrom } from '../../support/filled.js'
import { pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { kindsOfWords, takesWord } from '../../support/plain/words.js'
import { pathMatches, pathWithin } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

function languageOf(glob: string): Language {
  const pattern = parsePathPattern(glob)
  if ('fault' in pattern) throw new Error(`${glob}: ${pattern.fault}`)
  return pattern.language
}

const isCovered = (wide: string, narrow: string): Verdict => covers(pathSpace, languageOf(wide), languageOf(narrow))

function coverRows(
  rows: readonly (readonly [wide: string, verdict: 'covers' | 'is' | 'does not cover', narrow: string])[],
): Row[] {
  return rows.map(([wide, verdict, narrow]) => [
    `${wide} ${verdict} ${narrow}`,
    () => {
      assert.equal(isCovered(wide, narrow), verdict !== 'does not cover')
      assert.equal(pathWithin(narrow, wide), verdict !== 'does not cover')
      if (verdict === 'covers') assert.equal(isCovered(narrow, wide), false)
      if (verdict === 'is') assert.equal(isCovered(narrow, wide), true)
    },
  ])
}

table('coverage', [
  ...coverRows([
    ['/**', 'covers', '/'],
    ['/**', 'covers', '/a'],
    ['/**', 'covers', '/*'],
    ['/**', 'covers', '/**/a'],
    ['/api/**', 'covers', '/api'],
    ['/api/**', 'covers', '/api/'],
    ['/api/**', 'covers', '/api/*'],
    ['/api/**', 'covers', '/api/**/x/**'],
    ['/api/**', 'does not cover', '/apis'],
    ['/api/**', 'does not cover', '/**'],
    ['/*', 'covers', '/a'],
    ['/*', 'covers', '/a*'],
    ['/*', 'covers', '/{a,b}'],
    ['/*', 'does not cover', '/'],
    ['/*', 'does not cover', '/a/'],
    ['/a*', 'covers', '/ab*'],
    ['/a*', 'covers', '/a*b'],
    ['/a*', 'covers', '/a'],
    ['/a*b', 'does not cover', '/a*'],
    ['/a*', 'does not cover', '/xa*'],
    ['/*a', 'does not cover', '/*ax'],
    ['/a*', 'is', '/a*'],
    ['/a', 'does not cover', '/undefined*undefined'],
    ['/*b', 'covers', '/a*b'],
    ['/**/a', 'covers', '/a'],
    ['/**/a', 'covers', '/x/a'],
    ['/**/a', 'covers', '/**/b/a'],
    ['/**/a/**', 'covers', '/**/a'],
    ['/**/a/**', 'covers', '/a/**'],
    ['/**/a/**', 'covers', '/**/b/**/a/**/c'],
    ['/*/**', 'covers', '/*'],
    ['/**', 'covers', '/*/**'],
  ]),
  // The same, spelled in another way.
  ...coverRows([
    ['/{a,b}/c', 'is', '/{b,a}/c'],
    ['/**/**', 'is', '/**'],
    ['/{a,b}{c,d}', 'is', '/{ac,ad,bc,bd}'],
    ['/a/{b,c}/**', 'is', '/a/{c,b}/**/**'],
    ['/{a,ab}*', 'is', '/a*'],
    ['/**/*/**', 'is', '/**/*/**'],
    ['/*/**', 'does not cover', '/**/*'],
  ]),
  // Only several sequences together cover, so that no look at the steps tells.
  ...coverRows([
    ['/{a,b}/**', 'covers', '/{a,b}'],
    ['/**/{a,b}', 'covers', '/{a,b}/{a,b}'],
  ]),
  [
    'a glob is covered by several sequences together where none of them does it alone',
    () => {
      const both = [...languageOf('/*/**'), ...languageOf('/'), ...languageOf('//**')]
      assert.equal(covers(pathSpace, both, languageOf('/**')), true)
      assert.equal(covers(pathSpace, both.slice(0, 2), languageOf('/**')), false)
      const affixes = [...languageOf('/ab*bc'), ...languageOf('/abc')]
      assert.equal(covers(pathSpace, affixes, languageOf('/{abc,abxbc}')), true)
    },
  ],
  [
    'at random, what is covered matches wherever the narrower does; where it is not, a path shows it',
    () => {
      const seen = { covered: 0, shown: 0 }
      fc.assert(
        fc.property(pathGlob, pathGlob, fc.array(dice, { minLength: 8, maxLength: 8 }), (wide, narrow, thrown) => {
          const verdict = isCovered(wide, narrow)
          assert.notEqual(verdict, 'too-complex')
          if (verdict === true) {
            seen.covered++
            for (const each of thrown.map((t) => pathFrom(narrow, t))) {
              if (pathMatches(narrow, each)) assert.ok(pathMatches(wide, each), `${wide} over ${narrow}: ${each}`)
            }
          } else {
            seen.shown++
            const found = findWord(pathSpace, [languageOf(narrow)], [languageOf(wide)])
            assert.ok(typeof found === 'object')
            const path = `/${found.join('/')}`
            assert.ok(pathMatches(narrow, path) && !pathMatches(wide, path), `${wide} over ${narrow}: ${path}`)
          }
        }),
        { numRuns: trials(4000) },
      )
      assert.ok(seen.covered > least(150) && seen.shown > least(2000), JSON.stringify(seen))
    },
  ],
  [
    'a glob covers itself, and what covers what it covers',
    () => {
      fc.assert(
        fc.property(pathGlob, pathGlob, pathGlob, (a, b, c) => {
          assert.equal(isCovered(a, a), true)
          if (isCovered(a, b) === true && isCovered(b, c) === true)
            assert.equal(isCovered(a, c), true, `${a} ${b} ${c}`)
        }),
        { numRuns: trials(3000) },
      )
    },
  ],
])

table('a coverage that cannot be looked through', [
  [
    'is neither told nor denied',
    () => {
      const many = Array.from({ length: 200 }, (_, i) => [stepOf(`a${i}*b`)])
      assert.equal(covers(pathSpace, many, languageOf('/*x')), 'too-complex')
    },
  ],
])

table('what has nothing in common', [
  [
    'two words apart share no word, and two that share none are apart',
    () => {
      const words = ['a', 'b', '', '*', 'a*', '*b', 'ab*', '*ab', 'a*b', 'ba*', 'ab*bc', '*bc', 'abc', 'aba*', '*ba']
      const kinds = kindsOfWords(words, () => false)
      for (const a of words) {
        for (const b of words) {
          const shared = kinds.find((word) => takesWord(a, word) && takesWord(b, word))
          assert.equal(stepsDisjoint(stepOf(a), stepOf(b)), shared === undefined, `${a} ${b} ${shared}`)
        }
      }
    },
  ],
  [
    'what is plainly apart never overlaps, and of what is apart most is plainly so',
    () => {
      const seen = { plainly: 0, apart: 0 }
      fc.assert(
        fc.property(pathGlob, pathGlob, (a, b) => {
          const found = findWord(pathSpace, [languageOf(a), languageOf(b)], [])
          if (found === undefined) seen.apart++
          if (!plainlyDisjoint(languageOf(a), languageOf(b))) return
          seen.plainly++
          assert.equal(found, undefined, `${a} ${b}: ${found}`)
        }),
        { numRuns: trials(10_000) },
      )
      assert.ok(seen.plainly > least(1000) && seen.plainly > 0.8 * seen.apart, JSON.stringify(seen))
    },
  ],
])

/** A space that cannot be searched: what is said in it is said from the steps alone. */
const unsearchable: Space = { admits: () => assert.fail('a search'), fillers: 'x' }

function glanceRows(pairs: readonly (readonly [wide: string, narrow: string])[]): Row[] {
  return pairs.map(([wide, narrow]) => [
    `${wide} covers ${narrow}`,
    () => assert.equal(covers(unsearchable, languageOf(wide), languageOf(narrow)), true),
  ])
}

table(
  'coverage that the steps alone tell',
  glanceRows([
    ['/a', '/a'],
    ['/*', '/a'],
    ['/*', '/a*'],
    ['/a*', '/ab'],
    ['/a*', '/a*b'],
    ['/*b', '/a*b'],
    ['/{a,b}/c', '/a/c'],
    ['/{a,b,c}', '/{c,a}'],
    ['/**', '/'],
    ['/**', '/a/b'],
    ['/**', '/**/a'],
    ['/a/**', '/a'],
    ['/a/**', '/a/b/c'],
    ['/a/**', '/a/**/b'],
    ['/**/a', '/a'],
    ['/**/a', '/a/a'],
    ['/**/a', '/x/y/a'],
    ['/**/a', '/**/b/a'],
    ['/**/a/b', '/a/a/b'],
    ['/**/a/b', '/a/x/a/b'],
    ['/**/a/**', '/**/b/**/a/**/c'],
    ['/**/a/**/b', '/a/b/a/c/b'],
    ['/x/**/a/**/b/y', '/x/a/a/b/b/y'],
    ['/*/**', '/*'],
  ]),
)

function apartRows(isApart: boolean, pairs: readonly (readonly [a: string, b: string])[]): Row[] {
  return pairs.map(([a, b]) => [
    `${a} and ${b} are ${isApart ? '' : 'not '}apart`,
    () => {
      assert.equal(plainlyDisjoint(languageOf(a), languageOf(b)), isApart)
      assert.equal(plainlyDisjoint(languageOf(b), languageOf(a)), isApart)
    },
  ])
}

table('what is apart at a glance', [
  ...apartRows(true, [
    ['/a', '/b'],
    ['/a', '/a/b'],
    ['/a', '/a/'],
    ['/a', '/a/a'],
    ['/*', '/'],
    ['/a*', '/b'],
    ['/a*', '/b*'],
    ['/*a', '/*b'],
    ['/a*', '/b*a'],
    ['/{a,b}', '/{c,d}'],
    ['/a/**', '/b/**'],
    ['/x/a/**', '/x/b'],
    ['/**/a', '/**/b'],
    ['/x/**/a', '/**/b'],
    ['/**/a/x', '/**/b/x'],
    ['/a/**/b', '/a/c'],
    ['/*/a/**', '/x/b/**'],
  ]),
  ...apartRows(false, [
    ['/a', '/*'],
    ['/a', '/a'],
    ['/**', '/a'],
    ['/a', '/a/**'],
    ['/a*', '/*b'],
    ['/a*', '/ab*'],
    ['/{a,b}', '/{b,c}'],
    ['/a/**', '/**/b'],
    ['/**/a', '/a/**'],
    ['/**/a', '/**/*/a'],
    ['/a/**/b', '/a/b'],
  ]),
])

table('the time that coverage takes', [
  [
    'twelve `**` that each have many places to stand',
    () => {
      within(15_000, () => assert.equal(isCovered(`${'/**/a'.repeat(12)}/b`, '/a'.repeat(48)), false))
      within(15_000, () => assert.equal(isCovered('/**/a'.repeat(12), '/a'.repeat(48)), true))
      within(15_000, () => assert.equal(isCovered(`${'/**/*'.repeat(30)}/b`, `${'/*'.repeat(60)}/a`), false))
    },
  ],
  [
    'the longest globs there are',
    () => {
      const long = '/a'.repeat(1023)
      within(15_000, () => assert.equal(isCovered(`${long}/*`, long), false))
      within(15_000, () => assert.equal(isCovered(`/**${'/a'.repeat(1000)}`, long), true))
      within(15_000, () => assert.notEqual(isCovered('/'.repeat(2048), `/**${'/'.repeat(2000)}`), true))
    },
  ],
])
