/** What two policies differ in, against a look at every request: no difference missed, none invented. */
import assert from 'node:assert/strict'
import { compilePolicy, type GrantDocument, type Policy, type RuleDocument } from '@safeconduct/core'
import { compare } from '@safeconduct/core/analysis'
import { policyPair } from '../../support/generate/pairs.js'
import { holds, least } from '../../support/holds.js'
import { assertCompared } from '../../support/plain/differences.js'
import { table } from '../../support/table.js'

table('two policies compared', [
  [
    'on 1,000 pairs of policies and more, no difference is missed, none is invented, and each is told where it is and whom it is for',
    () => {
      const seen = { equivalent: 0, changes: 0, differences: 0 }
      holds(2500, policyPair, ([before, after]) => {
        const comparison = compare(compilePolicy(before), compilePolicy(after))
        const { verdict, changes } = comparison
        const regions = assertCompared(comparison, before, after)
        seen.equivalent += verdict === 'equivalent' ? 1 : 0
        seen.changes += changes.length
        seen.differences += regions.reduce((sum, { paths, spots }) => sum + paths.length * spots.length, 0)
      })
      assert.ok(seen.equivalent > least(200) && seen.changes > least(4000), JSON.stringify(seen))
    },
  ],
  [
    'a name that stands for all others is one that no rule mentions: `*` beside it is broader',
    () => {
      const policy = (grant: Partial<GrantDocument>): Policy =>
        compilePolicy({
          version: 1,
          rules: [{ id: 'api', paths: ['/api'], allow: [{ origins: ['https://a.example'], ...grant }] }],
        })
      const verdicts = [
        [{ requestHeaders: ['x-other'] }, { requestHeaders: ['*'] }],
        [{ methods: ['GET', 'POST', 'OTHER', 'SERVED'] }, { methods: ['*'] }],
        [{ methods: ['GET', 'POST', 'SERVED'] }, { methods: 'served' }],
      ].map(
        ([before = {}, after = {}]) => compare(policy(before as GrantDocument), policy(after as GrantDocument)).verdict,
      )
      assert.deepEqual(verdicts, ['broader', 'broader', 'both'])
    },
  ],
  [
    'two rules that swap their names and paths: no path is decided otherwise, but the routes that name them are',
    () => {
      const [lax, strict] = [[{ origins: ['*'] }], []]
      const policy = (a: RuleDocument['allow'], b: RuleDocument['allow'], ids: readonly [string, string]): Policy =>
        compilePolicy({
          version: 1,
          rules: [
            { id: ids[0], paths: ['/a'], allow: a },
            { id: ids[1], paths: ['/b'], allow: b },
          ],
        })
      const { verdict, changes } = compare(policy(lax, strict, ['one', 'two']), policy(lax, strict, ['two', 'one']))
      assert.equal(verdict, 'both')
      assert.deepEqual(changes[0]?.witness, { method: 'GET', path: '/', rule: 'two', origin: 'https://evil.example' })
      assert.equal(
        compare(policy(lax, strict, ['one', 'two']), policy(lax, strict, ['three', 'four'])).verdict,
        'equivalent',
      )
    },
  ],
])
