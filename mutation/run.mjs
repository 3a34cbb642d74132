/**
 * npm run mutate -- [--file part]... [--only part]... [--tests part]... [--seconds N] [--sample N] [--workers N] [--patience N] [--quick] [--results file] [--root folder]
 *
 * Changes one thing at a time in the sources whose path has `part` in it, and sees whether a test fails: rows that reach
 * the change, quickest first. `npm run build` comes first. What was found is kept in the results file, and a later run goes on
 * from there; a source that has changed begins anew, and what survived is tried again. The exit code is 1 where a mutant
 * survived that `known.json` does not explain. `--only` takes some of the files of `--file`, and goes on with the copy that was made for all.
 * `--quick` leaves out the trials in fresh processes, which take longest: what survives is tried again by a run without it.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine } from '../scripts/command-line.mjs'
import { openResults, summary, survivors } from './results.mjs'
import { openScratch, sourcesOf, stampOfFile } from './scratch.mjs'
import { survey } from './survey.mjs'
import { trials } from './trial.mjs'

const values = commandLine(import.meta.url, {
  file: {
    type: 'string',
    multiple: true,
    default: ['core/src/evaluate/', 'core/src/pattern/', 'core/src/web/', 'fastify-plugin/src/'],
  },
  only: { type: 'string', multiple: true, default: [''] },
  tests: { type: 'string', multiple: true, default: ['/core/', '/fastify-plugin/', '/examples/'] },
  seconds: { type: 'string', default: 'Infinity' },
  sample: { type: 'string', default: 'Infinity' },
  workers: { type: 'string', default: '1' },
  patience: { type: 'string', default: '1' },
  quick: { type: 'boolean', default: false },
  results: { type: 'string' },
  root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  known: { type: 'string', default: fileURLToPath(new URL('known.json', import.meta.url)) },
  'only-report': { type: 'boolean', default: false },
})
const root = resolve(values.root)
const end = performance.now() + Number(values.seconds) * 1000
const isTimeUp = () => performance.now() > end
const home = join(tmpdir(), 'safeconduct-mutation')
const folder = join(home, [root, ...values.file].join(' ').replaceAll(/[^\w]+/g, '-'))
const results = openResults(values.results ?? join(home, `${root.replaceAll(/[^\w]+/g, '-')}.json`))
const known = existsSync(values.known) ? JSON.parse(readFileSync(values.known, 'utf8')) : []

const sources = sourcesOf(root, values.file)
if (sources.length === 0) throw new Error(`no source has ${values.file.join(' or ')} in its path`)
const scratch = await openScratch({ root, folder, sources })
const stamps = new Map(sources.map((name) => [name, stampOfFile(root, name)]))
results.forget(stamps)
const tests = scratch.tests.filter(({ file }) => values.tests.some((part) => file.includes(part)))
const stampOfTests = createHash('sha256').update(JSON.stringify(tests)).digest('hex').slice(0, 16)

const stampOfTrial = values.quick ? `quick ${stampOfTests}` : stampOfTests
const isSettled = (mutant) => results.isSettled(mutant, stampOfTests) || results.isSettled(mutant, stampOfTrial)
const chosen = scratch.mutants.filter(({ file }) => values.only.some((part) => file.includes(part)))
const mutants = sampled(chosen, Number(values.sample))
if (!values['only-report'] && !mutants.every(isSettled)) await judgeAll()
report()

async function judgeAll() {
  const { isComplete, reach } = await survey({
    folder,
    tests,
    count: scratch.mutants.length,
    workers: Number(values.workers),
    isTimeUp,
    onFile: ({ file, rows, why }) => console.log(`  ${file}: ${why ?? `${rows.length} rows`}`),
  })
  for (const fault of reach.faults.slice(0, 5)) console.log(`  left out, fails without a mutant: ${fault}`)
  if (reach.faults.length > 5) console.log(`  and ${reach.faults.length - 5} more: a row about time cannot hold here`)
  if (!isComplete) return
  const queue = mutants.filter((mutant) => !isSettled(mutant))
  console.log(`${queue.length} mutants to try`)
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async () => {
      const { judge, end: close } = trials({
        folder,
        reach,
        patience: Number(values.patience),
        isQuick: values.quick,
      })
      while (queue.length > 0 && !isTimeUp()) {
        const mutant = queue.shift()
        const start = performance.now()
        const { step: _, ...result } = await judge(mutant)
        results.add(mutant, { ...result, ms: Math.round(performance.now() - start), stamp: stampOfTrial })
      }
      close()
    }),
  )
  results.save()
}

/** In an order by chance, the same each time: so the first of them, or those of a run that is cut short, are a fair sample. */
function sampled(all, count) {
  const order = new Map(
    all.map((mutant) => [
      mutant,
      createHash('sha256')
        .update(mutant.file + mutant.key)
        .digest('hex'),
    ]),
  )
  return [...all].sort((a, b) => (order.get(a) < order.get(b) ? -1 : 1)).slice(0, count)
}

function report() {
  const judged = mutants.flatMap((mutant) => {
    const result = results.of(mutant)
    return result === undefined ? [] : [{ ...mutant, ...result }]
  })
  const { lines, unexplained } = summary(judged, known)
  for (const line of survivors(judged, known).sort()) console.log(line)
  for (const line of lines) console.log(line)
  const left = mutants.length - judged.length
  console.log(left === 0 ? 'all were tried' : `${left} of ${mutants.length} are left to try`)
  process.exitCode = unexplained > 0 ? 1 : 0
}
