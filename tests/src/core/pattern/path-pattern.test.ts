/** Path globs as they are read: what is one, and what is refused, with the place of the fault and what was meant. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stepText } from '../../../../packages/core/dist/pattern/glob.js'
import {
  type PathFault,
  type PathPattern,
  type PathPatternFault,
  parsePathPattern,
} from '../../../../packages/core/dist/pattern/path-pattern.js'
import { isCanonicalPath } from '../../../../packages/core/dist/web/path.js'
import { pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { written } from '../../support/plain/words.js'
import { pathMatches } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text)

function patternOf(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new Error(`${text}: ${pattern.fault} at ${pattern.at}`)
  return pattern
}

function faultOf(text: string): PathPatternFault {
  const pattern = parsePathPattern(text)
  if (!('fault' in pattern)) throw new Error(`${text} was accepted`)
  return pattern
}

/** The sequences of a glob, written out. */
function sequencesOf(text: string): string[] {
  return patternOf(text).language.map((sequence) => `/${sequence.map(stepText).join('/')}`)
}

function accepts(rows: readonly (readonly [glob: string, ...sequences: string[]])[]): Row[] {
  return rows.map(([glob, ...sequences]) => [
    `${shown(glob)} is ${sequences.length === 0 ? 'itself' : sequences.map(shown).join(' and ')}`,
    () => assert.deepEqual(sequencesOf(glob), sequences.length === 0 ? [glob] : sequences),
  ])
}

type Rejected = readonly [glob: string, fault: PathFault, at: number, fix?: string]

function rejects(rows: readonly Rejected[]): Row[] {
  return rows.map(([glob, fault, at, fix]) => [
    `${shown(glob)} is refused: ${fault} at ${at}${fix === undefined ? '' : `, meant is ${shown(fix)}`}`,
    () => {
      assert.deepEqual(faultOf(glob), fix === undefined ? { fault, at } : { fault, at, fix })
      if (fix !== undefined) patternOf(fix)
    },
  ])
}

const alternatives = (n: number): string => `{${Array.from({ length: n }, (_, i) => `x${i}`).join(',')}}`

table('path globs', [
  // Literals.
  ...accepts([
    ['/'],
    ['/api'],
    ['/api/'],
    ['//'],
    ['/api//orders'],
    ['/Api'],
    ['/a.b'],
    ['/...'],
    ['/.well-known'],
    ['/a..b'],
    ['/a b'],
    ['/é/ü/中/😀'],
    ["/a;b,c@d:e&f=g+h$i'j~k_l-m<n>o`p"],
    ['/a:b'],
    ['/:1'],
    ['/-'],
    ['/a,b'],
    ['/%23%24%25%26%2B%2C%2F%3A%3B%3D%3F%40'],
    ['/%2541'],
    ['/__proto__/constructor'],
  ]),
  // Stars.
  ...accepts([
    ['/*'],
    ['/*/'],
    ['/api/*/items'],
    ['/pr-*'],
    ['/*.js'],
    ['/a*b'],
    ['/*a'],
    ['/.*'],
    ['/*.'],
    ['/a%2F*'],
    ['/**'],
    ['/api/**'],
    ['/**/health'],
    ['/a/**/b/**/c'],
    ['/**/'],
    ['/**/*'],
    ['/*/**'],
  ]),
  // `**` behind `**` adds nothing.
  ...accepts([
    ['/**/**', '/**'],
    ['/a/**/**/**/b', '/a/**/b'],
    ['/**/{a,b}/**/**', '/**/a/**', '/**/b/**'],
  ]),
  // Braces are written out, in every combination, without repeats.
  ...accepts([
    ['/{a,b}', '/a', '/b'],
    ['/{a,b,c}/x', '/a/x', '/b/x', '/c/x'],
    ['/x{a,b}y', '/xay', '/xby'],
    ['/{a,b}{c,d}', '/ac', '/ad', '/bc', '/bd'],
    ['/{a,b}/{c,d}', '/a/c', '/a/d', '/b/c', '/b/d'],
    ['/*.{woff,woff2}', '/*.woff', '/*.woff2'],
    ['/{a,b}*', '/a*', '/b*'],
    ['/{a,ab}{bc,c}', '/abc', '/ac', '/abbc'],
    ['/{a,a}', '/a'],
    ['/{.a,b}', '/.a', '/b'],
    ['/{.a,b.}', '/.a', '/b.'],
    ['/{%2F,a}', '/%2F', '/a'],
    ['/{ ,a}', '/ ', '/a'],
  ]),
  [
    '64 written-out globs are held',
    () => {
      assert.equal(patternOf(`/${alternatives(64)}`).language.length, 64)
      assert.equal(patternOf(`/${alternatives(8)}/**/${alternatives(8)}`).language.length, 64)
      assert.equal(patternOf(`/${'{a,b}'.repeat(6)}`).language.length, 64)
    },
  ],
  ['2048 characters are held', () => assert.equal(patternOf(`/${'a'.repeat(2046)}*`).language.length, 1)],
  ['the text stays as written', () => assert.equal(patternOf('/**/**/{b,a}').text, '/**/**/{b,a}')],
])

