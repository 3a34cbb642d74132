/** Which plays of a case that waits are taken, and which came too late to tell. */
import assert from 'node:assert/strict'
import type { BrowserCase } from '../support/browser/cases.js'
import { type Row, table } from '../support/table.js'
import { isLate } from './case-stage.js'
import type { Played } from './play.js'

/** A case of steps that wait so many seconds each. */
function waiting(...seconds: readonly number[]): BrowserCase {
  const steps = seconds.map((after) => ({ after, request: {}, given: {} }))
  return { id: 'x', kind: 'sequence', source: '', steps, expected: {} } as unknown as BrowserCase
}

/** Steps that came at these seconds. */
function cameAt(...seconds: readonly number[]): readonly Played[] {
  return seconds.map(
    (at) => ({ origin: '', wish: { url: '' }, came: [{ at }], sight: { error: '' } }) as unknown as Played,
  )
}

const rows: readonly (readonly [what: string, each: BrowserCase, plays: readonly Played[], late: boolean])[] = [
  ['one that waits for nothing is never late', waiting(0, 0), cameAt(10, 20), false],
  ['4 seconds and some milliseconds are in time', waiting(0, 4, 1), cameAt(10, 14.1, 15.2), false],
  ['4 seconds and most of another are late', waiting(0, 4, 1), cameAt(10, 14.9, 15.9), true],
  ['what each step loses adds up', waiting(0, 1, 1, 1), cameAt(10, 11.2, 12.4, 13.6), true],
  [
    'a step of which nothing came is not asked',
    waiting(0, 4),
    [...cameAt(10), { ...cameAt(0)[0], came: [] } as unknown as Played],
    false,
  ],
]

table(
  'a case that waits',
  rows.map(([what, each, plays, late]): Row => [what, () => assert.equal(isLate(each, plays), late)]),
)
