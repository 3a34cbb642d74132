import assert from 'node:assert/strict'
import { withVary } from '../../../packages/fastify-plugin/dist/vary.js'
import { type Row, table } from '../support/table.js'

const rows: readonly (readonly [Parameters<typeof withVary>[0], readonly string[], string])[] = [
  [undefined, ['Origin'], 'Origin'],
  [undefined, ['Origin', 'Accept'], 'Origin, Accept'],
  ['', ['Origin'], 'Origin'],
  ['Accept', ['Origin'], 'Accept, Origin'],
  ['Accept,Cookie', ['Origin'], 'Accept, Cookie, Origin'],
  [['Accept', 'Cookie'], ['Origin'], 'Accept, Cookie, Origin'],
  // Each name once, in any case.
  ['origin', ['Origin'], 'origin'],
  ['Accept, ORIGIN , accept', ['Origin'], 'Accept, ORIGIN'],
  ['Origin, Origin', ['Origin', 'Access-Control-Request-Method'], 'Origin, Access-Control-Request-Method'],
  // Empty elements are none.
  [' , ,Accept,', ['Origin'], 'Accept, Origin'],
  // `*` says it all.
  ['*', ['Origin'], '*'],
  ['Accept, *', ['Origin'], '*'],
]

table(
  'Vary',
  rows.map(
    ([existing, names, expected]): Row => [
      `${JSON.stringify(existing) ?? 'nothing'} with ${names} is ${expected}`,
      () => assert.equal(withVary(existing, names), expected),
    ],
  ),
)
