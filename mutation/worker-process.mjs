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
    clearInterval(timer)
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
  function wait(limit) {
    clearInterval(timer)
    const start = performance.now()
    const before = processorOf(child.pid).ms
    let last = { at: start, ms: before }
    timer = setInterval(() => {
      const now = performance.now()
      const { ms, isAsleep } = processorOf(child.pid)
      if (!isAsleep || ms - last.ms > 20) last = { at: now, ms }
      // A busy machine is no endless loop: that uses up the processor, where it is told. Nor is it a promise that never
      // settles: a process that the machine has no time for waits for its turn, and does not sleep.
      const isIdle = now - last.at > 1000 + limit / 4
      const isStarved = ms - before < limit / 2 && now - start < mostPatience * limit
      if (!isIdle && (now - start < limit || isStarved)) return
      child.kill('SIGKILL')
      settle({ status: 'late' })
    }, 200)
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

/** A process that gets little of the processor is waited for no longer than so many times the limit. */
const mostPatience = 6

/** Milliseconds, of ticks of 10; endless where the system does not tell (proc(5)), so that the clock alone counts. */
function processorOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return { ms: (Number(fields[11]) + Number(fields[12])) * 10, isAsleep: fields[0] === 'S' }
  } catch {
    return { ms: Number.POSITIVE_INFINITY, isAsleep: false }
  }
}
