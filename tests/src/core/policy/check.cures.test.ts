/** What the check offers instead of what is wrong: the sentence, and the fix where there is one. */
import assert from 'node:assert/strict'
import { checkPolicy } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

/** A policy of one rule with one grant. */
const withGrant = (grant: object, more: object = {}): object => ({
  version: 1,
  ...more,
  rules: [{ id: 'a', paths: ['/a'], allow: [grant] }],
})
const shop = 'https://shop.example.com'

type Offer = readonly [document: object, message: string, fix?: string]

function offers(rows: readonly Offer[]): Row[] {
  return rows.map(([document, message, fix], i) => [
    `${i + 1}: ${message}`,
    () => {
      const found = checkPolicy(document).map((d) => [d.message, d.fix])
      assert.deepEqual(found, [[message, fix]])
    },
  ])
}

const groups = { origins: { web: [shop], localhost: ['http://localhost:3000'], tenants: { external: true } } }
const isGroup = (name: string): string =>
  `\`${name}\` is a group, whose name begins with \`@\` where origins are listed; write \`@${name}\``

table('a group without its @', [
  ...offers([
    [withGrant({ origins: ['web'] }, groups), isGroup('web'), '@web'],
    [withGrant({ origins: ['localhost'] }, groups), isGroup('localhost'), '@localhost'],
    [withGrant({ origins: ['tenants'] }, groups), isGroup('tenants'), '@tenants'],
    [
      { version: 1, ...groups, rules: [], invariants: [{ id: 'a', never: { origins: ['web'] } }] },
      isGroup('web'),
      '@web',
    ],
    // A word that is no group may be anything.
    [
      withGrant({ origins: ['constructor'] }, groups),
      '`constructor` has no scheme (character 1, `c`); begin with `https://`',
    ],
    [
      withGrant({ origins: ['localhost:3000'] }),
      '`localhost:3000` has no scheme (character 1, `l`); write `http://localhost:3000`',
      'http://localhost:3000',
    ],
  ]),
])
