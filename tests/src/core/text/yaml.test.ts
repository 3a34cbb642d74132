/** YAML: what is read, what is refused in which words, and what no text can do to the library behind it. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseDocument, stringify } from 'yaml'
import type { Place } from '../../../../packages/core/dist/text/reading.js'
import { readYaml } from '../../../../packages/core/dist/text/yaml.js'
import { least, trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

function reads(rows: readonly (readonly [text: string, value: unknown])[]): Row[] {
  return rows.map(([text, value]) => [
    `${shown(text)} is read`,
    () => {
      const reading = readYaml(text)
      assert.deepEqual(reading.faults, [])
      assert.deepEqual(reading.value, value)
    },
  ])
}

const told = (text: string): string[] =>
  readYaml(text).faults.map(({ at, diagnostic: d }) => `${at} ${d.code}: ${d.message}`)

function refuses(rows: readonly (readonly [text: string, ...faults: string[]])[]): Row[] {
  return rows.map(([text, ...faults]) => [`${shown(text)} is refused`, () => assert.deepEqual(told(text), faults)])
}

table('YAML that is read', [
  ...reads([
    [
      'a: 1\nb: [x, "y", \'z\']\nc:\n  - d: true\n    e: null\n',
      { a: 1, b: ['x', 'y', 'z'], c: [{ d: true, e: null }] },
    ],
    ['{"a": 1, "b": ["*"]}', { a: 1, b: ['*'] }],
    ['---\n# comment\na: 1 # comment\n...\n', { a: 1 }],
    ['a: |\n  - [ {\n   deeper\nb: >-\n  x\n  y\n', { a: '- [ {\n deeper\n', b: 'x y' }],
    // YAML 1.2: these are texts.
    [
      '[yes, no, on, off, y, 10:00, 2027-01-31, 1_000, =, <<]',
      ['yes', 'no', 'on', 'off', 'y', '10:00', '2027-01-31', '1_000', '=', '<<'],
    ],
    ['[0o14, 0x1F, 1e3, ~, True, FALSE, Null]', [12, 31, 1000, null, true, false, null]],
    // Texts of policies that need no quotes, in blocks.
    [
      '- https://pr-*.example.com\n- /api/**\n- /a/*.{woff,woff2}\n- http://[::1]:3000\n',
      ['https://pr-*.example.com', '/api/**', '/a/*.{woff,woff2}', 'http://[::1]:3000'],
    ],
    // Keys are texts as they are written.
    ['404: a\ntrue: b\n~: c\n', { 404: 'a', true: 'b', '~': 'c' }],
    ['"__proto__": {a: 1}\n', JSON.parse('{"__proto__": {"a": 1}}')],
    ['a: [\n  1,\n]\n', { a: [1] }],
    ['a:\r\n  - b\r\n', { a: ['b'] }],
  ]),
])

const alias = (text: string, quoted = text) =>
  `yaml-alias: \`${text}\` is an alias in YAML, which may not stand here; if it is text, quote it: \`"${quoted}"\``
const reserved = (text: string) =>
  `syntax: \`${text}\` begins with a character that YAML keeps for itself; quote it: \`"${text}"\``
const brackets = (text: string) =>
  `syntax: \`${text}\` has brackets, which YAML takes for a list or a mapping; quote it: \`"${text}"\``
const unexpected = (text: string) =>
  `syntax: \`${text}\` is not expected here; quote it if it is text, or correct what is before it`

const indentation = 'syntax: the indentation fits no line above; align it'
const dash = (text: string, meant: string) =>
  `syntax: a blank is missing after the \`-\` of \`${text}\`; write \`${meant}\`, or quote it if it is text`
const openQuote = 'syntax: the quoted text that begins here is not closed; end it with the quote it began with'

table('YAML whose lines begin at the wrong column', [
  ...refuses([
    ['- a: 1\n  b: 1\n c: 1\n', `15 ${indentation}`],
    ['- a: 1\n b: 1\n  c: 1\n', `8 ${indentation}`],
    ['- a:\n b:\n    - x\n  c: 1\n', `6 ${indentation}`],
    ['- a: 1\n   b: 1\n', `10 ${indentation}`],
    ['- a: [1]\n   b: 1\n', `12 ${indentation}`],
    ['a: 1\n b:\n   c: 1\nd: 1\n', `6 ${indentation}`],
    [' a: 1\nb:\n  - c\nd: 1\n', `6 ${indentation}`],
    ['a: 1 # one\n b: 1\n', `12 ${indentation}`],
    ['a: 1\n\n# comment\n b: 1\n', `17 ${indentation}`],
    ['a:\n  - 1\n - 2\nb: 1\n', `10 ${indentation}`],
    ['a:\n  - 1\n   - b: 2\n', `12 ${indentation}`],
    ['a\n  - 1: 2\n', '0 syntax: `a` is neither a key nor an item; is a `: ` missing after it, or a `- ` before it?'],
    ['a:\n - 1\n# comment\n  - 2\nb: 1\n', `20 ${indentation}`],
    // A dash without a blank behind it.
    ['a:\n  -b: 1\n    c: 1\n', `5 ${dash('-b:', '- b:')}`],
    ['a:\n  - x\n  -y\n', `11 ${dash('-y', '- y')}`],
  ]),
])

table('YAML whose quotes are not closed', [
  ...refuses([
    ['a: "b\nc: 1\n', `3 ${openQuote}`],
    ["a: 'it''s\nc: 1\n", `3 ${openQuote}`],
    ["a: '''s\nc: 1\n", `3 ${openQuote}`],
    ['a: "\\" b\\\\\\"\n', `3 ${openQuote}`],
    ["a: ['b', \"c']\n", `9 ${openQuote}`],
    ["a: ['b]\nc: ['d']\n", `4 ${openQuote}`],
  ]),
])

table('YAML that is refused', [
  ...refuses([
    ['', '0 syntax: the text is empty; a policy has at least `version` and `rules`'],
    ['# nothing\n', '0 syntax: the text is empty; a policy has at least `version` and `rules`'],
    // What wants quotes.
    ['- @web\n', `2 ${reserved('@web')}`],
    ['origins: [@web, "x"]', `10 ${reserved('@web')}`],
    ['- *\n', `2 ${alias('*')}`],
    ['- **\n- *.example.com\n', `2 ${alias('**')}`, `7 ${alias('*.example.com')}`],
    ['[*]', `1 ${alias('*')}`],
    ['- {http,https}://a.example\n', `14 ${brackets('{http,https}://a.example')}`],
    ['[/a/*.{woff,woff2}]', `6 ${brackets('/a/*.{woff,woff2}')}`],
    ['[/a/{b,c}, /d]', `4 ${brackets('/a/{b,c}')}`],
    ['[http://[::1]:80]', `8 ${brackets('http://[::1]:80')}`],
    ['- {a,b}\n', '2 syntax: `{a,b}` is a mapping in YAML; quote the text that has the braces'],
    ['- %a\n', `2 ${reserved('%a')}`],
    ['- `a`\n', `2 ${reserved('\\u0060a\\u0060')}`],
    // What a policy may not have.
    [
      'a: &x y\nb: *x\n',
      '3 yaml-alias: `&x` is an anchor in YAML, which may not stand here; if it is text, quote it: `"&x"`',
      `11 ${alias('*x')}`,
    ],
    [
      'a: !!str x\n',
      '3 yaml-tag: `!!str` is a tag in YAML, which may not stand here; if it is text, quote it: `"!!str"`',
    ],
    ['- !x\n', '2 yaml-tag: `!x` is a tag in YAML, which may not stand here; if it is text, quote it: `"!x"`'],
    ['%YAML 1.1\n---\na: yes\n', '0 syntax: `%YAML 1.1` is a directive, and only plain YAML 1.2 is read; remove it'],
    ['a: 1\n---\nb: 2\n', '5 syntax: the text has a second document; give it a file of its own'],
    // Keys.
    ['a: 1\n"a": 2\n', '5 duplicate-key: key `a` stands twice in one object; keep one'],
    ['1: a\n"1": b\n', '5 duplicate-key: key `1` stands twice in one object; keep one'],
    ['[a]: b\n', '0 syntax: a key must be text on one line; write one'],
    [': b\n', '0 syntax: a key must be text on one line; write one'],
    // Not YAML.
    ['a: "b\n', '3 syntax: the quoted text that begins here is not closed; end it with the quote it began with'],
    ['a: [b\n', '6 syntax: a `[` or `{` is not closed; close it'],
    [
      'a: b: c\n',
      '3 syntax: `b:` is a key behind another one; give it a line of its own, or quote the text that has `: `',
    ],
    ['a:\n\tb: 1\n', '3 syntax: a tab stands where YAML wants spaces; indent with spaces'],
    ['a:\n   b: 1\n  c: 2\n', `13 ${indentation}`],
    ['a: 1\nb\n', '5 syntax: `b` is neither a key nor an item; is a `: ` missing after it, or a `- ` before it?'],
    ['a: - b: 1\n     c: 2\n', '3 syntax: a list begins on the line of its key; begin it on the next'],
    ['a: - b\n', '3 syntax: a list begins on the line of its key; begin it on the next'],
    ['a: ]\n', `3 ${unexpected(']')}`],
    [
      'a: "\\q"\n',
      '4 syntax: the text has an escape that YAML does not know; write `\\\\` for a backslash, or use single quotes',
    ],
    ["a: 'it's'\n", `7 ${unexpected("'it's'")}`],
    ['{"a": 1 "b": 2}', '6 syntax: `,` is missing before `1`; add it, or quote text that goes on'],
    [
      'a:\n[  - b\n',
      '3 syntax: `[` is neither a key nor an item; is a `: ` missing after it, or a `- ` before it?',
      '10 syntax: a `[` or `{` is not closed; close it',
    ],
    // Several at once.
    [
      '- @a\n- *\n- !b\n- @c\n',
      `7 ${alias('*')}`,
      '11 yaml-tag: `!b` is a tag in YAML, which may not stand here; if it is text, quote it: `"!b"`',
      `2 ${reserved('@a')}`,
      `16 ${reserved('@c')}`,
    ],
  ]),
  [
    'of very many faults the first fifty are told, and that there are more',
    () => {
      const lines = told('- @a\n'.repeat(10_000))
      assert.equal(lines.length, 51)
      assert.match(lines.at(-1) ?? '', /more faults than are listed/)
    },
  ],
])

/** Every place with its value. */
function* places(place: Place, value: unknown): Generator<readonly [place: Place, value: unknown]> {
  yield [place, value]
  const entries = place.below === undefined ? [] : [...place.below.entries()]
  for (const [key, below] of entries as [string | number, Place][]) {
    yield* places(below, (value as Readonly<Record<string | number, unknown>>)[key])
  }
}

