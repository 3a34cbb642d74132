/** Fixes put into texts: the value is right, and the rest of the text stays as it is. */
import assert from 'node:assert/strict'
import type { Diagnostic, PolicyDocument } from '@safeconduct/core'
import { applyFixes, parsePolicy } from '@safeconduct/core/text'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { policy } from '../../support/generate.js'
import { holds } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

type Cure = Pick<Diagnostic, 'pointer' | 'fix' | 'remove'>

const remove = (pointer: string): Cure => ({ pointer, remove: true })
const replace = (pointer: string, fix: string): Cure => ({ pointer, fix })

function applied(text: string, cures: readonly Cure[], format: 'json' | 'jsonc' | 'yaml'): string {
  const diagnostics = cures.map(
    (cure): Diagnostic => ({ code: 'redundant-origin', severity: 'info', message: '', ...cure }),
  )
  return applyFixes(text, diagnostics, format)
}

interface Change {
  readonly sentence: string
  readonly text: string
  readonly cures: readonly Cure[]
  readonly becomes: string
}

/** The text is a policy around these lines of a grant. */
const jsonAround = (lines: string): string =>
  `{ "version": 1, "rules": [{ "id": "a", "paths": ["/a"], "allow": [{ "origins": ["https://a.example"],${lines}}] }] }`
const grant = '/rules/0/allow/0'

const jsonChanges: readonly Change[] = [
  {
    sentence: 'replaces a text, and a number',
    text: '"methods": ["patch" /* sic */], "maxAge": 86400',
    cures: [replace(`${grant}/methods/0`, 'PATCH'), replace(`${grant}/maxAge`, '2h')],
    becomes: '"methods": ["PATCH" /* sic */], "maxAge": "2h"',
  },
  {
    sentence: 'writes seconds as a number',
    text: '"requestHeaders": ["x-a"], "maxAge": "600"',
    cures: [replace(`${grant}/maxAge`, '600'), replace(`${grant}/requestHeaders/0`, '600')],
    becomes: '"requestHeaders": ["600"], "maxAge": 600',
  },
  {
    sentence: 'escapes what it puts in, and knows where a text with escapes ends',
    text: String.raw`"requestHeaders": ["\"\\", "x-a"]`,
    cures: [replace(`${grant}/requestHeaders/0`, 'a"b')],
    becomes: String.raw`"requestHeaders": ["a\"b", "x-a"]`,
  },
  {
    sentence: 'removes from the front, the middle and the end of a line',
    text: '"requestHeaders": ["x-a", "x-b", "x-c", "x-d"]',
    cures: [
      remove(`${grant}/requestHeaders/0`),
      remove(`${grant}/requestHeaders/2`),
      remove(`${grant}/requestHeaders/3`),
    ],
    becomes: '"requestHeaders": ["x-b"]',
  },
  {
    sentence: 'removes lines with the comments behind them, and leaves the comments of others',
    text: '"requestHeaders": [\n  "x-a", // of a\n  "x-b", // of b\n  "x-c", // of c\n  "x-d" // of d\n]',
    cures: [remove(`${grant}/requestHeaders/1`), remove(`${grant}/requestHeaders/3`)],
    becomes: '"requestHeaders": [\n  "x-a", // of a\n  "x-c" // of c\n]',
  },
  {
    sentence: 'keeps a comma at the end where there was one',
    text: '"requestHeaders": [\n  "x-a",\n  "x-b",\n]',
    cures: [remove(`${grant}/requestHeaders/1`)],
    becomes: '"requestHeaders": [\n  "x-a",\n]',
  },
  {
    sentence: 'leaves no bracket behind a comment',
    text: '"requestHeaders": ["x-a", // of a\n  "x-b"]',
    cures: [remove(`${grant}/requestHeaders/1`)],
    becomes: '"requestHeaders": ["x-a" // of a\n  ]',
  },
  {
    sentence: 'removes an object',
    text: '"accept": [{ "code": "any-port", "because": "[x, }" }, { "code": "public-suffix", "because": "y" }]',
    cures: [remove(`${grant}/accept/0`)],
    becomes: '"accept": [{ "code": "public-suffix", "because": "y" }]',
  },
  {
    sentence: 'removes a list of which nothing is left',
    text: '"exposedHeaders": ["content-type", "pragma"], "credentials": true',
    cures: [remove(`${grant}/exposedHeaders/0`), remove(`${grant}/exposedHeaders/1`)],
    becomes: '"credentials": true',
  },
  {
    sentence: 'leaves a list of methods that would be empty, since that would mean the default ones',
    text: '"methods": ["FOO"]',
    cures: [remove(`${grant}/methods/0`)],
    becomes: '"methods": ["FOO"]',
  },
  {
    sentence: 'removes what a fix would make stand twice',
    text: '"methods": ["get", "GET", "Get", "PUT"]',
    cures: [replace(`${grant}/methods/0`, 'GET'), replace(`${grant}/methods/2`, 'GET')],
    becomes: '"methods": ["GET", "PUT"]',
  },
  {
    sentence: 'passes over what is not there, and the second fix of a place',
    text: '"maxAge": "1d"',
    cures: [
      remove(`${grant}/requestHeaders/0`),
      remove('/origins/web'),
      replace(`${grant}/maxAge`, '2h'),
      replace(`${grant}/maxAge`, '3h'),
      replace(`${grant}/constructor`, 'x'),
    ],
    becomes: '"maxAge": "2h"',
  },
]

