/** A process that runs test files one after another, as `run-tests.mjs` sees it; inside is `run-test-files.mjs`. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'

const inside = new URL('run-test-files.mjs', import.meta.url)

/**
 * `run(file)` answers what came of one file, one at a time: `result` as the process reported it, if it did; `end`, empty where
 * the process stays, or ended as it should; `output`, what was written meanwhile to stdout, then to stderr; and whether the
 * process is `reusable`. A file that takes longer than so many seconds is ended, its process with it.
 */
export function startProcess(limit) {
  // Messages and output come by different ways: this, written after each file, says that its output is complete. What
  // comes behind it is of the next file, or of what ended the process before that.
  const mark = randomUUID()
  const test = fork(inside, [mark], { silent: true })
  const files = []
  const output = { stdout: '', stderr: '' }
  let report
  let ended
  let isRunning = false
  let done = () => {}

  test.on('message', (message) => {
    report = message
    look()
  })
  for (const stream in output) {
    test[stream].setEncoding('utf8').on('data', (text) => {
      output[stream] += text
      look()
    })
  }
  test.on('error', (error) => {
    output.stderr += `${error.stack}\n`
  })
  test.on('exit', (code, signal) => {
    const finish = () => {
      ended = code === 0 ? '' : signal === null ? `exit code ${code}` : `ended by ${signal}`
      done()
    }
    // A process that the test left behind may hold the pipes open: wait for the rest of the output, not for that.
    const patience = setTimeout(() => {
      test.stdout.destroy()
      test.stderr.destroy()
      finish()
    }, 1000)
    // At the end of the run nobody waits for it.
    if (!isRunning) patience.unref()
    test.on('close', () => {
      clearTimeout(patience)
      finish()
    })
  })

  function look() {
    if (report?.reusable && output.stdout.includes(mark) && output.stderr.includes(mark)) done()
  }

  /** What was written, up to the marks; all of it where the process has ended. */
  function take() {
    const texts = Object.keys(output).map((stream) => {
      const [text, ...rest] = output[stream].split(mark)
      output[stream] = rest.join('')
      return text
    })
    return (ended === undefined ? texts : [...texts, ...Object.values(output)]).join('')
  }

  function run(file) {
    let late = false
    isRunning = true
    const timer = setTimeout(() => {
      late = true
      test.kill('SIGKILL')
    }, limit * 1000)
    return new Promise((resolve) => {
      done = () => {
        clearTimeout(timer)
        done = () => {}
        files.push(file)
        const end = late ? `longer than ${limit} s` : (ended ?? '')
        const reusable = ended === undefined
        resolve({ result: report?.result, end, output: take(), reusable })
        report = undefined
        isRunning = false
      }
      if (ended !== undefined) done()
      // Where it ended a moment ago, the end says so.
      else test.send(pathToFileURL(file).href, () => {})
    })
  }

  return { files, run, end: () => test.connected && test.disconnect() }
}