const word = fc.oneof(
  fc.constantFrom(
    '*',
    '@web',
    '/a/**',
    '{a,b}',
    'yes',
    'null',
    '1',
    '1e3',
    '',
    ' ',
    '- a',
    'a: b',
    '#',
    '"',
    "'",
    '\n',
    'a\nb\n',
    '__proto__',
    '~',
    '0x1',
    '<<',
    '!a',
    '&a',
    '|',
    '%',
    ',',
  ),
  fc.string(),
)
const { value: tree } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  ),
}))
const style = fc.constantFrom<{
  collectionStyle?: 'flow' | 'block'
  defaultStringType?: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'
  indent?: number
}>(
  {},
  { collectionStyle: 'flow' },
  { defaultStringType: 'QUOTE_SINGLE' },
  { defaultStringType: 'QUOTE_DOUBLE', indent: 4 },
)

table('YAML and the library that writes it', [
  [
    'what is written is read again, in every style, and each place is that of its value',
    () => {
      fc.assert(
        fc.property(tree, style, (value, options) => {
          const plain: unknown = JSON.parse(JSON.stringify(value))
          const text = stringify(plain, { ...options, aliasDuplicateObjects: false })
          const reading = readYaml(text)
          assert.deepEqual(reading.faults, [])
          assert.deepEqual(reading.value, plain)
          for (const [place, part] of places(reading.place, plain)) {
            if (typeof part === 'number' || typeof part === 'boolean')
              assert.ok(text.startsWith(String(part), place.at))
          }
        }),
        { numRuns: trials(1000) },
      )
    },
  ],
])

