/** The text door: formats, bounds, and where diagnostics stand. */
import assert from 'node:assert/strict'
import { checkPolicy, diagnosticLine, PolicyError } from '@safeconduct/core'
import { type ParseOptions, parsePolicy } from '@safeconduct/core/text'
import { type Row, table } from '../../support/table.js'

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** What is thrown, one line each. */
function told(text: string, options?: ParseOptions): string[] {
  try {
    parsePolicy(text, options)
  } catch (thrown) {
    assert.ok(thrown instanceof PolicyError, String(thrown))
    for (const { position } of thrown.diagnostics)
      assert.ok(position !== undefined && position.line >= 1 && position.column >= 1)
    return thrown.diagnostics.map(diagnosticLine)
  }
  return []
}

const empty = { version: 1, rules: [] }

const formats: readonly (readonly [text: string, options: ParseOptions])[] = [
  ['{"version": 1, "rules": []}', {}],
  ['{"version": 1, /* why */ "rules": [],}', { file: 'a.cors.json' }],
  ['{"version": 1, // why\n "rules": []}', { file: 'a.cors.jsonc' }],
  ['{"version": 1, // why\n "rules": []}', { format: 'json' }],
  ['// why\n{"version": 1, "rules": []}', {}],
  ['/* why */{"version": 1, "rules": []}', { file: 'policy' }],
  ['version: 1\nrules: []\n', {}],
  ['# why\nversion: 1\nrules: []\n', { file: 'policy' }],
  ['version: 1\nrules: []\n', { file: 'a.cors.yaml' }],
  ['version: 1\nrules: []\n', { file: 'A.CORS.YML' }],
  ['{version: 1, rules: []}', { file: 'a.yaml' }],
  ['{version: 1, rules: []}', { file: 'a.json', format: 'yaml' }],
  ['\ufeff{"version": 1, "rules": []}', {}],
  ['\ufeffversion: 1\nrules: []\n', {}],
]

table('formats', [
  ...formats.map(
    ([text, options]): Row => [
      `${shown(text)} with ${JSON.stringify(options)} is a policy`,
      () => assert.deepEqual(parsePolicy(text, options), empty),
    ],
  ),
  [
    'an extension decides against the text',
    () => assert.match(told('version: 1\nrules: []', { file: 'a.json' })[0] ?? '', /^a\.json:1:1 error syntax/),
  ],
])

const page = `{
  "version": 1,
  "orgins": {},
  "rules": [
    { "id": "a", "paths": ["/a"], "allow": [
      { "origins": ["*"],
        "credentials": "true" }
    ] }
  ]
}`
const yamlPage = `# a page
version: 1
orgins: {}
rules:
  - id: a
    paths: ["/a"]
    allow:
      - origins: ["*"]
        credentials: "true"
`

table('positions', [
  [
    'in JSON: an unknown key where the key stands, a wrong value where the value stands',
    () =>
      assert.deepEqual(told(page, { file: 'shop.cors.json' }), [
        'shop.cors.json:3:3 error unknown-key: unknown key `orgins`; did you mean `origins`?',
        'shop.cors.json:7:24 error schema: `credentials` must be true or false, not the text `"true"`; write `true`',
      ]),
  ],
  [
    'in YAML the same',
    () =>
      assert.deepEqual(told(yamlPage, { file: 'shop.cors.yaml' }), [
        'shop.cors.yaml:3:1 error unknown-key: unknown key `orgins`; did you mean `origins`?',
        'shop.cors.yaml:9:22 error schema: `credentials` must be true or false, not the text `"true"`; write `true`',
      ]),
  ],
  [
    'a repeated key where it stands the second time; the shape of the rest is told as well',
    () =>
      assert.deepEqual(told('{\n "version": 1,\n "version": 1\n}'), [
        '3:2 error duplicate-key: key `version` stands twice in one object; keep one',
        '1:1 error schema: the policy has no `rules`; add it, if only as `"rules": []`, which allows nobody anything',
      ]),
  ],
  [
    'a byte order mark takes no column',
    () => assert.deepEqual(told('\ufeff[]'), ['1:1 error schema: the policy must be an object, not a list']),
  ],
  [
    'go with the document to the check of its meaning, and not with a copy',
    () => {
      const text = 'version: 1\nrules:\n  - id: a\n    paths: [no-slash]\n    allow: []\n'
      const document = parsePolicy(text, { file: 'a.yaml' })
      assert.deepEqual(
        checkPolicy(document).map((d) => d.position),
        [{ file: 'a.yaml', line: 4, column: 13 }],
      )
      assert.deepEqual(
        checkPolicy({ ...document }).map((d) => d.position),
        [undefined],
      )
    },
  ],
])

const mebibytes = 4 * 1024 * 1024
const padded = (length: number, filling = ' ') => `{"version":1,"rules":[]}${filling.repeat(length)}`
const limit = mebibytes - padded(0).length

