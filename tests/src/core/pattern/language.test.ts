/** The search for words, against a look at all word sequences up to a length. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Language, stepOf, takes } from '../../../../packages/core/dist/pattern/glob.js'
import { findWord, kindsOfWords, type Space, searchLimit } from '../../../../packages/core/dist/pattern/language.js'
import { hostSpace } from '../../../../packages/core/dist/pattern/origin-index.js'
import { pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { matchesWords } from '../../../../packages/core/dist/pattern/states.js'
import { least, trials } from '../../support/holds.js'
import { kindsOfWords as plainKinds, sequences, takesWord, takesWords } from '../../support/plain/words.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

/** A language is given by its sequences, each of words of a glob. */
type Glob = readonly string[]
type Globs = readonly Glob[]

const languageOf = (globs: Globs): Language => globs.map((glob) => glob.map(stepOf))
const one = (text: string): Globs => [text === '' ? [''] : text.split('/')]
const isIn = (globs: Globs, words: readonly string[]): boolean => globs.some((glob) => takesWords(glob, words))

const all: Space = { admits: () => true, fillers: 'xyz' }

const wordPool = [
  ...['a', 'b', 'ab', 'c', 'abc', ''],
  ...['*', '*', '**', '**', '**'],
  ...['a*', '*b', '*c', 'ab*', '*bc', 'aba*', '*ba', 'a*c', 'ab*bc', 'a*a', 'b*'],
]
const glob: fc.Arbitrary<Glob> = fc.array(fc.constantFrom(...wordPool), { minLength: 1, maxLength: 3 })
const globs: fc.Arbitrary<Globs> = fc.oneof(
  { weight: 3, arbitrary: glob.map((each) => [each]) },
  { weight: 1, arbitrary: fc.array(glob, { minLength: 2, maxLength: 2 }) },
)

/** The first of all sequences up to a length, shortest first, that is in all of `inside` and in none of `outside`. */
function lookedUp(
  space: Space,
  inside: readonly Globs[],
  outside: readonly Globs[],
  longest: number,
): readonly string[] | undefined {
  const patterns = [...new Set([...inside, ...outside].flat(2))]
  const words = plainKinds(patterns, (word) => !space.admits(word, 0))
  for (let length = 1; length <= longest; length++) {
    for (const sequence of sequences(words, length)) {
      if (sequence.length !== length || !sequence.every((word, place) => space.admits(word, place))) continue
      if (inside.every((each) => isIn(each, sequence)) && !outside.some((each) => isIn(each, sequence))) return sequence
    }
  }
  return undefined
}

function agrees(
  space: Space,
  inside: readonly Globs[],
  outside: readonly Globs[],
  longest: number,
): 'found' | 'none' | 'longer' {
  const about = JSON.stringify({ inside, outside })
  const found = findWord(space, inside.map(languageOf), outside.map(languageOf))
  const expected = lookedUp(space, inside, outside, longest)
  assert.notEqual(found, 'too-complex', about)
  if (found === undefined || found === 'too-complex') {
    assert.equal(expected, undefined, about)
    return 'none'
  }
  assert.ok(
    inside.every((each) => isIn(each, found)) && !outside.some((each) => isIn(each, found)),
    `${about} ${found}`,
  )
  assert.ok(
    found.every((word, place) => space.admits(word, place)),
    `${about} ${found}`,
  )
  if (expected === undefined) {
    assert.ok(found.length > longest, `${about} ${JSON.stringify(found)}`)
    return 'longer'
  }
  assert.equal(found.length, expected.length, `${about} ${JSON.stringify(found)} ${JSON.stringify(expected)}`)
  return 'found'
}

function searches(
  rows: readonly (readonly [inside: readonly string[], outside: readonly string[], found: string | undefined])[],
): Row[] {
  return rows.map(([inside, outside, found]) => [
    `in ${inside.join(' and ')}${outside.length === 0 ? '' : ` and not in ${outside.join(', ')}`} is ${found ?? 'nothing'}`,
    () => {
      const words = findWord(
        all,
        inside.map((each) => languageOf(one(each))),
        outside.map((each) => languageOf(one(each))),
      )
      assert.deepEqual(words, found?.split('/'))
    },
  ])
}

