/** The classes that globs tell apart, against a look at all word sequences up to a length; and the automata under them. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { classesOf } from '../../../../packages/core/dist/pattern/classes.js'
import { type Language, stepOf } from '../../../../packages/core/dist/pattern/glob.js'
import type { Space } from '../../../../packages/core/dist/pattern/language.js'
import { hostSpace } from '../../../../packages/core/dist/pattern/origin-index.js'
import { pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { matchesWords } from '../../../../packages/core/dist/pattern/states.js'
import { picomatchTakes } from '../../support/by-picomatch.js'
import { path, pathGlob } from '../../support/generate.js'
import { holds, least, trials } from '../../support/holds.js'
import { kindsOfWords, sequences, takesWords, written } from '../../support/plain/words.js'
import { pathMatches } from '../../support/plain.js'
import { table } from '../../support/table.js'

/** Plain sequences of words, of which a language is the union. */
type Globs = readonly (readonly string[])[]

const languageOf = (globs: Globs): Language => globs.map((glob) => glob.map(stepOf))
const isIn = (globs: Globs, words: readonly string[]): boolean => globs.some((glob) => takesWords(glob, words))
const membersOf = (languages: readonly Globs[], words: readonly string[]): string =>
  languages.flatMap((globs, i) => (isIn(globs, words) ? [i] : [])).join(',')

const word = fc.constantFrom(...['a', 'b', 'ab', ''], ...['*', '*', '**', '**', 'a*', '*b', 'ab*', '*ba', 'a*b'])
const globs: fc.Arbitrary<Globs> = fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 2,
})

interface Seen {
  classes: number
  longer: number
}

/** Every class is shown by its witness, none is missing, and no witness is longer than it must be. */
function agree(space: Space, languages: readonly Globs[], longest: number, seen: Seen): void {
  const { classes, complete } = classesOf(space, languages.map(languageOf))
  const about = JSON.stringify(languages)
  assert.ok(complete, about)
  const found = new Map<string, readonly string[]>()
  for (const { members, witness } of classes) {
    assert.ok(
      witness.every((each, place) => space.admits(each, place)),
      `${about} ${JSON.stringify(witness)}`,
    )
    assert.equal(membersOf(languages, witness), members.join(','), `${about} ${JSON.stringify(witness)}`)
    assert.ok(!found.has(members.join(',')), `${about}: ${members} twice`)
    found.set(members.join(','), witness)
  }
  const words = kindsOfWords([...new Set(languages.flat(2))], (each) => !space.admits(each, 0))
  const met = new Set<string>()
  for (const sequence of sequences(words, longest)) {
    if (!sequence.every((each, place) => space.admits(each, place))) continue
    const members = membersOf(languages, sequence)
    met.add(members)
    const witness = found.get(members)
    assert.ok(witness !== undefined, `${about}: ${JSON.stringify(sequence)} is in ${members}, which is no class`)
    assert.ok(witness.length <= sequence.length, `${about}: ${JSON.stringify(witness)} ${JSON.stringify(sequence)}`)
  }
  for (const [members, witness] of found) {
    seen.classes++
    if (met.has(members)) continue
    seen.longer++
    assert.ok(witness.length > longest, `${about}: no sequence is in ${members} but ${JSON.stringify(witness)}`)
  }
}

const plainSpace: Space = { admits: () => true, fillers: 'xyz' }

function agreeOn(runs: number, space: Space, languages: fc.Arbitrary<readonly Globs[]>, longest: number): void {
  const seen: Seen = { classes: 0, longer: 0 }
  holds(runs, languages, (each) => agree(space, each, longest, seen))
  assert.ok(seen.classes > least(runs * 2) && seen.longer * 4 < seen.classes, JSON.stringify(seen))
}

