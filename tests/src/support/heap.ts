/** How much of the heap is held, and how much is used up, by calls that are made very often. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
// The engine compiles what runs often beside it: on a busy machine too late to be measured. Now it compiles at once.
setFlagsFromString('--no-concurrent-recompilation')
const collect: () => void = runInNewContext('gc')

/** Bytes that are held now, garbage collected. */
export function heldNow(): number {
  collect()
  return used()
}

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

/**
 * Bytes that one call allocates, garbage or not: the median of some rounds, each of so many calls that what the engine takes
 * when it compiles them anew, some hundred kilobytes, is no more than a byte or two for each. The least object has 12.
 */
export function allocated(run: () => unknown, calls = 200_000): number {
  round(run, calls)
  const rounds = Array.from({ length: 7 }, () => round(run, calls))
  return rounds.sort((a, b) => a - b)[3] ?? Number.NaN
}

function round(run: () => unknown, calls: number): number {
  collect()
  const before = used()
  for (let i = 0; i < calls; i++) run()
  return (used() - before) / calls
}
