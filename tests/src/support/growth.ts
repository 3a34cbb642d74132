/** How the time of some work grows with its size, told on a machine that does other things at the same time. */
import assert from 'node:assert/strict'

/** Milliseconds, the least of three: what is added by chance is never negative. */
export function milliseconds(work: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now()
      work()
      return performance.now() - start
    }),
  )
}

const attempts = 8

/** That the larger takes about as many times as long as `times` says, a tick aside. Once is enough. */
export function assertGrowth(
  small: () => unknown,
  large: () => unknown,
  isRight: (times: number, ms: number) => boolean,
): void {
  const seen: string[] = []
  for (let i = 0; i < attempts; i++) {
    const short = milliseconds(small)
    const long = milliseconds(large)
    if (isRight(long / Math.max(short, 0.001), long)) return
    seen.push(`${short.toFixed(3)} and ${long.toFixed(3)} ms`)
  }
  assert.fail(`never grew as it should: ${seen.join('; ')}`)
}

/** For work of 4 times the size: far from the 16 times of a quadratic, and nothing to speak of is nothing. */
export function isLinear(times: number, ms: number): boolean {
  return times < 10 || ms < 2
}
