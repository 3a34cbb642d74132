/** How far words are apart, and that no more is said than was asked. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { editDistance } from '../../../../packages/core/dist/policy/edit-distance.js'
import { trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

const distances: readonly (readonly [a: string, b: string, distance: number])[] = [
  ['', '', 0],
  ['', 'ab', 2],
  ['paths', 'paths', 0],
  ['path', 'paths', 1],
  ['pethz', 'paths', 2],
  ['pahts', 'paths', 1],
  ['paht', 'paths', 2],
  ['ab', 'ba', 1],
  ['abcd', 'badc', 2],
  // A pair that was swapped is not taken apart again: Damerau's own distance would be 2.
  ['ca', 'abc', 3],
  ['methods', 'rules', 6],
]

/** By its definition, on words of a few letters. */
function plainly(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [x, y] = [a.slice(0, -1), b.slice(0, -1)]
  const isSwap = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
  const swap = isSwap ? plainly(a.slice(0, -2), b.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY
  return Math.min(plainly(x, b) + 1, plainly(a, y) + 1, plainly(x, y) + (a.at(-1) === b.at(-1) ? 0 : 1), swap)
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })

table('the distance of words', [
  ...distances.map(
    ([a, b, distance]): Row => [
      `'${a}' is ${distance} from '${b}', and back`,
      () => {
        assert.equal(editDistance(a, b, 10), distance)
        assert.equal(editDistance(b, a, 10), distance)
      },
    ],
  ),
  [
    'is what its definition says, or more than was asked about where that is more',
    () =>
      fc.assert(
        fc.property(word, word, fc.nat(4), (a, b, most) => {
          const distance = plainly(a, b)
          const found = editDistance(a, b, most)
          assert.ok(distance <= most ? found === distance : found > most, `${found}, not ${distance}`)
        }),
        { numRuns: trials(1000) },
      ),
  ],
])
