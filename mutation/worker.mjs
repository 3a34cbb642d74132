/**
 * Runs rows of tests in a process of its own, with a mutant switched on or none. `load` takes test files in, each once;
 * `survey` says what a file's rows reach and how long they take; `run` runs rows until one fails.
 */

import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const mutants = { activeMutant: undefined, counters: undefined, hitCount: undefined, hitLimit: 0 }
globalThis.__stryker__ = mutants
globalThis.safeconductTables = []

/** By test file. */
const loaded = new Map()
let broken

process.on('uncaughtException', (thrown) => {
  broken ??= thrown
})
process.on('unhandledRejection', (thrown) => {
  broken ??= thrown
})
process.on('message', async (message) => {
  try {
    process.send({ done: await commands[message.command](message) })
  } catch (thrown) {
    process.send({ thrown: String(thrown?.stack ?? thrown) })
  }
})

const commands = { survey, run }

async function load(file) {
  const known = loaded.get(file)
  if (known) return known
  const seed = 'tests/dist/support/seed.js'
  if (existsSync(seed)) await import(pathToFileURL(seed))
  const before = globalThis.safeconductTables.length
  await import(pathToFileURL(file))
  const rows = globalThis.safeconductTables
    .slice(before)
    .flatMap((table) => table.rows.map(([sentence, check]) => ({ table, sentence, check })))
  loaded.set(file, rows)
  return rows
}

async function survey({ file, count }) {
  mutants.counters = new Float64Array(count)
  const rows = await load(file)
  const atLoad = reached().map(([mutant]) => mutant)
  const answers = []
  for (const [index, row] of rows.entries()) {
    const start = performance.now()
    const failure = await attempt(row)
    const ms = performance.now() - start
    answers.push({ index, table: row.table.name, sentence: row.sentence, ms, failure, reached: reached() })
  }
  return { file, rows: answers, atLoad }
}

/** How often each mutant was since the last time, by its id. */
function reached() {
  const list = []
  for (const [id, times] of mutants.counters.entries()) if (times > 0) list.push([`${id}`, times])
  mutants.counters.fill(0)
  return list
}

/** Undefined where the row holds. */
async function attempt({ table: { hooks }, check }) {
  broken = undefined
  try {
    await hooks.before?.()
    await hooks.beforeEach?.()
    try {
      await check()
    } finally {
      await hooks.afterEach?.()
    }
    // A rejection that nobody handles comes a turn later.
    await new Promise((resolve) => setImmediate(resolve))
    if (broken !== undefined) throw broken
    return undefined
  } catch (thrown) {
    return String(thrown?.message ?? thrown).slice(0, 300) || 'failed'
  } finally {
    await Promise.resolve(hooks.after?.()).catch(() => {})
  }
}

/**
 * `plan`: rows, each with its file, its number in it, and how often it may reach the mutant. `early`: the mutant is on
 * while files are loaded; then nothing can be held against a run without it.
 */
async function run({ mutant, plan, early }) {
  if (early) mutants.activeMutant = mutant
  for (const step of plan) {
    process.send({ at: step })
    let row
    try {
      row = (await load(step.file))[step.index]
    } catch (thrown) {
      return early
        ? { status: 'killed', by: `${step.file}: cannot be loaded` }
        : { status: 'unfit', why: String(thrown) }
    }
    if (row === undefined)
      return early ? { status: 'killed', by: `${step.file}: a row is gone` } : { status: 'unfit', why: 'no such row' }
    const failing = await withMutant(mutant, row, step)
    if (failing === undefined) continue
    const by = `${step.file}: ${row.table.name}: ${row.sentence}`
    if (failing === 'endless') return { status: 'timeout', by }
    if (!early && (await withMutant(undefined, row, step)) !== undefined)
      return { status: 'unfit', why: `${by} fails without the mutant` }
    if ((await withMutant(mutant, row, step)) !== undefined) return { status: 'killed', by, step }
  }
  return { status: 'survived' }
}

async function withMutant(mutant, row, { hits }) {
  mutants.activeMutant = mutant
  mutants.hitCount = 0
  // How often a mutant may be reached is known of the rows that were seen to reach it.
  mutants.hitLimit = hits === undefined ? Number.POSITIVE_INFINITY : hits * 100 + 100_000
  const failure = await attempt(row)
  const isEndless = mutants.hitCount > mutants.hitLimit
  mutants.activeMutant = undefined
  return isEndless ? 'endless' : failure
}
