/** Suites as files have them: read by the rules of policies, with their own words. */
import assert from 'node:assert/strict'
import { diagnosticLine, PolicyError } from '@safeconduct/core'
import { checkSuite } from '@safeconduct/core/suite'
import { type ParseOptions, parseSuite } from '@safeconduct/core/text'
import { shopSuite } from '../../support/shop.js'
import { type Row, table } from '../../support/table.js'

function told(text: string, options?: ParseOptions): string[] {
  try {
    parseSuite(text, options)
    return []
  } catch (thrown) {
    assert.ok(thrown instanceof PolicyError)
    return thrown.diagnostics.map(diagnosticLine)
  }
}

const refused: readonly (readonly [what: string, text: string, ...lines: string[]])[] = [
  ['nothing', '', '1:1 error syntax: the text is empty; a suite has at least `version`'],
  ['nothing but a comment of JSON', '// x\n', '1:1 error syntax: the text is empty; a suite has at least `version`'],
  ['a list', '[]', '1:1 error schema: the suite must be an object, not a list'],
  [
    'a policy',
    '{"version": 1, "rules": []}',
    '1:16 error unknown-key: unknown key `rules`; move it to a policy, which is a file of its own',
  ],
  [
    'a misspelled key, where the key stands',
    'version: 1\ncase: []\n',
    '2:1 error unknown-key: unknown key `case`; did you mean `cases`?',
  ],
  [
    'a key twice',
    'version: 1\nversion: 1\n',
    '2:1 error duplicate-key: key `version` stands twice in one object; keep one',
  ],
  [
    'an alias',
    'version: 1\ncases: *x\n',
    '2:8 error yaml-alias: `*x` is an alias in YAML, which may not stand here; if it is text, quote it: `"*x"`',
  ],
  [
    'null for text',
    'version: 1\nmatrices:\n  - { name: x, origins: [null], paths: [/], methods: [GET], allow: [] }\n',
    '3:26 error schema: item 1 of `origins` must be text, not `null`',
  ],
  [
    'too deep a nesting',
    `{"version":1,"cases":${'['.repeat(65)}`,
    '1:85 error text-too-deep: nesting is deeper than 64 levels; a document needs no more than 8',
  ],
]

table(
  'a suite is not read from',
  refused.map(([what, text, ...lines]): Row => [what, () => assert.deepEqual(told(text), lines)]),
)

table('a suite is read', [
  ['from JSON', () => assert.deepEqual(parseSuite(JSON.stringify(shopSuite)), shopSuite)],
  [
    'from JSON with comments',
    () => assert.deepEqual({ ...parseSuite('{ "version": 1, /* none */ "cases": [], }') }, { version: 1, cases: [] }),
  ],
  [
    'from YAML',
    () => assert.deepEqual(parseSuite('version: 1\ncases: []\n', { file: 'x.yaml' }), { version: 1, cases: [] }),
  ],
  [
    'with the positions that its check wants',
    () => assert.equal(checkSuite(parseSuite('version: 1\nexternal: { x: ["*"] }\n'))[0]?.position?.line, 2),
  ],
])