const pieces = [
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    ': ',
    '- ',
    '? ',
    '-',
    '?',
    'a',
    'b: ',
    '"',
    "'",
    '"x"',
    "'y'",
    '\n',
    '\n ',
    '\n  ',
    '\n   ',
    ' ',
    '\t',
  ],
  ...[
    '#',
    ' #c',
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '|\n',
    '>-\n',
    '---\n',
    '...\n',
    '%Y\n',
    '\\',
    '@',
    '`',
    '1',
    '<<: ',
    '\r\n',
    '\r',
    'é',
    '\u2028',
  ],
  ...['- - ', '? - ', 'a: b: ', '  - ', 'x: [', 'x: {', '- |\n   ', '"\n', '[? ', '- ? ', '{a: ', '[a: b, ', ': : '],
]
const piece = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
const repeated = fc.tuple(piece, fc.integer({ min: 1, max: 2000 })).map(([text, count]) => text.repeat(count))
/** Each line one blank further in than the line above. */
const staircase = fc
  .tuple(piece, fc.integer({ min: 1, max: 200 }))
  .map(([text, count]) => Array.from({ length: count }, (_, i) => ' '.repeat(i) + text).join('\n'))
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
  repeated,
  fc.tuple(repeated, repeated).map((parts) => parts.join('')),
  staircase,
)

