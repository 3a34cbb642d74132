/** What was found of each mutant, kept in a file, and what it comes to. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export function openResults(path) {
  const files = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  let unsaved = 0
  return {
    /** Results of a source hold as long as it does. */
    forget(stamps) {
      for (const [file, stamp] of stamps) if (files[file]?.stamp !== stamp) files[file] = { stamp, mutants: {} }
    },
    of({ file, key }) {
      return files[file]?.mutants[key]
    },
    /** A mutant that was killed stays so; one that was not may be by the tests of another day. */
    isSettled(mutant, stamp) {
      const result = this.of(mutant)
      return result !== undefined && (isKilled(result) || result.stamp === stamp)
    },
    add({ file, key }, result) {
      files[file].mutants[key] = result
      if (++unsaved >= 5) this.save()
    },
    save() {
      unsaved = 0
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, JSON.stringify(files))
    },
  }
}

export function isKilled({ status }) {
  return status === 'killed' || status === 'timeout'
}

/** The entry of `known.json` that speaks of a mutant: of the same file and the same change. */
export function knownOf(known, { file, original, replacement }) {
  return known.find(
    (entry) => entry.file === file && entry.changes.some(([from, to]) => from === original && to === replacement),
  )
}

export function survivors(judged, known) {
  return judged
    .filter((mutant) => !isKilled(mutant))
    .map((mutant) => {
      const { file, line, mutator, original, replacement, status, why } = mutant
      const entry = knownOf(known, mutant)
      const verdict = entry === undefined ? '' : ` [${entry.kind}: ${entry.reason}]`
      return `${file}:${line} ${status} ${mutator}: ${shown(original)} → ${shown(replacement)}${verdict}${why ? ` (${why})` : ''}`
    })
}

function shown(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 160 ? `${line.slice(0, 100)} … ${line.slice(-40)}` : line
}

/** A line for each folder, and one for all: equivalent mutants do not count. */
export function summary(judged, known) {
  const folders = new Map()
  for (const mutant of judged) {
    const name = mutant.file.slice(0, mutant.file.lastIndexOf('/'))
    folders.set(name, [...(folders.get(name) ?? []), mutant])
  }
  const lines = [...folders, ...(folders.size > 1 ? [['all', judged]] : [])].map(([name, list]) =>
    lineOf(name, list, known),
  )
  const unexplained = judged.filter((mutant) => !isKilled(mutant) && knownOf(known, mutant) === undefined).length
  return { lines, unexplained }
}

function lineOf(name, list, known) {
  const count = (status) => list.filter((mutant) => mutant.status === status).length
  const equivalent = list.filter((mutant) => !isKilled(mutant) && knownOf(known, mutant)?.kind === 'equivalent').length
  const killed = count('killed') + count('timeout')
  const share = ((100 * killed) / Math.max(1, list.length - equivalent)).toFixed(1)
  return `${name}: ${list.length} mutants, ${count('killed')} killed, ${count('timeout')} timed out, ${count('survived')} survived, ${count('unreached')} unreached, ${equivalent} of these equivalent: ${share} %`
}
