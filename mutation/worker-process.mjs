/** A worker from the outside: it may hang, or end, and is then ended and started anew. */
import { fork } from 'node:child_process'

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
  function wait(limit) {
    clearTimeout(timer)
    timer = setTimeout(() => {
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
