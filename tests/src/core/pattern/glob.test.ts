/** Segments and labels with wildcards, as picomatch compiles them: the plain answer, picomatch's own, in linear time. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import picomatch from 'picomatch'
import { type AffixStep, dialect, stepOf, stepText, takes } from '../../../../packages/core/dist/pattern/glob.js'
import { parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { matchesWords } from '../../../../packages/core/dist/pattern/states.js'
import { picomatchs, picomatchTakes } from '../../support/by-picomatch.js'
import { path, pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { takesWord, written } from '../../support/plain/words.js'
import { pathMatches } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'
import { isAtMost } from '../../support/time.js'

/** Whatever a segment can be made of, and twice in a row what some glob languages give a meaning to. */
const text = fc
  .array(
    fc.constantFrom(
      ...'ab01AB.-_~+@$&=:;<>,`é',
      "'",
      ' ',
      '\u2028',
      '\u0301',
      '😀',
      '%2F',
      '$$',
      '++',
      '..',
      '--',
      '@@',
      '&&',
      '+$',
      'ß',
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''))

const affix = fc
  .tuple(text, text)
  .map(([prefix, suffix]) => `${prefix}*${suffix}`)
  .filter((word) => word !== '*')

function matches(glob: string, pathname: string): boolean {
  const pattern = parsePathPattern(glob)
  assert.ok(!('fault' in pattern), glob)
  return matchesWords(pattern.language, pathname.slice(1).split('/'))
}

function takesRow(word: string, taken: readonly string[], left: readonly string[]): Row {
  return [
    `${word} takes ${taken.map((t) => JSON.stringify(t)).join(', ')} and not ${left.map((t) => JSON.stringify(t)).join(', ')}`,
    () => {
      for (const t of taken) assert.equal(takes(stepOf(word), t), true, JSON.stringify(t))
      for (const t of left) assert.equal(takes(stepOf(word), t), false, JSON.stringify(t))
    },
  ]
}

table('one word', [
  takesRow('a', ['a'], ['', 'A', 'aa']),
  takesRow('*', ['a', '.a', '\n', '*', '...'], ['']),
  takesRow('**', ['', 'a', '.a'], []),
  takesRow('pr-*', ['pr-', 'pr-1', 'pr-\n', 'pr-/'.slice(0, 3)], ['', 'pr', 'PR-1', 'xpr-1']),
  takesRow('*.js', ['.js', 'a.js', '..js', 'a.b.js'], ['js', 'ajs', 'a.jsx', 'a.js\n']),
  takesRow('a*a', ['aa', 'aba', 'aaa'], ['a', '', 'ab', 'ba']),
  takesRow('ab*bc', ['abbc', 'abxbc'], ['abc', 'ab', 'bc']),
  takesRow('.*', ['.a', '..a', '...'], ['', 'a']),
  // Characters that mean something to one pattern language or another, several in a row too.
  takesRow('c++*', ['c++', 'c++x', 'c+++'], ['c+', 'c', 'ccc+', 'c+x']),
  takesRow('*++', ['++', 'a++'], ['+', 'a+']),
  takesRow('$$*', ['$$', '$$x', '$$$'], ['$', '', '$x']),
  takesRow('a$b*', ['a$b', 'a$bc'], ['ab', 'a']),
  takesRow('a--*', ['a--', 'a--b'], ['a-', 'a-b']),
  takesRow('a@*', ['a@', 'a@b'], ['a', 'ab']),
  takesRow('a,b*', ['a,b', 'a,bc'], ['a', 'b']),
  takesRow("a'*'", ["a''", "a'b'"], ["a'", 'ab']),
  takesRow('a b*', ['a b', 'a bc'], ['ab']),
  takesRow('é*', ['é', 'éa'], ['e\u0301', 'e']),
  takesRow('😀*', ['😀', '😀a'], ['\ud83d', '\ud83da']),
  takesRow('%2F*', ['%2F', '%2Fa'], ['/', '%2f']),
  [
    'at random, a word is taken iff it starts and ends with the text around the star, with room for both',
    () => {
      let taken = 0
      fc.assert(
        fc.property(affix, text, (word, run) => {
          const [prefix = '', suffix = ''] = word.split('*')
          const candidates = [
            ...[prefix + run + suffix, prefix + suffix, run, prefix, suffix, `${prefix}\n${suffix}`],
            ...[prefix.slice(1) + run + suffix, prefix.slice(0, -1) + run + suffix, prefix + run + suffix.slice(1)],
          ]
          const step = stepOf(word)
          for (const each of candidates) {
            // No canonical path has such a segment, and picomatch takes none.
            if (each === '.' || each === '..') continue
            const plain = takesWord(word, each)
            if (plain) taken++
            assert.equal(takes(step, each), plain, `${JSON.stringify(word)} ${JSON.stringify(each)}`)
          }
        }),
        { numRuns: trials(8000) },
      )
      assert.ok(taken > least(8000), `${taken}`)
    },
  ],
  [
    'a step is made of its own text',
    () =>
      fc.assert(
        fc.property(fc.oneof(affix, text), (word) => assert.equal(stepText(stepOf(word)), word)),
        { numRuns: trials(2000) },
      ),
  ],
])

