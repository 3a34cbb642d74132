/**
 * Time, on machines that do other things too: what counts is the best of many tries, for noise only ever adds, and what is
 * compared takes turns. A test asks for an order of growth, or for a bound that is far away.
 */
import assert from 'node:assert/strict'

/** Milliseconds since some moment. */
export type Clock = () => number

const wall: Clock = () => performance.now()

function took(run: () => unknown, times: number, now: Clock): number {
  const start = now()
  for (let i = 0; i < times; i++) run()
  return now() - start
}

/** Whether it can be done within so many milliseconds. */
export function isQuick(run: () => unknown, milliseconds: number, now: Clock = wall): boolean {
  for (let tries = 0; tries < 50; tries++) if (took(run, 1, now) < milliseconds) return true
  return false
}

/**
 * Whether n things once take about as long as n/4 things four times. What is quadratic takes four times as long: the bound
 * stands between.
 */
export function isLinear(runOn: (n: number) => () => unknown, n: number, now: Clock = wall): boolean {
  return isAtMost(2.5, [runOn(n), 16], [runOn(n / 4), 64], now)
}

type Work = readonly [run: () => unknown, times: number]

/** Whether the one work takes at most so many times what the other does, both at their best. */
export function isAtMost(factor: number, [run, times]: Work, [other, otherTimes]: Work, now: Clock = wall): boolean {
  let best = Number.POSITIVE_INFINITY
  let otherBest = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 60; tries++) {
    best = Math.min(best, took(run, times, now))
    otherBest = Math.min(otherBest, took(other, otherTimes, now))
    if (tries >= 5 && best <= factor * otherBest) return true
  }
  return false
}

/** What the work answers, which takes so many milliseconds of the processor at most; what others take does not count. */
export function within<T>(milliseconds: number, work: () => T): T {
  const start = process.cpuUsage()
  const answer = work()
  const { user, system } = process.cpuUsage(start)
  const took = (user + system) / 1000
  assert.ok(took < milliseconds, `took ${took} ms`)
  return answer
}
