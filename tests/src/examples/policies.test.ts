/** Ten policies after the needs of real sites: careful ones, so that whatever is said about them is a false alarm. */
import assert from 'node:assert/strict'
import { checkPolicy, compilePolicy, diagnosticLine, type PolicyDocument } from '@safeconduct/core'
import { lint, proveInvariants } from '@safeconduct/core/analysis'
import { parsePolicy } from '@safeconduct/core/text'
import { filesIn, read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const files = filesIn('examples/policies').filter((file) => /\.cors\.(json|yaml)$/.test(file))

function documentOf(file: string): PolicyDocument {
  return parsePolicy(read(file), { file })
}

/** All that any door says. */
function saidOf(document: PolicyDocument): string[] {
  const found = [...checkPolicy(document), ...lint(document, { today: '2026-11-23' })]
  return [...found, ...proveInvariants(compilePolicy(document))].map(diagnosticLine)
}

/** The policy with a rule that nobody should write. */
function careless(document: PolicyDocument): PolicyDocument {
  const grant = { origins: ['https://*.example.org', 'http://localhost:3000'], methods: ['*'], credentials: true }
  return { ...document, rules: [...document.rules, { id: 'careless', paths: ['/careless/**'], allow: [grant] }] }
}

table('the policies of the examples', [
  [
    'are ten, in JSON and in YAML',
    () => {
      assert.equal(files.length, 10)
      assert.equal(new Set(files.map((file) => file.split('.').at(-1))).size, 2)
    },
  ],
  ...files.flatMap((file): Row[] => [
    [`${file} raises no alarm`, () => assert.deepEqual(saidOf(documentOf(file)), [])],
    [
      `${file} with a careless rule raises just the alarms for that`,
      () => {
        const codes = lint(careless(documentOf(file))).map((d) => d.code)
        assert.deepEqual(codes, ['subdomain-wildcard-with-credentials', 'loopback-origin', 'wildcard-with-credentials'])
      },
    ],
    [
      `${file} has rules, grants, comments and invariants enough to be real`,
      () => {
        const text = read(file)
        const { rules, invariants = [] } = documentOf(file)
        const grants = rules.flatMap((rule) => rule.allow)
        assert.ok(rules.length >= 5 && grants.length >= 4, `${rules.length} rules, ${grants.length} grants`)
        assert.ok(/(^|\s)(#|\/\/) \w+/.test(text) && text.split('\n').length >= 40)
        assert.ok(invariants.length > 0)
      },
    ],
  ]),
])