table('words that are found', [
  ...searches([
    [['a'], [], 'a'],
    [['a', 'b'], [], undefined],
    [['*', 'a*'], [], 'ax'],
    [['*'], ['a*'], 'x'],
    [['*'], ['*b'], 'x'],
    [['*b'], ['*xb'], 'yb'],
    [['a*'], ['a'], 'ax'],
    [['a*'], ['a*'], undefined],
    [['**'], ['*'], ''],
    [['**'], ['*', ''], 'x/x'],
    [['a/**'], ['a', 'a/*'], 'a/'],
    [['a/**', '**/b'], [], 'a/b'],
    [['a/**', '**/b'], ['a/**/b'], undefined],
    [['**/a/**', '**/b/**'], [], 'a/b'],
    [['**/a/**', '**/b/**'], ['**/a/**/b/**'], 'b/a'],
    [['**/a/**', '**/b/**'], ['**/a/**/b/**', '**/b/**/a/**'], undefined],
  ]),
  // Affixes that share characters: `abc` starts with `ab`, ends with `bc`, and has no room for both.
  ...searches([
    [['ab*', '*bc'], [], 'abxbc'],
    [['ab*', '*bc'], ['ab*bc'], 'abc'],
    [['a*c', 'ab*', '*bc'], ['ab*bc'], 'abc'],
    [['ab*', '*bc'], ['ab*bc', 'abc'], undefined],
    [['aba*', '*ba'], ['aba*ba'], 'aba'],
    [['aba*', '*ba'], ['aba*ba', 'aba'], undefined],
    [['aba*', '*aba'], ['aba*aba', 'aba'], 'ababa'],
    [['a*a', '*'], ['aa*', 'a*aa'], 'axa'],
    [['a*', '*a'], ['a*a'], 'a'],
    [['aa*', '*aa'], ['aa*aa'], 'aa'],
    [['aa*', '*aa'], ['aa*aa', 'aa'], 'aaa'],
    [['aa*', '*aa'], ['aa*aa', 'aa', 'aaa'], undefined],
    [['a*a', 'aa*'], ['aa*a'], 'aa'],
  ]),
  [
    'where affixes are so many that the work has no bound, it says so',
    () => {
      const many = Array.from({ length: 150 }, (_, i) => ['**', `a${i}*b`])
      assert.equal(findWord(all, [languageOf(many), languageOf([['**', 'c']])], []), 'too-complex')
    },
  ],
  [
    'a word that is in no glob is found where its first filler is a literal',
    () => {
      const space: Space = { admits: () => true, fillers: 'x' }
      assert.deepEqual(findWord(space, [languageOf(one('*'))], [languageOf(one('x')), languageOf(one('xx'))]), ['xxx'])
    },
  ],
  [
    'at random, a search finds a shortest word sequence iff there is one',
    () => {
      const seen = { found: 0, none: 0, longer: 0 }
      fc.assert(
        fc.property(
          fc.array(globs, { minLength: 1, maxLength: 2 }),
          fc.array(globs, { maxLength: 2 }),
          (inside, outside) => {
            seen[agrees(all, inside, outside, 3)]++
          },
        ),
        { numRuns: trials(1500) },
      )
      assert.ok(seen.found > least(200) && seen.none > least(200), JSON.stringify(seen))
    },
  ],
  [
    'also where sequences are looked through up to four words',
    () => {
      const seen = { found: 0, none: 0, longer: 0 }
      fc.assert(
        fc.property(globs, globs, fc.array(globs, { maxLength: 2 }), (a, b, outside) => {
          seen[agrees(all, [a, b], outside, 4)]++
        }),
        { numRuns: trials(150) },
      )
      assert.ok(seen.found > least(10) && seen.none > least(10), JSON.stringify(seen))
    },
  ],
  [
    'and on single words with affixes that run into each other',
    () => {
      const affix = fc
        .tuple(
          fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
          fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
        )
        .map(([before, after]) => [`${before.join('')}*${after.join('')}`])
      const affixes = fc.oneof(
        { weight: 4, arbitrary: affix },
        { weight: 1, arbitrary: fc.constantFrom(['a'], ['ab'], ['aba'], ['aa']) },
      )
      const seen = { found: 0, none: 0, longer: 0 }
      fc.assert(
        fc.property(
          fc.array(affixes, { minLength: 1, maxLength: 3 }),
          fc.array(affixes, { maxLength: 3 }),
          (inside, outside) => {
            seen[
              agrees(
                all,
                inside.map((each) => [each]),
                outside.map((each) => [each]),
                1,
              )
            ]++
          },
        ),
        { numRuns: trials(3000) },
      )
      assert.ok(seen.found > least(400) && seen.none > least(400) && seen.longer === 0, JSON.stringify(seen))
    },
  ],
  [
    'in hosts: no label is empty but for a trailing dot, and the last is no number',
    () => {
      const label = fc.constantFrom('a', 'b', 'ab', '1', '12', '*', '*', '1*', '*2', '1*2', 'a*', '12*')
      const host = fc
        .tuple(fc.array(label, { minLength: 1, maxLength: 2 }), fc.boolean(), fc.boolean())
        .map(
          ([labels, trailingDot, many]): Globs => [
            [...(trailingDot ? [''] : []), ...labels, ...(many ? ['*', '**'] : [])],
          ],
        )
      const seen = { found: 0, none: 0, longer: 0 }
      fc.assert(
        fc.property(
          fc.array(host, { minLength: 1, maxLength: 2 }),
          fc.array(host, { maxLength: 2 }),
          (inside, outside) => {
            seen[agrees(hostSpace, inside, outside, 3)]++
          },
        ),
        { numRuns: trials(1000) },
      )
      assert.ok(seen.found > least(120) && seen.none > least(120), JSON.stringify(seen))
    },
  ],
])

