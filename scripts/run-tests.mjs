/**
 * Runs compiled tests:
 *
 *   node --enable-source-maps scripts/run-tests.mjs tests/dist [filter] [--isolated] [--processes=n]
 *     [--time-limit=seconds]
 *
 * There are as many processes at a time as processors, or n, and one more for what often waits: for browsers, or for time to
 * pass. Each runs one `*.test.js` after another, for as long as they leave it as they found it (`test-traces.mjs`); after any
 * other file the next gets a new process. Only what a process reports counts: one that ends, or is ended, without a report has
 * failed. What fails in a process that ran other files is run again alone: so what is reported is the file's own fault, or that
 * it passes alone is said. `--isolated` gives every file a process.
 *
 * A filter is a part of the path. The last line is `N passed, N failed[, N skipped]`; the exit code is 1 if anything failed
 * or nothing ran.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { startProcess } from './test-process.mjs'

/** What measures the heap shares it with nobody. */
const needsOwnProcess = /support\/heap\.js'/
/** These take longest: first of all, so that the processors come to an end together. A path that is gone does no harm. */
const slowest = [
  'browsers/corpus.firefox',
  'browsers/corpus.chromium',
  'browsers/kinds',
  'browsers/cases',
  'core/evaluate/evaluate.theorem',
  'core/analysis/compare',
  'repo/cli-page',
  'repo/run-tests',
  'repo/docs',
]

const options = process.argv.slice(2)
const isolated = options.includes('--isolated')
const limit = number('--time-limit=') ?? 180
const [folder = 'tests/dist', filter = ''] = options.filter((o) => !o.startsWith('--'))
const dist = resolve(folder)
const src = join(dirname(dist), 'src')
const sum = { passed: 0, failed: 0, skipped: 0 }
const skips = []
const failures = []

const sources = testsIn(src, '.test.ts')
const compiled = testsIn(dist, '.test.js')
for (const test of compiled.filter((t) => !sources.includes(t))) {
  console.log(`- ${test}: compiled from a source that is gone, ignored`)
}
const chosen = sources.filter((test) => test.includes(filter))
if (chosen.length === 0) complain(filter === '' ? `no tests in ${src}` : `no test file's path has ${filter} in it`)
for (const test of chosen.filter((t) => !compiled.includes(t))) complain(`✘ ${test}: is not compiled`)

const runnable = chosen.filter((test) => compiled.includes(test))
const inOrder = [...slowest.filter((t) => runnable.includes(t)), ...runnable.filter((t) => !slowest.includes(t))]
const waits = (test) => test.startsWith('browsers/') || test === 'repo/run-tests'
const waiting = inOrder.filter(waits)
const others = inOrder.filter((test) => !waits(test))
const processes = number('--processes=') ?? availableParallelism()
await Promise.all([work(waiting), ...Array.from({ length: processes }, () => work(others))])

for (const { test, name, rows, why } of skips) console.log(`SKIPPED ${rows} rows of ${name} (${test}): ${why}`)
// Said again: in a long log they are lost, and where it is cut they are gone.
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`)
process.exitCode = sum.failed > 0 ? 1 : 0

async function work(queue) {
  let shared
  for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
    const file = join(dist, `${test}.test.js`)
    const start = performance.now()
    if (isolated || needsOwnProcess.test(readFileSync(file, 'utf8'))) {
      report(test, await alone(file), start)
      continue
    }
    shared ??= startProcess(limit)
    const before = shared.files.map((f) => relative(dist, f).replace('.test.js', ''))
    const outcome = await shared.run(file)
    if (!outcome.reusable) shared = undefined
    report(test, isGood(outcome) || before.length === 0 ? outcome : await blame(file, outcome, before), start)
  }
  shared?.end()
}

async function alone(file) {
  const own = startProcess(limit)
  const outcome = await own.run(file)
  own.end()
  return outcome
}

/** Whose fault it is that a file failed in a process where others ran before. */
async function blame(file, outcome, before) {
  const own = await alone(file)
  if (!isGood(own)) return own
  return { ...outcome, note: `, but passes alone, not after ${before.join(', ')}` }
}

function isGood({ result, end }) {
  return result?.failed === 0 && end === ''
}

function report(test, { result, end, output, note = '' }, start) {
  const { passed = 0, failed = 0, skipped = 0, complaints = ['ended without a result'] } = result ?? {}
  const counts = { passed, failed: failed + (result === undefined || end !== '' ? 1 : 0), skipped }
  for (const kind in sum) sum[kind] += counts[kind]
  skips.push(...(result?.skips ?? []).map((skip) => ({ test, ...skip })))
  const why = end === '' ? complaints : [end]
  const line = `${test}: ${[inWords(counts), ...why].join(', ')}, ${Math.round(performance.now() - start)} ms`
  if (counts.failed === 0) return console.log(`✔ ${line}`)
  console.log(`\n✘ ${line}${note}\n${output}`)
  failures.push(`${line}${note}`, ...Array.from(output.matchAll(/^ +FAIL +(.+)$/gm), ([, row]) => `  ${row}`))
}

function inWords(counts) {
  const kinds = Object.keys(counts).filter((kind) => kind === 'passed' || counts[kind] > 0)
  return kinds.map((kind) => `${counts[kind]} ${kind}`).join(', ')
}

function number(option) {
  const given = options.find((o) => o.startsWith(option))
  return given && Number(given.slice(option.length))
}

function complain(complaint) {
  console.log(complaint)
  sum.failed += 1
}

/** Paths below the folder, without the ending, sorted. */
function testsIn(root, ending) {
  if (!existsSync(root) || !statSync(root).isDirectory()) return []
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).slice(0, -ending.length))
    .sort()
}
