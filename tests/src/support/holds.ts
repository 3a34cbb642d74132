/**
 * Trials of a property. They are the same every time, so that a red build is red for everybody; a failure is shrunk, and
 * says the seed and the path that lead back to it. `SAFECONDUCT_SEED=7` tries others, `SAFECONDUCT_EFFORT=10` ten times
 * as many. On an ordinary day one in ten is tried; `.ci/run` tries them all.
 */
import fc from 'fast-check'

const seed = Number(process.env.SAFECONDUCT_SEED ?? 20_261_123)

/** 1 where all trials are run. */
export const effort: number = Number(process.env.SAFECONDUCT_EFFORT ?? 0.1)

/** How often a property is tried, of which so many trials are enough on an ordinary day. */
export function trials(runs: number): number {
  return Math.max(1, Math.round(runs * effort))
}

/**
 * What is to have been seen in all trials, as what must have been seen, and more, in those that were run: in few of them it is a
 * matter of luck.
 */
export function least(count: number): number {
  const expected = trials(count)
  return Math.max(0, Math.floor(expected - 3 * Math.sqrt(expected)))
}

/** Those of many cases that are played on an ordinary day: one in so many, wherever there is one at all. */
export function ofTheDay<T>(cases: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.round(1 / effort))
  const first = seed % Math.min(step, Math.max(1, cases.length))
  return cases.filter((_, i) => i % step === first)
}

/** The predicate throws where the property does not hold. */
export function holds<T>(runs: number, values: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(
    fc.property(values, (value) => predicate(value)),
    { seed, numRuns: trials(runs) },
  )
}
