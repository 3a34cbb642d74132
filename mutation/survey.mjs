/** Which rows of which tests reach which mutant, and how long they take without one. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorker } from './worker-process.mjs'

/** `onFile` is called with each test file that was looked at. Files that fail without a mutant are left out, and named. */
export async function survey({ folder, tests, count, workers, onFile, isTimeUp }) {
  const kept = join(folder, 'survey.json')
  const known = new Map(existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [])
  const isKnown = ({ file, stamp }) => known.get(file)?.stamp === stamp
  const queue = tests.filter((test) => !isKnown(test))
  await Promise.all(Array.from({ length: workers }, work))
  return { isComplete: tests.every(isKnown), reach: reachOf(tests.filter(isKnown).map(({ file }) => known.get(file))) }

  async function work() {
    while (queue.length > 0 && !isTimeUp()) {
      const { file, stamp } = queue.shift()
      const worker = startWorker(folder)
      const answer = await worker.ask({ command: 'survey', file, count }, 300_000)
      worker.end()
      const found = answer.rows ? answer : { file, rows: [], atLoad: [], why: answer.why ?? answer.status }
      known.set(file, { ...found, stamp })
      writeFileSync(kept, JSON.stringify([...known]))
      onFile(found)
    }
  }
}

/** `rowsOf` a mutant: quickest first. `filesOf` a mutant: those that reach it while they are loaded, with all their rows. `stepsOf` a file: its rows. */
function reachOf(files) {
  const rowsOf = new Map()
  const filesOf = new Map()
  const stepsOf = new Map()
  const faults = []
  for (const { file, rows, atLoad, why } of files) {
    if (why !== undefined) faults.push(`${file}: ${why}`)
    const steps = new Map()
    for (const { index, table, sentence, ms, failure, reached } of rows) {
      if (failure !== undefined) faults.push(`${file}: ${table}: ${sentence}: ${failure.split('\n', 1)}`)
      else steps.set(index, { file, index, ms, limit: ms * 10 + 3000 })
      for (const [mutant, hits] of reached) {
        if (failure === undefined) push(rowsOf, mutant, { ...steps.get(index), hits })
      }
    }
    const all = [...steps.values()].sort((a, b) => a.ms - b.ms)
    stepsOf.set(file, all)
    const ms = all.reduce((sum, step) => sum + step.ms, 0)
    for (const mutant of atLoad) push(filesOf, mutant, { file, ms, steps: all })
  }
  for (const rows of rowsOf.values()) rows.sort((a, b) => a.ms - b.ms)
  return { rowsOf, filesOf, stepsOf, faults }
}

function push(map, key, value) {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
