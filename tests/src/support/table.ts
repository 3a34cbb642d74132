/**
 * The only loop over tests. A table is one uvu suite; a row is a sentence and the check that it is true.
 *
 * uvu passes some broken files in silence: no test at all, a suite that is never run, a hook that throws, a thrown
 * non-Error (which takes the rest of the suite with it). Here they fail: a table runs itself and refuses to be empty,
 * and everything thrown is an Error before uvu sees it. `scripts/run-tests.mjs` closes the rest by counting.
 */
import { inspect, types } from 'node:util'
import { suite } from 'uvu'

export type Check = () => void | Promise<void>

export type Row = readonly [sentence: string, check: Check]

/** Run once around all rows of a table, or around each; a hook that throws is shown and fails the table. */
export interface Hooks {
  readonly before?: Check
  readonly after?: Check
  readonly beforeEach?: Check
  readonly afterEach?: Check
}

/** Runs every row as a test of its own. No rows, or two rows with the same sentence, throw at once. */
export function table(name: string, rows: Iterable<Row>, hooks: Hooks = {}): void {
  const tests = suite(name)
  for (const [sentence, check] of distinct(name, rows)) tests(sentence, () => orError(check))
  if (hooks.before) tests.before(shown(`before ${name}`, hooks.before))
  if (hooks.after) tests.after(shown(`after ${name}`, hooks.after))
  if (hooks.beforeEach) tests.before.each(shown(`before a row of ${name}`, hooks.beforeEach))
  if (hooks.afterEach) tests.after.each(shown(`after a row of ${name}`, hooks.afterEach))
  tests.run()
}

/**
 * Counts the rows as skipped and says so, for what a machine may lack (a browser). The runner fails on any skipped
 * row that was not announced here: that is a forgotten `.only` or `.skip`.
 */
export function skipTable(name: string, rows: Iterable<Row>, why: string): void {
  const tests = suite(name)
  const skipped = distinct(name, rows)
  for (const [sentence, check] of skipped) tests.skip(sentence, check)
  announced().push({ name, rows: skipped.length, why })
  console.error(`SKIPPED ${skipped.length} rows of ${name}: ${why}`)
  tests.run()
}

/** The skips of this process, where `scripts/run-test-files.mjs` looks for them. */
function announced(): { name: string; rows: number; why: string }[] {
  const place = globalThis as { safeconductSkips?: { name: string; rows: number; why: string }[] }
  place.safeconductSkips ??= []
  return place.safeconductSkips
}

function distinct(name: string, rows: Iterable<Row>): Row[] {
  const list = [...rows]
  if (list.length === 0) throw new Error(`the table ${inspect(name)} has no rows`)
  const seen = new Set<string>()
  for (const [sentence] of list) {
    if (seen.has(sentence)) throw new Error(`the table ${inspect(name)} has two rows ${inspect(sentence)}`)
    seen.add(sentence)
  }
  return list
}

async function orError(check: Check): Promise<void> {
  try {
    await check()
  } catch (thrown) {
    throw presentable(thrown)
  }
}

/**
 * uvu formats the error before it counts it, and a throw in there loses the suite: a missing stack does it, and so can
 * its diff of an AssertionError's values. Hence a plain error with the same words and the same frames. The words of
 * node:assert hold its own diff; uvu/assert has its diff in `details`, which is kept.
 */
function presentable(thrown: unknown): Error {
  if (!(thrown instanceof Error || types.isNativeError(thrown))) {
    return new Error(`threw ${inspect(thrown)}, which is not an Error`)
  }
  const frames = String(thrown.stack ?? '').match(/^ +at .*$/gm) ?? []
  const details = 'details' in thrown && typeof thrown.details === 'string' ? { details: thrown.details } : {}
  const cause = thrown.cause === undefined ? '' : `\n    caused by ${inspect(thrown.cause)}`
  return Object.assign(new Error(`${thrown.message}${cause}`), {
    stack: [thrown.name, ...frames].join('\n'),
    ...details,
  })
}

/** uvu swallows what a hook throws; the count shows that something was lost, this shows what. */
function shown(where: string, hook: Check): Check {
  return async () => {
    try {
      await hook()
    } catch (thrown) {
      console.error(`${where}:`, thrown)
      throw presentable(thrown)
    }
  }
}
