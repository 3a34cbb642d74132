/** How much of the heap is held, and how much is used up, by calls that are made very often. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function used(): number {
  return process.memoryUsage().heapUsed
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

/**
 * Bytes that one call allocates, garbage or not: the median of many rounds, since in some of them the engine collects or
 * compiles. The least object has 12 bytes; less than one byte is nothing.
 */
export function allocated(run: () => unknown, calls = 20_000): number {
  for (let i = 0; i < 5; i++) round(run, calls)
  const rounds = Array.from({ length: 21 }, () => round(run, calls))
  return rounds.sort((a, b) => a - b)[10] ?? Number.NaN
}

function round(run: () => unknown, calls: number): number {
  collect()
  const before = used()
  for (let i = 0; i < calls; i++) run()
  return (used() - before) / calls
}