table('bounds', [
  ['4 MiB are read', () => assert.deepEqual(parsePolicy(padded(limit)), empty)],
  [
    'one byte more is too large',
    () =>
      assert.deepEqual(told(padded(limit + 1)), [
        '1:1 error text-too-large: the text is larger than 4 MiB; split the document',
      ]),
  ],
  [
    'bytes are those of UTF-8: two for é',
    () => {
      assert.deepEqual(parsePolicy(`${padded(0)}//${'é'.repeat((limit - 2) / 2)}`), empty)
      assert.match(told(`${padded(0)}//${'é'.repeat(limit / 2)}`).join(), /text-too-large/)
    },
  ],
  [
    'three for €, four for 😀',
    () => {
      assert.match(told(`${padded(0)}//${'€'.repeat(limit / 3)}`).join(), /text-too-large/)
      assert.match(told(`${padded(0)}//${'😀'.repeat(limit / 4)}`).join(), /text-too-large/)
      assert.deepEqual(parsePolicy(`${padded(0)}//${'😀'.repeat(limit / 4 - 1)}`), empty)
    },
  ],
  [
    '64 levels of JSON are read, and refused for their shape alone',
    () => {
      assert.match(told(`${'['.repeat(64)}${']'.repeat(64)}`).join(), /the policy must be an object/)
    },
  ],
  [
    '65 levels of JSON are too deep, at the first that is',
    () => {
      assert.deepEqual(told(`${'['.repeat(65)}${']'.repeat(65)}`), [
        '1:65 error text-too-deep: nesting is deeper than 64 levels; a document needs no more than 8',
      ])
    },
  ],
  [
    'brackets in texts and comments are no levels',
    () => {
      const text = `{"version":1,"rules":[{"id":"${'['.repeat(100)}","paths":[],"allow":[]}]} // ${'['.repeat(100)}`
      assert.match(told(text).join(), /kebab-case/)
    },
  ],
])

const noText: readonly (readonly [name: string, text: unknown, line: string])[] = [
  ['nothing', undefined, '1:1 error syntax: what was handed in is no text (undefined); hand in a string'],
  ['an object', {}, '1:1 error syntax: what was handed in is no text (object); hand in a string'],
  ['a NUL', '{\n"a\0": 1}', '2:3 error syntax: the control character U+0000 may not stand in a document; remove it'],
  [
    'an escape sequence',
    'a: \u001b[31m',
    '1:4 error syntax: the control character U+001B may not stand in a document; remove it',
  ],
  ['half a surrogate pair', '"\ud83d"', '1:2 error syntax: U+D83D is half a character; save the file as UTF-8'],
  ['the other half', '"\ude00\ud83d"', '1:2 error syntax: U+DE00 is half a character; save the file as UTF-8'],
  ['blanks', ' \n ', '1:1 error syntax: the text is empty; a policy has at least `version` and `rules`'],
  ['a text', 'policy', '1:1 error schema: the policy must be an object, not the text `"policy"`'],
  ['null', 'null', '1:1 error schema: the policy must be an object, not `null`'],
  ['a list', '[]', '1:1 error schema: the policy must be an object, not a list'],
]

/** A megabyte of each of these, in either format. */
const units = [
  ...[
    ',',
    ' ',
    ':',
    '.',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '-',
    '?',
    '#',
    '\n',
    '\r',
    '\\',
    '*',
    '&',
    '!',
    '|',
    '%',
    '@',
    '/',
    '0',
    'é',
  ],
  ...[
    '- ',
    ': ',
    'a: ',
    'a:\n',
    '[]',
    '[],',
    '{"a":',
    '"a":1,',
    '[{"a":[',
    '- - a\n',
    'a: |\n',
    '---\n',
    '/*',
    '//\n',
    '&a ',
    '*a ',
  ],
  ...["'a' ", '"\n', '\\"', ' #', '\n ', 'a: b: '],
]

/** What is told, and how long it took. */
function timed(text: string, format: 'json' | 'yaml'): readonly [faults: number, milliseconds: number] {
  const start = process.cpuUsage()
  const faults = told(text, { format })
  const { user, system } = process.cpuUsage(start)
  return [faults.length, (user + system) / 1000]
}

table('hostile texts', [
  ...noText.map(
    ([name, text, line]): Row => [`${name} is told, not thrown`, () => assert.deepEqual(told(text as string), [line])],
  ),
  ...(['json', 'yaml'] as const).flatMap((format) =>
    units.map(
      (unit): Row => [
        `128 KiB of ${shown(unit)} as ${format} have a fault, found in time that grows with the text`,
        () => {
          const text = unit.repeat(2 ** 17 / unit.length)
          const [, short] = timed(text.slice(0, 2 ** 13), format)
          const [faults, long] = timed(text, format)
          assert.ok(faults > 0)
          // Sixteen times the text; what is quadratic takes 256 times as long. The first milliseconds are the warm-up's.
          assert.ok(long < 64 * short + 250, `${short} ms, ${long} ms of processor time`)
        },
      ],
    ),
  ),
])
