/**
 * Time, on machines that do other things too: what counts is the best of many tries, for noise only ever adds. A test asks
 * for an order of growth, or for a bound that is far away.
 */

function took(run: () => unknown, times: number): number {
  const start = performance.now()
  for (let i = 0; i < times; i++) run()
  return performance.now() - start
}

/** Whether it can be done within so many milliseconds. */
export function isQuick(run: () => unknown, milliseconds: number): boolean {
  for (let tries = 0; tries < 50; tries++) if (took(run, 1) < milliseconds) return true
  return false
}

/**
 * Whether n things once take about as long as n/4 things four times. What is quadratic takes four times as long: the bound
 * stands between.
 */
export function isLinear(runOn: (n: number) => () => unknown, n: number): boolean {
  return isAtMost(2.5, [runOn(n), 16], [runOn(n / 4), 64])
}

type Work = readonly [run: () => unknown, times: number]

/** Whether the one work takes at most so many times what the other does, both at their best. */
export function isAtMost(factor: number, [run, times]: Work, [other, otherTimes]: Work): boolean {
  let best = Number.POSITIVE_INFINITY
  let otherBest = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 60; tries++) {
    best = Math.min(best, took(run, times))
    otherBest = Math.min(otherBest, took(other, otherTimes))
    if (tries >= 5 && best <= factor * otherBest) return true
  }
  return false
}
