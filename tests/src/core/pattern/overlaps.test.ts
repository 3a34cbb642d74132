/** The pre-selection of pairs that may overlap: it misses none, and leaves nearly all others out. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Language } from '../../../../packages/core/dist/pattern/glob.js'
import { findWord } from '../../../../packages/core/dist/pattern/language.js'
import { mayOverlap } from '../../../../packages/core/dist/pattern/overlaps.js'
import { pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

function languageOf(glob: string): Language {
  const pattern = parsePathPattern(glob)
  if ('fault' in pattern) throw new Error(`${glob}: ${pattern.fault}`)
  return pattern.language
}

const pairsOf = (globs: readonly string[]): (readonly [number, number])[] => [...mayOverlap(globs.map(languageOf))]
const many = (n: number, make: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => make(i))

/** How many pairs are left of thousands of globs. */
function selects(what: string, globs: readonly string[], most: number): Row {
  return [
    `${what}: no more than ${most} pairs`,
    () => {
      const pairs = within(15_000, () => pairsOf(globs))
      assert.ok(pairs.length <= most, `${pairs.length}`)
    },
  ]
}

table('pairs that may overlap', [
  ['none of none', () => assert.deepEqual(pairsOf([]), [])],
  [
    'the greater index comes first',
    () =>
      assert.deepEqual(pairsOf(['/a', '/*', '/b']), [
        [1, 0],
        [2, 1],
      ]),
  ],
  [
    'each pair once, however many sequences overlap',
    () => assert.deepEqual(pairsOf(['/{a,b}/{c,d}', '/{a,b}/*']), [[1, 0]]),
  ],
  selects(
    '5000 literals',
    many(5000, (i) => `/api/x${i}`),
    0,
  ),
  selects(
    '5000 trees side by side',
    many(5000, (i) => `/api/x${i}/**`),
    0,
  ),
  selects(
    '5000 names at any depth',
    many(5000, (i) => `/**/name${i}`),
    0,
  ),
  selects(
    '5000 endings',
    many(5000, (i) => `/**/x.${i}/y`),
    0,
  ),
  selects('5000 trees and what is over them', ['/**', '/api/**', ...many(5000, (i) => `/api/x${i}/**`)], 10_001),
  selects(
    '100 names at any depth, with what is below',
    many(100, (i) => `/**/name${i}/**`),
    4950,
  ),
  [
    'at random, it misses no pair that overlaps',
    () => {
      const seen = { pairs: 0, overlapping: 0, all: 0 }
      fc.assert(
        fc.property(fc.array(pathGlob, { minLength: 2, maxLength: 7 }), (globs) => {
          const pairs = new Set(pairsOf(globs).map(([i, j]) => `${i} ${j}`))
          seen.pairs += pairs.size
          for (const [i, a] of globs.entries()) {
            for (const [j, b] of globs.slice(0, i).entries()) {
              seen.all++
              const found = findWord(pathSpace, [languageOf(a), languageOf(b)], [])
              if (found === undefined) continue
              seen.overlapping++
              assert.ok(pairs.has(`${i} ${j}`), `${a} and ${b} share /${String(found)}`)
            }
          }
        }),
        { numRuns: trials(2500) },
      )
      assert.ok(seen.overlapping > least(3000) && seen.pairs < seen.all, JSON.stringify(seen))
    },
  ],
  [
    'globs of thousands of segments are no trouble',
    () => {
      const globs = ['/a'.repeat(1000), `${'/a'.repeat(990)}/**`, `/**${'/a'.repeat(1000)}`, '/'.repeat(2048)]
      const pairs = pairsOf(globs).map(String)
      assert.deepEqual(
        ['1,0', '2,0', '2,1'].filter((pair) => !pairs.includes(pair)),
        [],
      )
    },
  ],
])
