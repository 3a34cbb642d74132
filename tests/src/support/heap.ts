/** How much of the heap is held, and how much is used up, by calls that are made very often. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function used(): number {
  return process.memoryUsage().heapUsed
}

/** Bytes of the heap in use, garbage collected. */
export function settledHeap(): number {
  collect()
  return used()
}

/** Bytes that are still held after so many calls, garbage collected. */
export function held(run: (i: number) => unknown, calls: number): number {
  // What is made once, compiled code among it, is not counted.
  for (let i = 0; i < calls / 10; i++) run(i)
  collect()
  const before = used()
  for (let i = 0; i < calls; i++) run(i)
  collect()
  return used() - before
}

/** Of so many rounds the median is taken, since in some of them the engine collects or compiles. */
const counted = 11
const most = 10 * counted

/**
 * Bytes that one call allocates, garbage or not. The least object has 12 bytes; less than one byte is nothing. Where it is
 * more the rounds go on for a while: on a busy machine the engine is late to compile what allocates nothing then.
 */
export function allocated(run: () => unknown, calls = 20_000): number {
  const rounds = Array.from({ length: counted }, () => round(run, calls))
  while (median(rounds.slice(-counted)) >= 1 && rounds.length < most) rounds.push(round(run, calls))
  return median(rounds.slice(-counted))
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

function round(run: () => unknown, calls: number): number {
  collect()
  const before = used()
  for (let i = 0; i < calls; i++) run()
  return (used() - before) / calls
}
