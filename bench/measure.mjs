/**
 * Timing that can be trusted on a noisy machine: subjects take turns, round by round, in one process; what counts is the
 * median over the rounds and the spread, and between subjects the ratio within a round.
 */

/** A string as a parser hands it over: its hash is not computed yet, and it is nobody else's. */
export function fresh(text) {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** Keeps results from being optimized away. */
let sink = 0
export function consume(value) {
  sink = (sink + (typeof value === 'object' && value !== null ? 1 : Number(value) || 0)) | 0
  return sink
}

/**
 * Nanoseconds per call of each subject. `subjects`: name → { make: (i) => input, run: (input) => anything }; inputs are
 * made before the clock starts.
 */
export function race(subjects, { rounds = 15, calls = 20_000 } = {}) {
  const names = Object.keys(subjects)
  const samples = new Map(names.map((name) => [name, []]))
  for (let round = -2; round < rounds; round++) {
    for (const name of names) {
      const { make, run } = subjects[name]
      const inputs = Array.from({ length: calls }, (_, i) => make(i))
      const start = process.hrtime.bigint()
      for (let i = 0; i < calls; i++) consume(run(inputs[i]))
      const perCall = Number(process.hrtime.bigint() - start) / calls
      if (round >= 0) samples.get(name).push(perCall)
    }
  }
  return new Map(names.map((name) => [name, spread(samples.get(name))]))
}

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { median: at(0.5), low: at(0.1), high: at(0.9), samples: values }
}

/** The median of `a`'s samples over `b`'s, round by round. */
export function ratio(a, b) {
  return spread(a.samples.map((value, i) => value / b.samples[i])).median
}

export function table(title, rows) {
  console.log(`\n${title}`)
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)))
  for (const row of rows)
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join('  ')}`,
    )
}

export function ns(value) {
  return value < 1000
    ? `${value.toFixed(0)} ns`
    : value < 1e6
      ? `${(value / 1000).toFixed(1)} µs`
      : `${(value / 1e6).toFixed(1)} ms`
}
