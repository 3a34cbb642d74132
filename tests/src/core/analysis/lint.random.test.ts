/** What holds of every finding, whatever the policy: its witness is a request that the policy decides, its fix loads. */
import assert from 'node:assert/strict'
import {
  type CorsRequest,
  checkPolicy,
  compilePolicy,
  type Diagnostic,
  evaluate,
  type PolicyDocument,
} from '@safeconduct/core'
import { compare, lint } from '@safeconduct/core/analysis'
import { applyFixes, parsePolicy } from '@safeconduct/core/text'
import { stringify } from 'yaml'
import { policy } from '../../support/generate.js'
import { holds, least } from '../../support/holds.js'
import { table } from '../../support/table.js'

const refused = ['wildcard-headers-without-authorization', 'json-without-content-type', 'unused-group']
const notShown = ['unreachable-path', 'unused-accept']
/** What these tell of does nothing: without it the policy means the same. */
const changesNothing = ['redundant-origin', 'unreachable-path', 'unused-group', 'unused-accept', 'max-age-above-caps']

function isCurable({ fix, remove }: Diagnostic): boolean {
  return fix !== undefined || remove === true
}

function errorsOf(document: PolicyDocument): readonly string[] {
  return checkPolicy(document).flatMap(({ severity, message }) => (severity === 'error' ? [message] : []))
}

function rewritten(document: PolicyDocument, found: readonly Diagnostic[], format: 'json' | 'yaml'): PolicyDocument {
  const text = format === 'json' ? JSON.stringify(document, null, 2) : stringify(document)
  return parsePolicy(applyFixes(text, found, format), { format })
}

table('of random policies', [
  [
    'every witness is decided as it must be to show the point',
    () => {
      let shown = 0
      holds(300, policy, (document) => {
        const compiled = compilePolicy(document)
        for (const { code, message, witness } of lint(document)) {
          if (witness === undefined || notShown.includes(code)) continue
          const decision = evaluate(compiled, witness as CorsRequest)
          const isAllowed = decision.kind !== 'non-cors' && decision.allowed
          assert.equal(isAllowed, !refused.includes(code), `${message}: ${JSON.stringify({ witness, decision })}`)
          shown++
        }
      })
      assert.ok(shown > least(100), `${shown} findings`)
    },
  ],
  [
    'what is told to do nothing does nothing, by JSON and by YAML',
    () => {
      let cured = 0
      holds(200, policy, (document) => {
        const found = lint(document).filter((d) => changesNothing.includes(d.code) && isCurable(d))
        if (found.length === 0) return
        for (const format of ['json', 'yaml'] as const) {
          const after = rewritten(document, found, format)
          assert.deepEqual(errorsOf(after), [])
          const { verdict, complete, changes } = compare(compilePolicy(document), compilePolicy(after))
          if (complete) assert.equal(verdict, 'equivalent', JSON.stringify({ found, changes }, null, 1))
        }
        cured += found.length
      })
      assert.ok(cured > least(50), `${cured} findings`)
    },
  ],
  [
    'fixes load and let nobody do more, and after a few rounds none is left: one may bring another to light',
    () => {
      holds(120, policy, (document) => {
        let fixed = document
        for (let round = 0; round < 4; round++) {
          fixed = rewritten(fixed, lint(fixed).filter(isCurable), 'json')
          assert.deepEqual(errorsOf(fixed), [])
        }
        const { verdict, complete } = compare(compilePolicy(document), compilePolicy(fixed))
        if (complete) assert.ok(verdict === 'equivalent' || verdict === 'narrower', verdict)
        assert.deepEqual(
          lint(fixed)
            .filter(isCurable)
            .map((d) => d.message),
          [],
        )
      })
    },
  ],
])