/** picomatch on a whole path, whose leading slash it would take for an empty segment of its own. */
function picomatchSays(glob: string, pathname: string): boolean {
  return picomatchTakes(glob.slice(1), pathname.slice(1))
}

/** The same, asked segment by segment; only `**` is not left to it. */
function picomatchSaysBySegment(glob: string, pathname: string): boolean {
  const words = pathname.slice(1).split('/')
  return written(glob).some((each) => takeAll(each.slice(1).split('/'), words))
}

function takeAll([first, ...patterns]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0
  if (first === '**')
    return takeAll(patterns, words) || (words.length > 0 && takeAll([first, ...patterns], words.slice(1)))
  const [word, ...rest] = words
  if (word === undefined) return false
  return (first === '' ? word === '' : picomatchTakes(first, word)) && takeAll(patterns, rest)
}

const hasEmptySegment = (text: string): boolean => /\/\/|.\/$|^\/$/.test(text)

/** Globs of the whole dialect over odd text, each with a path that is made of it and with what a random path has. */
const oddPair = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: text },
        { weight: 2, arbitrary: affix },
        {
          weight: 2,
          arbitrary: fc.constantFrom('*', '**', '{a,b}', '{a,ab}*', '*{.a,+b}', '{a,b}{.,+}', 'a{b,@}*', '*.{js,$$}'),
        },
      ),
      fc.nat(5),
      text,
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((segments) => {
    const glob = `/${segments.map(([word]) => word).join('/')}`
    const made = segments.flatMap(([word, choice, run]) => {
      if (word === '**') return [[], [run], [run, 'a'], ['a'], ['b', run], ['']][choice] ?? []
      if (choice === 0 || word === '*') return [run]
      const one = word.replace(
        /\{([^}]*)\}/g,
        (_, list: string) => list.split(',')[choice % list.split(',').length] ?? '',
      )
      return [one.replace('*', run)]
    })
    return [glob, `/${made.join('/')}`] as const
  })
  .filter(([glob, made]) => !('fault' in parsePathPattern(glob)) && !/(^|\/|%2F)\.\.?(\/|%2F|$)/.test(made))