function levels(value: unknown): number {
  let deepest = 0
  const open: (readonly [value: unknown, level: number])[] = [[value, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [part, level] = next
    deepest = Math.max(deepest, level)
    if (typeof part === 'object' && part !== null)
      for (const below of Object.values(part)) open.push([below, level + 1])
  }
  return deepest
}

table('texts that are no policy', [
  [
    'never make the reader throw; what it reads without a fault, the library reads alike, and not too deep',
    () => {
      let read = 0
      fc.assert(
        fc.property(hostile, (text) => {
          const { value, faults } = readYaml(text)
          for (const { at } of faults) assert.ok(at >= 0 && at <= text.length)
          if (faults.length > 0) return
          read++
          const document = parseDocument(text, { schema: 'core', merge: false, uniqueKeys: true, prettyErrors: false })
          assert.deepEqual(document.errors, [])
          assert.ok(levels(value) <= 64)
          const theirs: unknown = document.toJS()
          // They write keys that are no text otherwise.
          if (!/null|~|\?/.test(text)) assert.deepEqual(JSON.stringify(value), JSON.stringify(theirs))
        }),
        { numRuns: trials(3000) },
      )
      assert.ok(read > least(100), `${read}`)
    },
  ],
])

const nested: readonly (readonly [name: string, of: (levels: number) => string])[] = [
  ['lists in brackets', (n) => `${'['.repeat(n)}${']'.repeat(n)}`],
  ['mappings in braces', (n) => `${'{a: '.repeat(n)}1${'}'.repeat(n)}`],
  ['lists of mappings', (n) => `${'[{a: '.repeat(n / 2)}1${'}]'.repeat(n / 2)}`],
  ['brackets on lines of their own', (n) => `${'[\n'.repeat(n)}${']\n'.repeat(n)}`],
  ['lists on one line', (n) => `${'- '.repeat(n)}a`],
  ['lists on lines of their own', (n) => Array.from({ length: n }, (_, i) => `${' '.repeat(i)}-`).join('\n')],
  ['mappings by indentation', (n) => Array.from({ length: n }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
]

/** Far beyond: brackets that never close, keys that are collections, strings that hide nothing. */
const deep: readonly string[] = [
  ...[
    '[',
    '{',
    '- ',
    '? ',
    ': ',
    'a: ',
    '{a:',
    '{a: ',
    '[? ',
    '- ? ',
    '[- ',
    '[a: b: ',
    '[\n',
    '{\n ',
    'a: [',
    '"a": [',
    "- 'a': [",
    '[#\n',
    '["]",',
    "[']',",
  ].map((unit) => unit.repeat(100_000)),
  Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}- a:`).join('\n'),
]

table('depth', [
  ...nested.flatMap(([name, of]): Row[] => [
    [`64 levels of ${name} are read`, () => assert.deepEqual(told(of(64)), [])],
    [
      `66 levels of ${name} are too deep`,
      () => assert.match(told(of(66)).join(), /text-too-deep: nesting is deeper than 64/),
    ],
    [`${name}, 2000 levels of them, are too deep`, () => assert.match(told(of(2000)).join(), /text-too-deep/)],
  ]),
  ...deep.map(
    (text): Row => [
      `${shown(text)}, ${text.length} characters of it, has a fault and no more`,
      () => assert.match(told(text).join(), /text-too-deep|syntax/),
    ],
  ),
  [
    'brackets in texts and comments are none',
    () => {
      const text = `a: "${'['.repeat(100)}" # ${'{'.repeat(100)}\nb: '${'- '.repeat(100)}'\nc: |\n  ${'[ { - '.repeat(100)}\n`
      assert.deepEqual(told(text), [])
    },
  ],
])
