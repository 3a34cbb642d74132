/**
 * What can be said of differences that were measured in pairs: the median, and the 95 % interval of a bootstrap that draws
 * processes first and rounds second, for rounds of one process are more alike than those of two.
 */

/** Deterministic: the same samples have the same interval (mulberry32). */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function shuffled(list, next) {
  const order = [...list]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

export function median(values) {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1]
}

const draws = 500

/**
 * `processes`: of each, a list of rounds. `figure` makes one number of a list of rounds. Returns it for all rounds, with the
 * interval.
 */
export function interval(processes, figure) {
  const next = random(processes.length * 7919 + 1)
  const pick = (list) => list[Math.floor(next() * list.length)]
  const drawn = Array.from({ length: draws }, () => {
    const chosen = processes.map(() => pick(processes))
    return figure(chosen.flatMap((rounds) => rounds.map(() => pick(rounds))))
  }).sort((a, b) => a - b)
  const at = (share) => drawn[Math.round(share * (draws - 1))]
  return { median: figure(processes.flat()), low: at(0.025), high: at(0.975) }
}
