import assert from 'node:assert/strict'
import { table } from './table.js'
import { isAtMost, isLinear, isQuick, within } from './time.js'

/** A clock that only work moves on, a thousandth of a millisecond for each step; and, now and then, somebody else. */
function clock(others = 0): { steps: (n: number) => void; now: () => number } {
  let time = 0
  let runs = 0
  return {
    steps: (n) => {
      time += n / 1000 + (++runs % 7 === 0 ? 0 : others)
    },
    now: () => time,
  }
}

table('growth and bounds', [
  [
    'linear work is linear',
    () => {
      const { steps, now } = clock()
      assert.ok(isLinear((n) => () => steps(n), 20_000, now))
    },
  ],
  [
    'quadratic work is not',
    () => {
      const { steps, now } = clock()
      assert.ok(!isLinear((n) => () => steps(n * n), 300, now))
    },
  ],
  [
    'what is quick, now and then, is quick',
    () => {
      const { steps, now } = clock(100)
      assert.ok(isQuick(() => steps(100), 5, now))
    },
  ],
  [
    'what is not',
    () => {
      const { steps, now } = clock()
      assert.ok(!isQuick(() => steps(5000), 5, now))
    },
  ],
  [
    'ten times the work is not at most twice the work',
    () => {
      const { steps, now } = clock()
      assert.ok(!isAtMost(2, [() => steps(10_000), 10], [() => steps(1000), 10], now))
    },
  ],
  [
    'the work is, whatever else the machine does',
    () => {
      const { steps, now } = clock(100)
      assert.ok(isAtMost(1, [() => steps(1000), 1], [() => steps(1000), 1], now))
    },
  ],
  [
    'by the clock on the wall too',
    () => {
      const sum = (n: number) => () => Array.from({ length: n }, (_, i) => i).reduce((a, b) => a + b, 0)
      assert.ok(isLinear(sum, 4000))
      assert.ok(isQuick(sum(10), 5))
      assert.ok(!isQuick(sum(100_000), 0.01))
    },
  ],
  ['what takes too long is said', () => assert.throws(() => within(0, () => performance.now()), /took [\d.]+ ms/)],
  [
    'what does not is answered',
    () =>
      assert.equal(
        within(1000, () => 'soon'),
        'soon',
      ),
  ],
])
