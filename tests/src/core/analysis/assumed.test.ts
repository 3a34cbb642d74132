import assert from 'node:assert/strict'
import { compilePolicy, withOrigins } from '@safeconduct/core'
import { assumptions, prove, type Query } from '@safeconduct/core/analysis'
import { type Row, table } from '../../support/table.js'

const policy = compilePolicy({
  version: 1,
  origins: { partners: { external: true }, readers: { external: true }, web: ['https://shop.example'] },
  rules: [
    { id: 'orders', paths: ['/orders/**'], allow: [{ origins: ['@partners', '@web'], credentials: true }] },
    { id: 'news', paths: ['/news/**'], allow: [{ origins: ['@readers'], methods: ['GET'] }] },
    { id: 'closed', paths: ['/internal/**'], allow: [] },
  ],
})

/** Each as `group: origin, rule`. */
function assumes(sentence: string, never: Query, expected: readonly string[]): Row {
  return [
    sentence,
    () => {
      assert.ok(prove(policy, never).holds)
      const found = assumptions(policy, never)
      assert.deepEqual(
        found.map(
          ({ group, counterexample: { request, ruleId } }) => `${group}: ${String(request.origin)}, ${String(ruleId)}`,
        ),
        expected,
      )
      for (const { group, counterexample } of found) {
        const filled = withOrigins(policy, group, [String(counterexample.request.origin)])
        assert.ok(!prove(filled, never).holds)
      }
    },
  ]
}

table('a promise about origins rests on the external groups that may come to hold one', [
  assumes('of an exact origin', { origins: ['https://evil.example'] }, [
    'partners: https://evil.example, orders',
    'readers: https://evil.example, news',
  ]),
  assumes('of a glob', { origins: ['https://*.evil.example'], paths: ['/news/**'] }, [
    'readers: https://x.evil.example, news',
  ]),
  assumes('but not where the program could not supply it', { origins: ['http://**:*'], credentials: true }, []),
  assumes('where it could', { origins: ['http://**:*'] }, ['readers: http://evil.example, news']),
  assumes(
    'but not where the rules of its paths name no group',
    { origins: ['https://a.example'], paths: ['/internal/**'] },
    [],
  ),
  assumes(
    'nor where its methods are not granted',
    { origins: ['https://a.example'], paths: ['/news/**'], methods: ['PUT'] },
    [],
  ),
  assumes('and of a group that it names on the others', { origins: ['@partners'], paths: ['/news/**'] }, []),
  assumes('on none where it is about any origin', { paths: ['/internal/**'] }, []),
])

table('what a rule lists itself keeps its grant', [
  [
    'so a promise of a glob is asked of another origin too',
    () => {
      const listing = compilePolicy({
        version: 1,
        origins: { partners: { external: true } },
        rules: [
          {
            id: 'offers',
            paths: ['/**'],
            allow: [
              { origins: ['https://evil.example'], methods: ['GET'] },
              { origins: ['@partners'], methods: ['DELETE'] },
            ],
          },
        ],
      })
      const never = { origins: ['https://*.example'], methods: ['DELETE'] }
      assert.ok(prove(listing, never).holds)
      const origins = assumptions(listing, never).map(({ counterexample }) => counterexample.request.origin)
      assert.deepEqual(origins, ['https://x.example'])
    },
  ],
])