table('matching is picomatch’s', [
  [
    'on 150,000 pairs of a glob and a path, globs and paths of few words that overlap all the time',
    () => {
      let [hits, wholes] = [0, 0]
      fc.assert(
        fc.property(pathGlob, fc.array(path, { minLength: 5, maxLength: 5 }), (glob, paths) => {
          for (const each of paths) {
            const ours = matches(glob, each)
            if (ours) hits++
            assert.equal(ours, picomatchSaysBySegment(glob, each), `${glob} ${each}, by segment`)
            assert.equal(ours, pathMatches(glob, each), `${glob} ${each}, spelled out`)
            if (glob === '/' || hasEmptySegment(each) || hasEmptySegment(glob) || glob.endsWith('*/**')) continue
            wholes++
            assert.equal(ours, picomatchSays(glob, each), `${glob} ${each}, as a whole`)
          }
        }),
        { numRuns: trials(30_000) },
      )
      assert.ok(hits > least(10_000) && wholes > least(40_000), `${hits} ${wholes}`)
    },
  ],
  [
    'on 20,000 pairs of odd text',
    () => {
      let [hits, wholes] = [0, 0]
      fc.assert(
        fc.property(oddPair, ([glob, made]) => {
          const ours = matches(glob, made)
          if (ours) hits++
          assert.equal(
            ours,
            picomatchSaysBySegment(glob, made),
            `${JSON.stringify(glob)} ${JSON.stringify(made)}, by segment`,
          )
          if (glob === '/' || hasEmptySegment(made) || hasEmptySegment(glob) || glob.endsWith('*/**')) return
          wholes++
          assert.equal(ours, picomatchSays(glob, made), `${JSON.stringify(glob)} ${JSON.stringify(made)}, as a whole`)
        }),
        { numRuns: trials(20_000) },
      )
      assert.ok(hits > least(8000) && wholes > least(8000), `${hits} ${wholes}`)
    },
  ],
  // Where picomatch has no plain answer on whole paths, and the reference decides.
  [
    'picomatch lets `*` stand for an empty segment that a slash follows; here it never does',
    () => {
      assert.equal(picomatchSays('/a/*/b', '/a//b'), true)
      assert.equal(matches('/a/*/b', '/a//b'), false)
    },
  ],
  [
    'picomatch wants a segment for a final `**` behind a star; here it covers none as well',
    () => {
      assert.deepEqual(
        [picomatchSays('/a/**', '/a'), picomatchSays('/*/**', '/a'), picomatchSays('/a*/**', '/ab')],
        [true, false, false],
      )
      assert.deepEqual([matches('/a/**', '/a'), matches('/*/**', '/a'), matches('/a*/**', '/ab')], [true, true, true])
    },
  ],
  [
    'picomatch lets a final slash go unless it is told not to; here it counts',
    () => {
      assert.deepEqual([picomatchSays('/a*', '/ab/'), matches('/a*', '/ab/')], [true, false])
      assert.deepEqual([matches('/a*/', '/ab/'), matches('/a/**', '/a/'), matches('/a', '/a/')], [true, true, false])
    },
  ],
  [
    'picomatch’s fast paths escape the first of several `+`; they are not used',
    () => {
      assert.equal(picomatch.isMatch('c+', 'c++*', { ...picomatchs, fastpaths: true }), true)
      assert.equal(matches('/c++*', '/c+'), false)
      assert.equal(dialect.fastpaths, false)
    },
  ],
])

/** The expressions that the dialect comes to, as picomatch writes them. */
function sourceOf(word: string): string {
  return picomatch.makeRe(word, dialect).source
}

/** Without escaped characters and the look-ahead that keeps dot segments out, both of fixed length. */
function bare(source: string): string {
  return source
    .replaceAll('(?!\\.{1,2}(?:\\/|$))', '')
    .replaceAll('(?!\\.{0,1}(?:\\/|$))', '')
    .replaceAll('(?=.)', '')
    .replaceAll(/\\./gsu, '')
}

table('the time that matching takes', [
  [
    'two stars in a segment would cost picomatch a power of the length: 4 times as long, at least 30 times as slow',
    () => {
      const expression = picomatch.makeRe('*a*a*a*b', dialect)
      const slow = (length: number) => () => expression.test('a'.repeat(length))
      assert.ok(isAtMost(1 / 30, [slow(30), 1], [slow(120), 1]))
    },
  ],
  [
    'hence they are refused',
    () => {
      const pattern = parsePathPattern('/*a*a*a*b')
      assert.ok('fault' in pattern && pattern.fault === 'two-stars')
    },
  ],
  [
    'every expression of the dialect has one repeat, of one character, between literals',
    () => {
      fc.assert(
        fc.property(affix, (word) => {
          const source = bare(sourceOf(word))
          assert.match(source, /^\^\(\?:[^*+?{}()|[\]]*\[\^\/\]\*\?[^*+?{}()|[\]]*\)\$$/su, `${word} ${sourceOf(word)}`)
        }),
        { numRuns: trials(5000) },
      )
    },
  ],
  [
    '4 times as long a segment takes about 4 times as long, however it misses',
    () => {
      for (const word of ['a*b', '*b', 'a*', `*${'a'.repeat(20)}b`, '*.js', '.*', 'aa*aab']) {
        const step = stepOf(word) as AffixStep
        const [short, long] = [65_536, 262_144].map((length) => 'a'.repeat(length))
        assert.ok(isAtMost(10, [() => step.matches(long ?? ''), 1], [() => step.matches(short ?? ''), 1]), word)
      }
    },
  ],
])
