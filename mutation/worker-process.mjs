/** A worker from the outside: it may hang, or end, and is then ended and started anew. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'

const script = new URL('worker.mjs', import.meta.url)

/** `effort`: how many random trials; a twentieth, since a mutant that only chance finds is one for a row. */
export function startWorker(folder, effort = '0.05') {
  const child = fork(script, [], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, SAFECONDUCT_EFFORT: effort, NODE_OPTIONS: '' },
  })
  let waiting
  let timer
  const settle = (answer) => {
    clearTimeout(timer)
    const { resolve } = waiting ?? {}
    waiting = undefined
    resolve?.(answer)
  }
  child.on('message', (message) => {
    if (message.at) return wait(message.at.limit)
    settle(message.thrown === undefined ? message.done : { status: 'thrown', why: message.thrown })
  })
  child.on('exit', () => settle({ status: 'ended' }))
  child.on('error', () => settle({ status: 'ended' }))
  function wait(limit, patience = mostPatience, before = processorTime(child.pid)) {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // A busy machine is no endless loop: that uses up the processor, where it is told.
      if (patience > 0 && processorTime(child.pid) - before < limit / 2) return wait(limit, patience - 1, before)
      child.kill('SIGKILL')
      settle({ status: 'late' })
    }, limit)
  }
  return {
    /** Milliseconds until the first sign of life; each step of a plan brings its own limit. */
    ask(message, limit) {
      return new Promise((resolve) => {
        waiting = { resolve }
        if (!child.connected) return settle({ status: 'ended' })
        wait(limit)
        child.send(message, (error) => (error ? settle({ status: 'ended' }) : undefined))
      })
    },
    end() {
      child.kill('SIGKILL')
    },
  }
}

/** A promise that never settles uses up no time of the processor, and is waited for no longer than so many times the limit. */
const mostPatience = 5

/** Milliseconds, of ticks of 10; endless where the system does not tell (proc(5)), so that the clock alone counts. */
function processorTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