const yamlAround = (lines: string): string => `# head\nversion: 1
rules:
  - id: a
    paths: [/a]
    allow:
      - origins: [https://a.example]
${lines.replace(/^(?=.)/gm, '        ')}
  - id: b # the last
    paths: []
    allow: []
`

const yamlChanges: readonly Change[] = [
  {
    sentence: 'replaces in the quotes that are there, and in none',
    text: `methods: ['patch', "get", put] # sic\nmaxAge: 86400`,
    cures: [
      replace(`${grant}/methods/0`, 'PATCH'),
      replace(`${grant}/methods/1`, 'GET'),
      replace(`${grant}/methods/2`, 'PUT'),
      replace(`${grant}/maxAge`, '2h'),
    ],
    becomes: `methods: ['PATCH', "GET", PUT] # sic\nmaxAge: 2h`,
  },
  {
    sentence: 'writes seconds as a number',
    text: 'maxAge: "600" # sic',
    cures: [replace(`${grant}/maxAge`, '600')],
    becomes: 'maxAge: 600 # sic',
  },
  {
    sentence: 'puts quotes where they are needed',
    text: 'requestHeaders: [x-a, x-b, x-c, x-d]',
    cures: ['@web', '{a,b}', '12', 'true'].map((fix, i) => replace(`${grant}/requestHeaders/${i}`, fix)),
    becomes: 'requestHeaders: ["@web", "{a,b}", "12", "true"]',
  },
  {
    sentence: 'removes from the front, the middle and the end of a line',
    text: 'requestHeaders: [x-a, x-b, x-c, x-d] # all',
    cures: [
      remove(`${grant}/requestHeaders/0`),
      remove(`${grant}/requestHeaders/2`),
      remove(`${grant}/requestHeaders/3`),
    ],
    becomes: 'requestHeaders: [x-b] # all',
  },
  {
    sentence: 'removes lines with the comments behind them, and leaves the comments of others',
    text: 'requestHeaders:\n  - x-a # of a\n  - x-b # of b\n  # of c\n  - x-c\n  - x-d # of d',
    cures: [remove(`${grant}/requestHeaders/1`), remove(`${grant}/requestHeaders/3`)],
    becomes: 'requestHeaders:\n  - x-a # of a\n  # of c\n  - x-c',
  },
  {
    sentence: 'removes objects of several lines',
    text: 'accept:\n- code: any-port\n  because: >\n    one\n    two\n- code: public-suffix\n  because: y',
    cures: [remove(`${grant}/accept/0`)],
    becomes: 'accept:\n- code: public-suffix\n  because: y',
  },
  {
    sentence: 'removes a list of which nothing is left',
    text: 'exposedHeaders:\n  - content-type\n  - pragma\ncredentials: true',
    cures: [remove(`${grant}/exposedHeaders/0`), remove(`${grant}/exposedHeaders/1`)],
    becomes: 'credentials: true',
  },
]

function changeRows(around: (lines: string) => string, format: 'json' | 'yaml', changes: readonly Change[]): Row[] {
  return changes.map(
    ({ sentence, text, cures, becomes }): Row => [
      `${format}: ${sentence}`,
      () => {
        const after = applied(around(text), cures, format)
        // The last line of a block goes with its line break.
        assert.equal(after.replaceAll(/\n+/g, '\n'), around(becomes).replaceAll(/\n+/g, '\n'))
      },
    ],
  )
}