table('what is no path glob', [
  // No path at all.
  ...rejects([
    ['', 'no-leading-slash', 0, '/'],
    ['api', 'no-leading-slash', 0, '/api'],
    ['api/**', 'no-leading-slash', 0, '/api/**'],
    ['**', 'no-leading-slash', 0, '/**'],
    ['*', 'no-leading-slash', 0, '/**'],
    ['https://api.example.com', 'no-leading-slash', 0, '/'],
    ['go/https://api.example.com/v1', 'no-leading-slash', 0, '/go/https://api.example.com/v1'],
    ['https://api.example.com/v1/*', 'no-leading-slash', 0, '/v1/*'],
    ['HTTP://API.example.com/v1', 'no-leading-slash', 0, '/v1'],
    [' /api', 'no-leading-slash', 0, '/ /api'],
    // What would be no glob either is not offered.
    ['^/api/.*$', 'no-leading-slash', 0],
    ['https://api.example.com/a?b', 'no-leading-slash', 0],
    ['a**', 'no-leading-slash', 0],
    ['.', 'no-leading-slash', 0],
  ]),
  // Other pattern languages.
  ...rejects([
    ['/a?', 'character', 2],
    ['/a?b=c', 'character', 2],
    ['/[ab]', 'character', 1],
    ['/a]', 'character', 2],
    ['/!a', 'character', 1],
    ['/!(a)', 'character', 1],
    ['/@(a|b)', 'character', 2],
    ['/+(a)', 'character', 2],
    ['/(a|b)', 'character', 1],
    ['/a|b', 'character', 2],
    ['/a)', 'character', 2],
    ['/"a"', 'character', 1],
    ['/a\\*', 'character', 2],
    ['/api\\/.*', 'character', 4],
    ['/^api', 'character', 1],
    ['/api$', 'character', 4],
    ['/api/.*$', 'character', 7],
    ['/:id', 'route-parameter', 1],
    ['/users/:userId/orders', 'route-parameter', 7],
    ['/:_', 'route-parameter', 1],
  ]),
  // What no canonical path holds.
  ...rejects([
    ['/a#b', 'character', 2],
    ['/a\0', 'character', 2],
    ['/a\n', 'character', 2],
    ['/a\tb', 'character', 2],
    ['/a\x7f', 'character', 2],
    ['/a\ud800', 'character', 2],
    ['/\udc00a', 'character', 1],
    ['/.', 'dot-segment', 1],
    ['/..', 'dot-segment', 1],
    ['/a/../b', 'dot-segment', 3],
    ['/a/./b', 'dot-segment', 3],
    ['/a/.', 'dot-segment', 3],
    ['/a%2F..', 'dot-segment', 1],
    ['/..%2Fa', 'dot-segment', 1],
    ['/x/a%2F.%2Fb', 'dot-segment', 3],
    ['/{.,a}', 'dot-segment', 1],
    ['/.{a,.}', 'dot-segment', 1],
    ['/{a,b%2F.}', 'dot-segment', 1],
  ]),
  // Escapes: those that the router keeps, in upper case, and no others. A fix is a glob of the same meaning.
  ...rejects([
    ['/%61dmin', 'escape', 1, '/admin'],
    ['/a%20b/**', 'escape', 2, '/a b/**'],
    ['/caf%C3%A9', 'escape', 4, '/café'],
    ['/a%2fb', 'escape', 2, '/a%2Fb'],
    ['/a%2Fb%3a', 'escape', 6, '/a%2Fb%3A'],
    ['/%7Euser', 'escape', 1, '/~user'],
    ['/{%61,b}', 'escape', 2, '/{a,b}'],
    ['/%2e%2e/a', 'escape', 1],
    ['/%zz', 'escape', 1],
    ['/%', 'escape', 1],
    ['/%2', 'escape', 1],
    ['/%c3', 'escape', 1],
    ['/%00', 'escape', 1],
    ['/%5C', 'escape', 1],
    ['/%2Aa', 'escape', 1],
    ['/%7Ba,b%7D', 'escape', 1],
    ['/%28a%29', 'escape', 1],
    ['/%5Ba%5D', 'escape', 1],
    ['/%3A%69d', 'escape', 4, '/%3Aid'],
  ]),
  // Stars.
  ...rejects([
    ['/a**', 'globstar-in-segment', 2],
    ['/**a', 'globstar-in-segment', 1],
    ['/***', 'globstar-in-segment', 1],
    ['/x/**.js', 'globstar-in-segment', 3],
    ['/*a*', 'two-stars', 3],
    ['/a*b*', 'two-stars', 4],
    ['/x/*a*a*b', 'two-stars', 5],
    ['/*{a,b}*', 'two-stars', 7],
    ['/{**,a}', 'globstar-in-segment', 2],
  ]),
  // Braces.
  ...rejects([
    ['/{a', 'brace-unclosed', 1],
    ['/x/{a,b', 'brace-unclosed', 3],
    ['/{a/b,c}', 'brace-unclosed', 1],
    ['/a}', 'brace-unopened', 2],
    ['/{a,b}}', 'brace-unopened', 6],
    ['/{a,{b,c}}', 'brace-nested', 4],
    ['/{a}', 'brace-single-alternative', 1],
    ['/{}', 'brace-single-alternative', 1],
    ['/{a,}', 'brace-empty-alternative', 1],
    ['/x{,a}', 'brace-empty-alternative', 2],
    ['/{a,*}', 'brace-star', 4],
    ['/{*.js,b}', 'brace-star', 2],
    ['/{1..3}', 'brace-range', 3],
    ['/{a..c,d}', 'brace-range', 3],
  ]),
  // Bounds.
  ...rejects([
    [`/${alternatives(65)}`, 'too-many-expansions', 1],
    [`/a/${alternatives(8)}/${alternatives(9)}`, 'too-many-expansions', 29],
    [`/x${'{a,b}'.repeat(7)}`, 'too-many-expansions', 32],
    [`/${'a'.repeat(2048)}`, 'too-long', 2048],
    [`/${'a'.repeat(70_000)}*`, 'too-long', 2048],
    ['a'.repeat(1_000_000), 'too-long', 2048],
    ['/a'.repeat(100_000), 'too-long', 2048],
  ]),
])

