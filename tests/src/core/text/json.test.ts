/** JSON with comments and trailing commas, held against JSON.parse. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { readJson, token, tokenFaults } from '../../../../packages/core/dist/text/json.js'
import type { Place } from '../../../../packages/core/dist/text/reading.js'
import { trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

function reads(rows: readonly (readonly [text: string, value: unknown])[]): Row[] {
  return rows.map(([text, value]) => [
    `${shown(text)} is read`,
    () => {
      const reading = readJson(text)
      assert.deepEqual(reading.faults, [])
      assert.deepEqual(reading.value, value)
    },
  ])
}

function refuses(rows: readonly (readonly [text: string, ...faults: string[]])[]): Row[] {
  return rows.map(([text, ...faults]) => [
    `${shown(text)} is refused`,
    () => {
      const found = readJson(text).faults.map(({ at, diagnostic: d }) => `${at} ${d.pointer} ${d.code}: ${d.message}`)
      assert.deepEqual(found, faults)
    },
  ])
}

const own = (text: string): unknown => JSON.parse(text)

table('JSON that is read', [
  ...reads([
    ['{}', {}],
    [' [1, -2.5e3, "a\\u0062\\n", true, false, null] ', [1, -2500, 'ab\n', true, false, null]],
    ['{"a": {"b": [[], {}]}}', { a: { b: [[], {}] } }],
    // What JSONC adds.
    ['// one\n{ /* two */ "a": 1, // three\n}', { a: 1 }],
    ['[1, 2,]', [1, 2]],
    ['[1]//', [1]],
    ['["//", "/*"]', ['//', '/*']],
    // Keys that objects inherit are keys like any others.
    ['{"__proto__": {"a": 1}, "constructor": 2, "": 3}', own('{"__proto__": {"a": 1}, "constructor": 2, "": 3}')],
  ]),
  [
    'a key called __proto__ sets no prototype',
    () => {
      const { value } = readJson('{"__proto__": {"version": 1}}')
      assert.equal(Object.getPrototypeOf(value), Object.prototype)
      assert.ok(Object.hasOwn(value as object, '__proto__'))
    },
  ],
])

const unclosed = (opener: string, closer: string) => `syntax: \`${opener}\` is not closed; add \`${closer}\``

table('JSON that is refused', [
  ...refuses([
    ['', '0  syntax: the text is empty; a policy has at least `version` and `rules`'],
    [' // nothing\n', '0  syntax: the text is empty; a policy has at least `version` and `rules`'],
    // Not complete.
    ['{', `0  ${unclosed('{', '}')}`],
    ['{"a": [1, 2', `6 /a ${unclosed('[', ']')}`],
    ['{"a": [1, 2}', `6 /a ${unclosed('[', ']')}`],
    ['{"a"', '4  syntax: `:` is missing at the end of the text; add it'],
    ['{"a":', '5 /a syntax: a value is missing at the end of the text; add it'],
    ['[1, "a', '4 /0 syntax: the text is not closed on its line; end it with `"`', `0  ${unclosed('[', ']')}`],
    ['[1] /*', '4  syntax: the comment is not closed; end it with `*/`'],
    // A sign too few.
    ['[1 2]', '3 /0 syntax: `,` is missing before `2`; add it'],
    ['{"a" 1}', '5  syntax: `:` is missing before `1`; add it'],
    ['{"a":}', '5 /a syntax: a value is missing before `}`; add it'],
    ['{"a": 1 "b": 2}', '8 /a syntax: `,` is missing before `"b"`; add it'],
    // A sign too many.
    ['[,1]', '1  syntax: `,` stands where nothing is left to separate; remove it'],
    ['{"a":1,,"b":2}', '7  syntax: `,` stands where nothing is left to separate; remove it'],
    ['[1}]', '2  syntax: `}` stands where nothing is left to close; remove it'],
    ['{} {}', '3  syntax: `{` stands after the end of the document; remove it'],
    // Not JSON.
    ["{'a': 1}", "1  syntax: `'a'` is not JSON; use double quotes"],
    ['{a: 1}', '1  syntax: `a` is not JSON; write `"a"`'],
    ['[True]', '1 /0 syntax: `True` is not JSON; put text in double quotes'],
    ['["\\q"]', '1  syntax: the text has a backslash before a character that needs none; write `\\\\` for a backslash'],
    ['["\\u12"]', '1  syntax: `\\u` is not followed by four hexadecimal digits; add them'],
    ['[1e]', '1  syntax: the number is not complete; write its digits'],
    // Several at once, and what stands between them is read.
    [
      '{"a": x, "b": [1 2], "b": 3, c: 4}',
      '6 /a syntax: `x` is not JSON; put text in double quotes',
      '17 /b/0 syntax: `,` is missing before `2`; add it',
      '21 /b duplicate-key: key `b` stands twice in one object; keep one',
      '29  syntax: `c` is not JSON; write `"c"`',
    ],
    // Keys.
    ['{"a": 1, "\\u0061": 2}', '9 /a duplicate-key: key `a` stands twice in one object; keep one'],
    ['[{"a/b": 1, "a/b": 2}]', '12 /0/a~1b duplicate-key: key `a/b` stands twice in one object; keep one'],
  ]),
  [
    'of very many faults the first fifty are told, and that there are more',
    () => {
      const { faults } = readJson(`[${'x,'.repeat(100_000)}]`)
      assert.equal(faults.length, 51)
      assert.match(faults.at(-1)?.diagnostic.message ?? '', /more faults than are listed/)
    },
  ],
])

