/** The thread that draws the progress line; `progress.ts` starts and ends it. */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { Drawing } from './progress.js'

const { what, drawn } = workerData as Drawing
const flag = new Int32Array(drawn)
let seconds = 0

setInterval(() => {
  seconds++
  Atomics.store(flag, 0, 1)
  try {
    writeSync(2, `\rsafeconduct ${what}: ${seconds} s…`)
  } catch {
    // A terminal that takes nothing just now misses a second.
  }
}, 1000)
