/**
 * A line on standard error while work goes on for more than a second. The work does not yield, so no timer of this thread
 * would fire: another thread draws the line, straight to the file descriptor.
 */
import { Worker } from 'node:worker_threads'
import type { Io, Progress } from './io.js'

/** What the drawing thread is told. */
export interface Drawing {
  readonly what: string
  /** One `Int32`: 1 as soon as something is drawn. */
  readonly drawn: SharedArrayBuffer
}

export function showProgress(what: string): Progress {
  const drawn = new SharedArrayBuffer(4)
  const drawing: Drawing = { what, drawn }
  const worker = new Worker(new URL('./progress-line.js', import.meta.url), { workerData: drawing, execArgv: [] })
  worker.unref()
  // Work is done all the same where no thread can be had.
  worker.on('error', () => undefined)
  return {
    stop: async () => {
      await worker.terminate()
      if (Atomics.load(new Int32Array(drawn), 0) === 1) process.stderr.write('\r\u001b[2K')
    },
  }
}

export async function withProgress<T>(
  what: string,
  { progress }: Pick<Io, 'progress'>,
  work: () => Promise<T>,
): Promise<T> {
  const line = progress?.(what)
  try {
    return await work()
  } finally {
    await line?.stop()
  }
}