table('the classes of globs', [
  [
    'are all combinations that some word sequence matches, and no others, each with a shortest one',
    () => agreeOn(1200, plainSpace, fc.array(globs, { minLength: 1, maxLength: 3 }), 3),
  ],
  [
    'also where sequences are looked through up to four words',
    () => agreeOn(80, plainSpace, fc.array(globs, { minLength: 2, maxLength: 2 }), 4),
  ],
  [
    'in the space of paths, which has no dot segments',
    () => agreeOn(200, pathSpace, fc.array(globs, { minLength: 1, maxLength: 3 }), 3),
  ],
  [
    'in the space of hosts, which has no empty label',
    () => agreeOn(200, hostSpace, fc.array(globs, { minLength: 1, maxLength: 3 }), 3),
  ],
  [
    'without globs there is one, of everything',
    () =>
      assert.deepEqual(
        classesOf(pathSpace, []).classes.map(({ members }) => members),
        [[]],
      ),
  ],
  [
    'a thousand globs that have gone their own ways cost no more than their sum',
    () => {
      const many = Array.from({ length: 1000 }, (_, i) => languageOf([['api', `service-${i}`, '**']]))
      const { classes, complete } = classesOf(pathSpace, many, 4000)
      assert.equal(complete, true)
      assert.equal(classes.length, 1001)
    },
  ],
  [
    'where there are too many to look through, it says so, names the globs, and has a class of each two of them',
    () => {
      const tangled = Array.from({ length: 16 }, (_, i) => languageOf([['**', `x${i}`, '**']]))
      const plain = Array.from({ length: 4 }, (_, i) => languageOf([[`y${i}`]]))
      const found = classesOf(pathSpace, [...tangled, ...plain], 2000)
      assert.equal(found.complete, false)
      assert.deepEqual(
        found.tangled,
        tangled.map((_, i) => i),
      )
      for (const a of tangled.keys()) {
        for (const b of tangled.keys()) {
          const hasBoth = found.classes.some(({ members }) => members.includes(a) && members.includes(b))
          const hasOne = a === b || found.classes.some(({ members }) => members.includes(a) && !members.includes(b))
          assert.ok(hasBoth && hasOne, `${a} ${b}`)
        }
      }
    },
  ],
  [
    'of each glob and each two of them are told, where no more can be looked through',
    () => {
      const languages = [[['a']], [['a*']], [['b*']], [['b']], [['c', '**']], [['**', 'd']]].map(languageOf)
      const { classes, complete } = classesOf(pathSpace, languages, 0)
      assert.equal(complete, false)
      assert.deepEqual(classes.map(({ members }) => members.join()).sort(), ['0,1', '1', '2', '2,3', '4', '4,5', '5'])
      for (const { members, witness } of classes) {
        const matching = languages.flatMap((language, i) => (matchesWords(language, witness) ? [i] : []))
        assert.deepEqual(matching, members)
      }
    },
  ],
  [
    'are not told apart by the digits of their numbers alone',
    () => {
      const named = (i: number): string => (i === 1 || i === 12 ? 'p' : i === 112 ? 'q' : `x${i}`)
      const { classes } = classesOf(
        pathSpace,
        Array.from({ length: 113 }, (_, i) => languageOf([[named(i)]])),
      )
      const names = classes.map(({ members }) => members.join())
      assert.ok(names.includes('1,12') && names.includes('112'), names.join(' '))
    },
  ],
  [
    'where all are told, no glob is named as one of too many',
    () => assert.deepEqual(classesOf(pathSpace, [languageOf([['a']])]).tangled, []),
  ],
  [
    'where one word has too many kinds, are not complete',
    () => {
      const many = Array.from({ length: 200 }, (_, i) => languageOf([[`a${i}*b`]]))
      assert.deepEqual(classesOf(pathSpace, many).complete, false)
    },
  ],
  [
    'that are seldom in the midst are not named as tangled',
    () => {
      const tangled = Array.from({ length: 10 }, (_, i) => languageOf([['**', `x${i}`, '**']]))
      const found = classesOf(pathSpace, [languageOf([['z', 'z', 'z', '**']]), ...tangled], 600)
      assert.deepEqual(
        found.tangled,
        tangled.map((_, i) => i + 1),
      )
    },
  ],
])

/** picomatch's answer, segment by segment: of whole paths it has another view where a segment is empty. */
function picomatchMatches(glob: string, words: readonly string[]): boolean {
  return written(glob).some((each) => takeAll(each.slice(1).split('/'), words))
}

function takeAll([first, ...patterns]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0
  if (first === '**') {
    return takeAll(patterns, words) || (words.length > 0 && takeAll([first, ...patterns], words.slice(1)))
  }
  const [head, ...rest] = words
  if (head === undefined) return false
  return (first === '' ? head === '' : picomatchTakes(first, head)) && takeAll(patterns, rest)
}

const manyGlobs = trials(320)
const pathsEach = 1600

table('automata, picomatch and the naive matcher', [
  [
    'agree on 512,000 paths, 1,600 for each of 320 globs',
    () => {
      const texts = [...new Set(fc.sample(pathGlob, { numRuns: 4000, seed: 1 }))].slice(0, manyGlobs)
      const paths = [...new Set(fc.sample(path, { numRuns: 40_000, seed: 2 }))].slice(0, pathsEach)
      assert.deepEqual([texts.length, paths.length], [manyGlobs, pathsEach])
      let hits = 0
      for (const text of texts) {
        const pattern = parsePathPattern(text)
        assert.ok(!('fault' in pattern), text)
        for (const each of paths) {
          const words = each.slice(1).split('/')
          const ours = matchesWords(pattern.language, words)
          if (ours) hits++
          if (ours !== picomatchMatches(text, words) || ours !== pathMatches(text, each)) {
            assert.fail(`${text} ${each}: ours ${ours}, picomatch ${picomatchMatches(text, words)}`)
          }
        }
      }
      assert.ok(hits > least(10_000), `${hits} of ${texts.length * paths.length} match`)
    },
  ],
])
