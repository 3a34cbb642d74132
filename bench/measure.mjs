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

/** A subject is `{ make: (i) => input, run: (input) => result, awaits? }`; inputs are made before the clock starts. */
async function elapsed({ make, run, awaits }, from, to) {
  const inputs = []
  for (let i = from; i < to; i++) inputs.push(make(i))
  const start = process.hrtime.bigint()
  if (awaits) for (const input of inputs) consume(await run(input))
  else for (const input of inputs) consume(run(input))
  return Number(process.hrtime.bigint() - start)
}

/** Few enough to be in the processor's cache, as a request's strings are in that of a server: its parser has just made them. */
const batch = 200
const leastCalls = 3
const mostCalls = 4_000

async function perCall(subject, calls, ofBatches = mean) {
  const times = []
  for (let i = 0; i < calls; i += batch) {
    const to = Math.min(calls, i + batch)
    times.push((await elapsed(subject, i, to)) / (to - i))
  }
  return ofBatches(times)
}

function mean(times) {
  return times.reduce((sum, time) => sum + time, 0) / times.length
}

/** Of the batches of a turn: leaves out those in which the machine did something else, or the engine collected garbage. */
export function median(times) {
  return spread(times).median
}

/** As many calls as fill the time that one turn has, so that a slow subject does not keep the others waiting. */
async function callsFor(subject, turn) {
  let calls = leastCalls
  while (calls < mostCalls && (await atBest(subject, calls)) * calls < turn) calls *= 2
  return Math.min(calls, mostCalls)
}

/** The first calls are the interpreter's, and in some the machine does something else: they tell nothing. */
async function atBest(subject, calls) {
  const tries = []
  for (let i = 0; i < 4; i++) tries.push(await perCall(subject, calls))
  return Math.min(...tries)
}

/**
 * Nanoseconds per call of each subject, a sample a round. `turn`: nanoseconds that a subject has in a round; `ofBatches`: what
 * counts of the batches in it.
 */
export async function race(subjects, { rounds = 15, warmUps = 3, turn = 2e6, ofBatches } = {}) {
  const names = Object.keys(subjects)
  const samples = new Map(names.map((name) => [name, []]))
  const calls = new Map()
  for (const name of names) calls.set(name, await callsFor(subjects[name], turn))
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const time = await perCall(subjects[name], calls.get(name), ofBatches)
      if (round >= 0) samples.get(name).push(time)
    }
  }
  return new Map(names.map((name) => [name, spread(samples.get(name))]))
}

/** The median, and the middle half of the samples. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { median: at(0.5), low: at(0.25), high: at(0.75), samples: values }
}

/** `a`'s samples over `b`'s, round by round. */
export function ratio(a, b) {
  return spread(a.samples.map((value, i) => value / b.samples[i]))
}

export function ns(value) {
  return Math.abs(value) < 1000
    ? `${value.toFixed(0)} ns`
    : Math.abs(value) < 1e6
      ? `${(value / 1000).toFixed(1)} µs`
      : `${(value / 1e6).toFixed(1)} ms`
}

/** `"120 ns [118 to 131]"`. */
export function withSpread({ median, low, high }, unit = ns) {
  return `${unit(median)} [${unit(low)} to ${unit(high)}]`
}
