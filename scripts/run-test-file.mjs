/**
 * Runs the suites of one compiled test file, the argument, in this process, and sends the counts to the parent.
 *
 * UVU_DEFER keeps uvu from running the suites itself; a run suite answers [errors, passed, skipped, total].
 */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'

globalThis.UVU_DEFER = 1
globalThis.UVU_INDEX = 0
globalThis.UVU_QUEUE = [[]]

const file = process.argv[2]
const result = { passed: 0, failed: 0, skipped: 0, skips: [], complaints: [] }

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
for (const run of globalThis.UVU_QUEUE[0]) {
  try {
    const [errors, passed, skipped, total] = await run()
    if (typeof errors === 'string') console.log(`\n${errors}`)
    if (typeof errors === 'string' && passed === total) fail('a suite reports an error and no failed test')
    result.passed += passed
    result.failed += total - passed
    result.skipped += skipped
  } catch (thrown) {
    fail('a hook after a suite threw', thrown)
  }
}

result.skips = globalThis.safeconductSkips ?? []
const announced = result.skips.reduce((sum, { rows }) => sum + rows, 0)
if (result.skipped !== announced) fail('`.only` or `.skip` is left in the file')
if (result.passed + result.failed + result.skipped === 0) fail('the file has no tests')

// One turn of the event loop: a rejection that nobody handled ends the process here, before the result is sent.
await new Promise((resolve) => setTimeout(resolve))
// Open servers and timers do not keep the process.
process.send(result, () => process.exit())

function fail(complaint, thrown) {
  result.failed += 1
  result.complaints.push(complaint)
  console.error(thrown === undefined ? complaint : `${complaint}: ${inspect(thrown)}`)
}