/** Text out of what the dialect gives a meaning and what it refuses. */
const anyGlob = fc
  .array(
    fc.constantFrom(
      ...'/ab.*{},%:$+-?[]!()"\\^|#',
      '**',
      '{a,b}',
      '..',
      '%2F',
      '%2f',
      '%61',
      '%2E',
      'https://',
      '😀',
      '\ud800',
    ),
    {
      maxLength: 10,
    },
  )
  .map((parts) => parts.join(''))

const leadingSlash = (glob: string): string => (glob.startsWith('/') ? glob : `/${glob}`)

table('path globs at random', [
  [
    'a text is a glob, or has a fault within it; a fix is a glob',
    () => {
      let globs = 0
      fc.assert(
        fc.property(fc.oneof(anyGlob, anyGlob.map(leadingSlash)), (text) => {
          const pattern = parsePathPattern(text)
          if (!('fault' in pattern)) globs++
          else {
            assert.ok(pattern.at >= 0 && pattern.at <= text.length, `${text}: ${pattern.at}`)
            if (pattern.fix !== undefined) assert.ok(!('fault' in parsePathPattern(pattern.fix)), pattern.fix)
          }
        }),
        { numRuns: trials(30_000) },
      )
      assert.ok(globs > least(500), `${globs}`)
    },
  ],
  [
    'a glob without wildcards and braces is a canonical path, and the other way round but for refused characters',
    () => {
      const refused =
        /[?[\]!()"\\^|#*{}\u0000-\u001f\u007f]|\$$|(^|\/):[A-Za-z_]|\*\*|[\ud800-\udfff](?![\udc00-\udfff])/
      let literals = 0
      fc.assert(
        fc.property(anyGlob.map(leadingSlash), (text) => {
          if (refused.test(text)) return
          literals++
          assert.equal(!('fault' in parsePathPattern(text)), isCanonicalPath(text), text)
        }),
        { numRuns: trials(30_000) },
      )
      assert.ok(literals > least(500), `${literals}`)
    },
  ],
  [
    'the sequences of a glob are what its braces stand for',
    () => {
      fc.assert(
        fc.property(pathGlob, (glob) => {
          const plain = written(glob).map((text) => text.replaceAll(/(\/\*\*)+/g, '/**'))
          assert.deepEqual(new Set(sequencesOf(glob)), new Set(plain))
        }),
        { numRuns: trials(5000) },
      )
    },
  ],
  [
    'a glob printed and read again has the same sequences',
    () => {
      fc.assert(
        fc.property(pathGlob, (glob) => {
          for (const sequence of sequencesOf(glob)) assert.deepEqual(sequencesOf(sequence), [sequence])
        }),
        { numRuns: trials(5000) },
      )
    },
  ],
  [
    'the examples of the reference match what it says',
    () => {
      for (const path of ['/api', '/api/', '/api/a', '/api//', '/api/a/b/'])
        assert.ok(pathMatches('/api/**', path), path)
      for (const path of ['/', '/apis', '/Api', '//api']) assert.ok(!pathMatches('/api/**', path), path)
    },
  ],
])
