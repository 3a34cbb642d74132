/** The policy replaced while requests come in: for a moment here, for longer in `npm run load -- --minutes 3`. */
import assert from 'node:assert/strict'
import { effort } from '../support/holds.js'
import { growth, load, mostGrowth } from '../support/load/load.js'
import { type Row, table } from '../support/table.js'

const isLong = effort >= 1

const isFound: Row = [
  'a policy that does not come into force is found',
  async () => {
    const { wrong } = await load({ seconds: 0.1, answers: 200, connections: 2, every: 10, put: () => undefined })
    assert.ok(wrong.length > 0)
  },
]

table('under load, while the policy is replaced', [
  [
    `for ${isLong ? 20 : 0.25} seconds: no request fails, and every answer is that of a policy in force`,
    async () => {
      const report = await load({ seconds: isLong ? 20 : 0.25, answers: 500, connections: 4, every: isLong ? 100 : 20 })
      const { failed, wrong, misjudged, answers, preflights, allowed, replaced, offersRefused } = report
      assert.deepEqual({ failed, wrong, misjudged }, { failed: [], wrong: [], misjudged: [] })
      assert.ok(Math.min(answers - preflights, preflights, allowed) > 10, JSON.stringify(report))
      assert.ok(replaced > 2 && offersRefused === replaced, JSON.stringify(report))
      if (isLong) assert.ok(growth(report) <= mostGrowth, report.heap.join(' '))
    },
  ],
  ...(isLong ? [isFound] : []),
])
