import assert from 'node:assert/strict'
import { table } from './table.js'
import { isAtMost, isLinear, isQuick } from './time.js'

function steps(n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0
  return sum
}

table('growth and bounds', [
  ['linear work is linear', () => assert.ok(isLinear((n) => () => steps(n), 20_000))],
  ['quadratic work is not', () => assert.ok(!isLinear((n) => () => steps(n * n), 300))],
  ['what is quick', () => assert.ok(isQuick(() => steps(100), 5))],
  ['what is not', () => assert.ok(!isQuick(() => steps(3_000_000), 0.01))],
  [
    'ten times the work is not at most twice the work',
    () => assert.ok(!isAtMost(2, [() => steps(10_000), 10], [() => steps(1000), 10])),
  ],
])