table('applyFixes', [
  ...changeRows(jsonAround, 'json', jsonChanges),
  ...changeRows(yamlAround, 'yaml', yamlChanges),
  [
    'yaml: removes a member that begins on the line of its dash',
    () => {
      const text =
        'version: 1\nrules:\n  - id: a\n    paths: [/a]\n    allow:\n      - exposedHeaders: [pragma]\n        origins: [https://a.example]\n'
      assert.equal(
        applied(text, [remove(`${grant}/exposedHeaders/0`)], 'yaml'),
        'version: 1\nrules:\n  - id: a\n    paths: [/a]\n    allow:\n      - origins: [https://a.example]\n',
      )
    },
  ],
  [
    'yaml: leaves an empty list where one is needed, at any indentation',
    () => {
      const text = 'version: 1\nrules:\n- id: a\n  paths:\n  - /a\n  allow: []\n'
      assert.equal(
        applied(text, [remove('/rules/0/paths/0')], 'yaml'),
        'version: 1\nrules:\n- id: a\n  paths: []\n  allow: []\n',
      )
    },
  ],
  [
    'json: removes the groups where none is left',
    () => {
      const text = '{ "version": 1, "origins": { "a": [], "b": { "external": true } }, "rules": [] }'
      assert.equal(
        applied(text, [remove('/origins/a')], 'json'),
        '{ "version": 1, "origins": { "b": { "external": true } }, "rules": [] }',
      )
      assert.equal(applied(text, [remove('/origins/a'), remove('/origins/b')], 'json'), '{ "version": 1, "rules": [] }')
    },
  ],
  [
    'keeps a byte order mark and CR LF',
    () => {
      const text = '\ufeff{\r\n  "version": 1,\r\n  "origins": { "a": [] },\r\n  "rules": []\r\n}'
      assert.equal(applied(text, [remove('/origins/a')], 'json'), '\ufeff{\r\n  "version": 1,\r\n  "rules": []\r\n}')
    },
  ],
  [
    'puts in very many, each looked at once',
    () => {
      // Two of them become one, and the second goes; where each was held against all others this took minutes.
      const many = Array.from({ length: 10_000 }, (_, i) => `https://a${i - (i % 2)}.example`)
      const origins = many.map((origin) => origin.toUpperCase())
      const document: PolicyDocument = { version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [{ origins }] }] }
      const cures = many.map((origin, i) => replace(`${grant}/origins/${i}`, origin))
      for (const [, format, text] of layouts.filter(([name]) => /many lines|in blocks$/.test(name))) {
        const { rules } = parsePolicy(applied(text(document), cures, format), { format })
        assert.deepEqual(rules[0]?.allow[0]?.origins, [...new Set(many)])
      }
    },
  ],
  [
    'gives the text back where there is nothing to do',
    () => assert.equal(applied('version: 1\nrules:   []', [], 'yaml'), 'version: 1\nrules:   []'),
  ],
])

/** The lists of grants that may lose any of their members, and paths. */
const lists = ['requestHeaders', 'exposedHeaders', 'accept'] as const

/** Which members to remove: each that the numbers, taken in turn, say. */
function drawnFrom(document: PolicyDocument, numbers: readonly number[]): Cure[] {
  const pointers = document.rules.flatMap((rule, r) => [
    ...rule.paths.map((_, i) => `/rules/${r}/paths/${i}`),
    ...rule.allow.flatMap((each, g) =>
      lists.flatMap((name) => (each[name] ?? []).map((_, i) => `/rules/${r}/allow/${g}/${name}/${i}`)),
    ),
  ])
  return pointers.filter((_, i) => (numbers[i % numbers.length] ?? 0) % 2 === 1).map(remove)
}

/** The same on plain data. */
function without(document: PolicyDocument, cures: readonly Cure[]): unknown {
  const gone = new Set(cures.map(({ pointer }) => pointer))
  const kept = (list: readonly unknown[], at: string): unknown[] => list.filter((_, i) => !gone.has(`${at}/${i}`))
  return {
    ...document,
    rules: document.rules.map((rule, r) => ({
      ...rule,
      paths: kept(rule.paths, `/rules/${r}/paths`),
      allow: rule.allow.map((each, g) => {
        const shorter = lists.flatMap((name): [string, unknown][] => {
          const list = each[name]
          if (list === undefined) return []
          const left = kept(list, `/rules/${r}/allow/${g}/${name}`)
          return [[name, left.length === 0 && list.length > 0 ? undefined : left]]
        })
        const changed = { ...each, ...Object.fromEntries(shorter) }
        return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
      }),
    })),
  }
}

type Layout = readonly [name: string, format: 'json' | 'yaml', text: (document: PolicyDocument) => string]

const layouts: readonly Layout[] = [
  ['json on one line', 'json', (document) => JSON.stringify(document)],
  ['json on many lines', 'json', (document) => JSON.stringify(document, null, 2)],
  ['json with comments', 'json', (document) => JSON.stringify(document, null, 2).replace(/$/gm, ' // ], "')],
  [
    'json with commas behind the last',
    'json',
    (document) => JSON.stringify(document, null, 2).replace(/(["}\]\w])(?=\n\s*[}\]])/g, '$1 /* , */,'),
  ],
  ['yaml in blocks', 'yaml', (document) => stringify(document)],
  ['yaml in blocks, sequences not indented', 'yaml', (document) => stringify(document, { indentSeq: false })],
  ['yaml with comments', 'yaml', (document) => stringify(document).replace(/(?<=.)$/gm, ' # - x: [')],
  ['yaml in brackets', 'yaml', (document) => stringify(document, { collectionStyle: 'flow' })],
]

table(
  'what applyFixes removes is gone, and nothing else',
  layouts.map(
    ([name, format, text]): Row => [
      `from ${name}`,
      () =>
        holds(60, fc.tuple(policy, fc.array(fc.nat(9), { minLength: 1, maxLength: 12 })), ([document, numbers]) => {
          const cures = drawnFrom(document, numbers)
          const after = applied(text(document), cures, format)
          assert.deepEqual(parsePolicy(after, { format }), without(document, cures), after)
        }),
    ],
  ),
)
