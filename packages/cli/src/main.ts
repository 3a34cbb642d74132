/** The process around the command: its streams, its environment, its exit code. */
import { wantsColour } from './colour.js'
import { run } from './program.js'
import { showProgress } from './progress.js'

// A reader that has seen enough, as `head` does, is no fault of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  colour: wantsColour(process.env, process.stdout.isTTY === true),
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ...(process.stderr.isTTY === true ? { progress: showProgress } : {}),
  today: new Date().toISOString().slice(0, 10),
})
