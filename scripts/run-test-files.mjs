/**
 * Inside a process of `test-process.mjs`: runs the suites of each compiled test file that the parent names, and sends the
 * counts. A process that a file did not leave as it was is not asked again: it ends.
 *
 * UVU_DEFER keeps uvu from running the suites itself; a run suite answers [errors, passed, skipped, total].
 */
import { readFileSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { changes, traces } from './test-traces.mjs'

const [, , mark] = process.argv
const streams = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream))
const suites = []
const skips = []
globalThis.UVU_DEFER = 1
globalThis.UVU_INDEX = 0
globalThis.UVU_QUEUE = [suites]
globalThis.safeconductSkips = skips
let before

process.on('disconnect', () => process.exit())
process.on('message', async (file) => {
  // While a test runs, nothing but the test keeps the process: what waits for ever ends it.
  process.channel.unref()
  await turn()
  before ??= traces()
  const result = await run(file)
  // A rejection that nobody handled ends the process here, before the result is sent.
  await turn()
  const reusable = changes(before, traces()).length === 0
  await Promise.all(streams.map((write) => new Promise((resolve) => write(mark, resolve))))
  // Open servers and timers do not keep the process.
  process.send({ result, reusable }, () => reusable || process.exit())
  process.channel.ref()
})

/** One turn of the event loop: what was to be done at once is done. */
async function turn() {
  await setTimeout()
  await setImmediate()
}

async function run(file) {
  const result = { passed: 0, failed: 0, skipped: 0, skips, complaints: [] }
  const fail = (complaint, thrown) => {
    result.failed += 1
    result.complaints.push(complaint)
    console.error(thrown === undefined ? complaint : `${complaint}: ${inspect(thrown)}`)
  }
  suites.length = 0
  skips.length = 0
  try {
    // Importing fast-check costs as much as many a file of tests takes, so only those that come to it are seeded.
    if (/fast-check|support\/(?:generate|holds|theorem)/.test(readFileSync(new URL(file), 'utf8'))) {
      await import(file.replace(/\/dist\/.*$/, '/dist/support/seed.js'))
    }
    await import(file)
  } catch (thrown) {
    fail('the file cannot be loaded', thrown)
  }

  // A suite that joins the queue while another runs is run too.
  for (const suite of suites) {
    try {
      const [errors, passed, skipped, total] = await suite()
      if (typeof errors === 'string') console.log(`\n${errors}`)
      if (typeof errors === 'string' && passed === total) fail('a suite reports an error and no failed test')
      result.passed += passed
      result.failed += total - passed
      result.skipped += skipped
    } catch (thrown) {
      fail('a hook after a suite threw', thrown)
    }
  }

  const announced = skips.reduce((sum, { rows }) => sum + rows, 0)
  if (result.skipped !== announced) fail('`.only` or `.skip` is left in the file')
  if (result.passed + result.failed + result.skipped === 0) fail('the file has no tests')
  return result
}