/** Every place with its pointer's tokens and its value. */
function* places(place: Place, value: unknown): Generator<readonly [place: Place, value: unknown]> {
  yield [place, value]
  const entries =
    place.below === undefined ? [] : place.below instanceof Map ? [...place.below] : [...place.below.entries()]
  for (const [key, below] of entries as [string | number, Place][]) {
    yield* places(below, (value as Readonly<Record<string | number, unknown>>)[key])
  }
}

/** Blanks, comments and trailing commas at random places between tokens. */
function disguised(value: unknown, between: () => string, trailing: () => boolean): string {
  const list = (parts: readonly string[]) => parts.join(',') + (parts.length > 0 && trailing() ? `,${between()}` : '')
  if (Array.isArray(value)) {
    return `${between()}[${list(value.map((item) => disguised(item, between, trailing)))}${between()}]${between()}`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) => `${between()}${JSON.stringify(key)}${between()}:${disguised(member, between, trailing)}`,
    )
    return `${between()}{${list(members)}${between()}}${between()}`
  }
  return `${between()}${JSON.stringify(value)}${between()}`
}

const trivia = fc.array(fc.constantFrom('', '', ' ', '\n', '\t', '\r\n', '/* [ */', '// {"\n'), {
  minLength: 20,
  maxLength: 20,
})

table('JSON and JSON.parse', [
  [
    'agree on every JSON value, however it is spaced, commented and comma-ended',
    () => {
      fc.assert(
        fc.property(fc.jsonValue(), trivia, fc.boolean(), (json, blanks, comma) => {
          const value = own(JSON.stringify(json))
          let i = 0
          const text = disguised(
            value,
            () => blanks[i++ % blanks.length] ?? '',
            () => comma,
          )
          const reading = readJson(text)
          assert.deepEqual(reading.faults, [])
          assert.deepEqual(reading.value, value)
          for (const [place, part] of places(reading.place, value)) {
            const beginning =
              typeof part === 'object' && part !== null ? JSON.stringify(part).slice(0, 1) : JSON.stringify(part)
            assert.ok(text.startsWith(beginning, place.at))
            if (place.key !== undefined) assert.equal(text[place.key], '"')
          }
        }),
        { numRuns: trials(500) },
      )
    },
  ],
  [
    'agree on what is no JSON, but for comments and commas',
    () => {
      const part = fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        'a',
        '1',
        '-',
        'null',
        '\\',
        '\n',
        ' ',
        "'",
        '/',
        '*',
      )
      fc.assert(
        fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
          const text = parts.join('')
          const { value, faults } = readJson(text)
          for (const { at } of faults) assert.ok(at >= 0 && at <= text.length)
          let plain: unknown
          try {
            plain = JSON.parse(text)
          } catch {
            // Faultless all the same: then there is a comment or a comma that JSON does not have.
            if (faults.length === 0) assert.match(text, /\/\/|\/\*|,\s*[}\]]/)
            return
          }
          if (faults.some(({ diagnostic }) => diagnostic.code !== 'duplicate-key')) assert.fail(`${text} is JSON`)
          if (faults.length === 0) assert.deepEqual(value, plain)
        }),
        { numRuns: trials(20_000) },
      )
    },
  ],
])

/** Declared as constants that only a compiler sees; there is an object at run time all the same. */
const { SyntaxKind, ScanError }: Readonly<Record<string, Readonly<Record<string, number>>>> = createRequire(
  import.meta.url,
)('jsonc-parser')

table('the scanner', [
  [
    'numbers its tokens and errors as we do',
    () => {
      assert.deepEqual(
        [token.openBrace, token.closeBrace, token.openBracket, token.closeBracket, token.comma, token.colon],
        [
          SyntaxKind?.OpenBraceToken,
          SyntaxKind?.CloseBraceToken,
          SyntaxKind?.OpenBracketToken,
          SyntaxKind?.CloseBracketToken,
          SyntaxKind?.CommaToken,
          SyntaxKind?.ColonToken,
        ],
      )
      assert.deepEqual(
        [
          token.null,
          token.true,
          token.false,
          token.string,
          token.number,
          token.comment,
          token.blank,
          token.unknown,
          token.end,
        ],
        [
          SyntaxKind?.NullKeyword,
          SyntaxKind?.TrueKeyword,
          SyntaxKind?.FalseKeyword,
          SyntaxKind?.StringLiteral,
          SyntaxKind?.NumericLiteral,
          SyntaxKind?.LineCommentTrivia,
          SyntaxKind?.Trivia,
          SyntaxKind?.Unknown,
          SyntaxKind?.EOF,
        ],
      )
      assert.deepEqual(tokenFaults, [
        ...Array.from({ length: 1 }, () => undefined),
        ...[
          [ScanError?.UnexpectedEndOfComment, 'comment'],
          [ScanError?.UnexpectedEndOfString, 'string'],
          [ScanError?.UnexpectedEndOfNumber, 'number'],
          [ScanError?.InvalidUnicode, 'unicode'],
          [ScanError?.InvalidEscapeCharacter, 'escape'],
          [ScanError?.InvalidCharacter, 'character'],
        ]
          .toSorted(([a], [b]) => Number(a) - Number(b))
          .map(([, fault]) => fault),
      ])
    },
  ],
])