table('kinds of words', [
  [
    'each kind that the steps tell apart has one word, unless only odd text is of that kind',
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(...wordPool.filter((word) => word !== '**')), { maxLength: 6 }),
          (patterns) => {
            const words = kindsOfWords(all, patterns.map(stepOf))
            assert.ok(words !== 'too-complex')
            const kindOf = (word: string): string =>
              [word === '', ...patterns.map((pattern) => takesWord(pattern, word))].map(Number).join('')
            const kinds = new Set(words.map(kindOf))
            for (const word of plainKinds(patterns, () => false))
              assert.ok(kinds.has(kindOf(word)), `${patterns}: ${word} is of a kind apart`)
          },
        ),
        { numRuns: trials(1500) },
      )
    },
  ],
  [
    'fillers are told apart from every affix, however many there are',
    () => {
      // As many as are looked through, half of them at each end of a word; of hosts, all that globs hold.
      const path = [...pathSpace.fillers].slice(0, 160).map((filler, i) => (i % 2 === 0 ? `${filler}*` : `*${filler}`))
      const host = [...hostSpace.fillers].slice(0, -1).map((filler) => `${filler}*`)
      for (const [space, affixes] of [
        [pathSpace, path],
        [hostSpace, host],
      ] as const) {
        const steps = affixes.map(stepOf)
        const words = kindsOfWords(space, steps)
        assert.ok(
          words !== 'too-complex' && words.some((word) => !steps.some((step) => takes(step, word)) && word !== ''),
        )
      }
    },
  ],
])

/** Twelve stars behind each other: subsets of states without end. */
const deep = (name: string): Globs => one(`**/${name}/${'*/'.repeat(20)}**`)

table('the bounds of a search', [
  [
    `a search that would meet more than ${searchLimit} states says so, soon`,
    () =>
      within(15_000, () =>
        assert.equal(
          findWord(all, [languageOf(deep('a'))], [languageOf(deep('b')), languageOf(deep('c'))]),
          'too-complex',
        ),
      ),
  ],
  [
    'so does one with hundreds of affixes that could each go with each',
    () => {
      const affixes = Array.from({ length: 300 }, (_, i) => `p${i}x*y${i}s`)
      within(15_000, () =>
        assert.equal(
          findWord(
            all,
            [languageOf(one('*'))],
            affixes.map((each) => languageOf(one(each))),
          ),
          'too-complex',
        ),
      )
    },
  ],
  [
    'twelve `**` between names are no trouble',
    () => {
      const [a, b] = [one(`**/${'a/**/'.repeat(12)}z`), one(`**/${'b/**/'.repeat(12)}z`)]
      within(15_000, () => assert.equal(findWord(all, [languageOf(a), languageOf(b)], [])?.length, 25))
      within(15_000, () => assert.notEqual(findWord(all, [languageOf(a)], [languageOf(b)]), 'too-complex'))
    },
  ],
  [
    'a thousand narrower globs are no trouble',
    () => {
      const narrower = Array.from({ length: 1000 }, (_, i) => languageOf(one(`x/p${i}/y`)))
      within(15_000, () =>
        assert.deepEqual(findWord(all, [languageOf(one('x/**')), languageOf(one('**/y'))], narrower), ['x', 'y']),
      )
    },
  ],
])

table('whether words match', [
  [
    'it is what the plain reading says',
    () => {
      fc.assert(
        fc.property(
          globs,
          fc.array(fc.constantFrom('a', 'b', 'ab', 'abc', '', 'x', 'aba', 'abbc'), { minLength: 1, maxLength: 4 }),
          (each, words) => {
            assert.equal(matchesWords(languageOf(each), words), isIn(each, words))
          },
        ),
        { numRuns: trials(5000) },
      )
    },
  ],
])
