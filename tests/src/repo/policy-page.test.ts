/** The tables of docs/policy.md: which globs match what, which rule decides which path, which fields there are. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type PolicyDocument } from '@safeconduct/core'
import { parsePolicy } from '@safeconduct/core/text'
import { parsePage } from '../support/page.js'
import { read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const file = 'docs/policy.md'
const page = read(file)
const lines = page.split('\n')

/** The cells of every table with this head, row by row. */
function tablesOf(head: string): string[][] {
  return lines.flatMap((line, i) => {
    if (line !== head) return []
    const rows = lines.slice(i + 2)
    const end = rows.findIndex((row) => !row.startsWith('|'))
    return rows.slice(0, end).map((row) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
  })
}

/** What stands in backticks. */
function quotedIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '')
}

function matches(glob: string, text: string): boolean {
  const isPath = glob.startsWith('/')
  const policy = compilePolicy({
    version: 1,
    rules: [{ id: 'rule', paths: [isPath ? glob : '/'], allow: [{ origins: [isPath ? 'https://a.example' : glob] }] }],
  })
  const request = isPath ? { path: text, origin: 'https://a.example' } : { path: '/', origin: text }
  return evaluate(policy, { method: 'GET', ...request }).reason === 'allowed'
}

const globRows = tablesOf('| glob | matches | does not match |').map(([glob, yes, no]): Row => {
  const [text = ''] = quotedIn(glob)
  return [
    `${text} matches what the page says, and nothing that it rules out`,
    () => {
      assert.ok(quotedIn(yes).length > 0 && quotedIn(no).length > 0)
      assert.deepEqual(
        quotedIn(yes).filter((other) => !matches(text, other)),
        [],
      )
      assert.deepEqual(
        quotedIn(no).filter((other) => matches(text, other)),
        [],
      )
    },
  ]
})

const worked = parsePage(file, page).blocks.find(
  ({ heading, language }) => heading === 'Specificity' && language === 'yaml',
)
const document: PolicyDocument = parsePolicy(worked?.text ?? '', { format: 'yaml' })

const ruleRows = tablesOf('| path | globs that match, the most specific last | the rule that decides |').map(
  ([path, globs, rule]): Row => {
    const [text = ''] = quotedIn(path)
    return [
      `${text} is decided by ${rule}`,
      () => {
        const { ruleId } = evaluate(compilePolicy(document), { method: 'GET', path: text })
        assert.equal(ruleId, rule?.split(':')[0])
        if (globs?.startsWith('all')) return
        const all = document.rules.flatMap(({ paths }) => paths)
        assert.deepEqual(
          quotedIn(globs),
          all.filter((glob) => matches(glob, text)),
        )
      },
    ]
  },
)

const fields = new Set(tablesOf('| field | meaning |').flatMap(([field]) => quotedIn(field)))
const schema = JSON.parse(read('schemas/policy.v1.schema.json'))

table('the tables of the reference', [
  ...globRows,
  ...ruleRows,
  [
    'every field has a line',
    () => {
      const keys = (part: { properties: object }) => Object.keys(part.properties)
      const wanted = [
        ...keys(schema),
        'origins.<name>',
        ...keys(schema.$defs.rule).map((key) => `rules[].${key}`),
        ...keys(schema.$defs.grant).map((key) => `allow[].${key}`),
      ]
      assert.deepEqual([...fields].sort(), wanted.sort())
    },
  ],
])
