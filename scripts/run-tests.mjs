/**
 * Runs compiled tests: node --enable-source-maps scripts/run-tests.mjs tests/dist [filter] [--time-limit=seconds]
 *
 * Each `*.test.js` is run in a process of its own, as many at a time as there are processors, and only what it
 * reports counts: a process that ends, or is ended, without a report has failed. A filter is a part of the path.
 * The last line is `N passed, N failed[, N skipped]`; the exit code is 1 if anything failed or nothing ran.
 */
import { fork } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const child = new URL('run-test-file.mjs', import.meta.url)
const options = process.argv.slice(2)
const limit = Number(options.find((o) => o.startsWith('--time-limit='))?.split('=')[1] ?? 180)
const [folder = 'tests/dist', filter = ''] = options.filter((o) => !o.startsWith('--'))
const dist = resolve(folder)
const src = join(dirname(dist), 'src')
const sum = { passed: 0, failed: 0, skipped: 0 }
const skips = []

const sources = testsIn(src, '.test.ts')
const compiled = testsIn(dist, '.test.js')
for (const test of compiled.filter((t) => !sources.includes(t))) {
  console.log(`- ${test}: compiled from a source that is gone, ignored`)
}
const chosen = sources.filter((test) => test.includes(filter))
if (chosen.length === 0) complain(filter === '' ? `no tests in ${src}` : `no test file's path has ${filter} in it`)
for (const test of chosen.filter((t) => !compiled.includes(t))) complain(`✘ ${test}: is not compiled`)

const queue = chosen.filter((test) => compiled.includes(test))
await Promise.all(Array.from({ length: availableParallelism() }, work))

for (const { test, name, rows, why } of skips) console.log(`SKIPPED ${rows} rows of ${name} (${test}): ${why}`)
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`)
process.exitCode = sum.failed > 0 ? 1 : 0

async function work() {
  for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
    const start = performance.now()
    const { result, end, output } = await run(join(dist, `${test}.test.js`))
    const time = `${Math.round(performance.now() - start)} ms`
    if (result === undefined || end !== '') {
      console.log(`\n✘ ${test}: ${end || 'ended without a result'}, ${time}\n${output}`)
      sum.passed += result?.passed ?? 0
      sum.failed += (result?.failed ?? 0) + 1
      continue
    }
    sum.passed += result.passed
    sum.failed += result.failed
    sum.skipped += result.skipped
    skips.push(...result.skips.map((skip) => ({ test, ...skip })))
    const why = result.complaints.map((c) => `, ${c}`).join('')
    if (result.failed > 0) console.log(`\n✘ ${test}: ${result.failed} failed${why}, ${time}\n${output}`)
    else console.log(`✔ ${test}: ${result.passed} passed, ${time}`)
  }
}

/** `end` is empty where the process ended as it should; output is all that it wrote. */
function run(file) {
  return new Promise((done) => {
    let result
    let output = ''
    let late = false
    const test = fork(child, [pathToFileURL(file).href], { silent: true })
    const timer = setTimeout(() => {
      late = true
      test.kill('SIGKILL')
    }, limit * 1000)
    for (const stream of [test.stdout, test.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    test.on('message', (message) => {
      result = message
    })
    test.on('error', (error) => {
      output += `${error.stack}\n`
    })
    test.on('exit', (code, signal) => {
      clearTimeout(timer)
      const ending = signal === null ? `exit code ${code}` : `ended by ${signal}`
      const end = late ? `longer than ${limit} s` : code === 0 ? '' : ending
      const finish = () => done({ result, end, output })
      // A process that the test left behind may hold the pipes open: wait for the rest of the output, not for that.
      const patience = setTimeout(() => {
        test.stdout.destroy()
        test.stderr.destroy()
        finish()
      }, 1000)
      test.on('close', () => {
        clearTimeout(patience)
        finish()
      })
    })
  })
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
