/** What a page of docs/diagnostics says of its code beside the policies: its severity, whether it can be waived, its line in the index. */
import assert from 'node:assert/strict'
import { diagnosticCodes, diagnosticLine } from '@safeconduct/core'
import { judge } from '../support/judge.js'
import { type Block, parsePage } from '../support/page.js'
import { exists, read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const folder = 'docs/diagnostics'
const index = read(`${folder}/README.md`)

const { $defs } = JSON.parse(read('schemas/policy.v1.schema.json')) as {
  readonly $defs: { readonly waiver: { readonly properties: { readonly code: { readonly enum: readonly string[] } } } }
}
const waivable = $defs.waiver.properties.code.enum

/** The paragraphs of a page: title, statement, severity, and so on. */
function paragraphsOf(code: string): readonly string[] {
  const file = `${folder}/${code}.md`
  assert.ok(exists(file), `${file} is not there`)
  return read(file)
    .split('\n\n')
    .map((paragraph) => paragraph.replaceAll('\n', ' ').trim())
}

interface Stated {
  readonly severity: string
  readonly isWaived: boolean
}

function severityOf(code: string): Stated {
  const waiver = ' [`accept`](../policy.md#accept) waives it.'
  const [, severity = '', rest = ''] = /^Severity: ([^.]+)\.(.*)$/.exec(paragraphsOf(code)[2] ?? '') ?? []
  assert.ok(['', waiver].includes(rest), rest)
  return { severity, isWaived: rest === waiver }
}

function blocksUnder(code: string, heading: string): readonly Block[] {
  const { blocks } = parsePage(code, read(`${folder}/${code}.md`))
  return blocks.filter((block) => block.heading === heading)
}

function rowsOf(code: string): Row[] {
  return [
    [
      `${code}: what its page avoids fires this code and no other`,
      () => {
        for (const { line, text, language } of blocksUnder(code, 'Avoid')) {
          const fired = new Set(judge(text, language).map((d) => d.code))
          assert.deepEqual([...fired], [code], `line ${line}`)
        }
      },
    ],
    [
      `${code}: of what its page prefers there is nothing to say`,
      () => {
        for (const { line, text, language } of blocksUnder(code, 'Prefer')) {
          assert.deepEqual(judge(text, language).map(diagnosticLine), [], `line ${line}`)
        }
      },
    ],
    [
      `${code}: its page says its severities, and whether it can be waived`,
      () => {
        const { severity, isWaived } = severityOf(code)
        const stated = new Set(severity.match(/\b(error|warning|info)\b/g))
        const fired = new Set(
          blocksUnder(code, 'Avoid').flatMap(({ text, language }) => judge(text, language).map((d) => d.severity)),
        )
        for (const one of fired) assert.ok(stated.has(one), `fires as ${one}, and its page says: ${severity}`)
        if (fired.size > 0)
          assert.equal(stated.size, fired.size, `the page shows ${[...fired]} only, and says: ${severity}`)
        assert.equal(isWaived, waivable.includes(code))
      },
    ],
    [
      `${code}: the index says what its page says`,
      () => {
        const { severity, isWaived } = severityOf(code)
        const line = `| [${code}](${code}.md) | ${paragraphsOf(code)[1]} | ${severity} | ${isWaived ? 'yes' : 'no'} |`
        assert.ok(index.split('\n').includes(line), line)
      },
    ],
  ]
}

table('what the pages of the codes say', diagnosticCodes.flatMap(rowsOf))
