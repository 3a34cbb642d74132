/** Batches of trials, area by area, and what they come to. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import { heldNow } from '../support/heap.js'
import type { Area } from './area.js'
import type { Json } from './edits.js'
import { reduced } from './reduce.js'

export interface Finding {
  readonly area: string
  readonly where: string
  readonly input: Json
  /** What went wrong, and the rows to paste. */
  readonly text: string
}

interface Tally {
  readonly name: string
  readonly runs: number
  readonly ms: number
  readonly slowest: number
}

export interface Fuzzed {
  readonly tallies: readonly Tally[]
  readonly findings: readonly Finding[]
  /** Megabytes that are held after the first round and after the last. */
  readonly memory: readonly [before: number, after: number]
}

export interface Plan {
  readonly seed: number
  readonly isTimeUp?: () => boolean
  /** Times that each area has its turn; no limit by default. */
  readonly rounds?: number
  readonly onFinding?: (finding: Finding) => void
  /** Trials in a batch. */
  readonly batch?: number
}

/** An area whose batches have failed this many times is left alone. */
const enough = 5
/** Milliseconds for one input, all that is asked of it together. */
const slowest = 4000

/** Areas take turns, a batch each; next comes the one that had the least time, so that a slow one does not have it all. */
export function fuzz(areas: readonly Area[], plan: Plan): Fuzzed {
  const { seed, isTimeUp = () => false, rounds = Number.POSITIVE_INFINITY, onFinding, batch = 40 } = plan
  const turns = areas.map((each) => ({ each, name: each.name, batches: 0, runs: 0, ms: 0, slowest: 0, found: 0 }))
  const findings: Finding[] = []
  let before: number | undefined
  while (!isTimeUp()) {
    const open = turns.filter(({ batches, found }) => batches < rounds && found < enough)
    const [turn] = open.sort((a, b) => a.ms - b.ms)
    if (turn === undefined) break
    const start = performance.now()
    const timed = (input: unknown): void => {
      const began = performance.now()
      turn.each.check(input)
      turn.runs++
      turn.slowest = Math.max(turn.slowest, performance.now() - began)
    }
    const failed = firstFailure(turn.each, timed, seed + turn.batches++, batch)
    turn.ms += performance.now() - start
    if (turns.every(({ batches }) => batches > 0)) before ??= megabytes()
    if (failed === undefined) continue
    turn.found++
    const finding = findingOf(turn.each, failed.input)
    if (findings.some(({ area, where }) => area === finding.area && where === finding.where)) continue
    findings.push(finding)
    onFinding?.(finding)
  }
  const tallies = turns.map(({ name, runs, ms, slowest: most }) => ({ name, runs, ms, slowest: most }))
  return { tallies, findings, memory: [before ?? megabytes(), megabytes()] }
}

function firstFailure(
  { inputs }: Area,
  check: (input: unknown) => void,
  seed: number,
  numRuns: number,
): { readonly input: Json } | undefined {
  const run = fc.check(
    fc.property(inputs, (input) => check(input)),
    { seed, numRuns },
  )
  return run.failed ? { input: JSON.parse(JSON.stringify(run.counterexample?.[0])) as Json } : undefined
}

/** The failing input made as small as it fails in the same place; told as drawn where it passes when it comes from JSON. */
export function findingOf(each: Area, drawn: Json): Finding {
  const failure = failureOf(each, drawn)
  const input =
    failure === undefined ? drawn : reduced(drawn, (smaller) => failureOf(each, smaller)?.where === failure.where)
  const why = failureOf(each, input)?.why ?? 'it failed once, and not again from its JSON'
  const row = { name: `found by fuzzing: ${why.split('\n', 1)[0]}`.slice(0, 120), area: each.name, input }
  const file = failure === undefined ? undefined : each.caseFile?.(input)
  const text = [
    `✘ ${each.name}: ${each.about}`,
    why,
    'a row of tests/corpus/inputs/:',
    JSON.stringify(row),
    ...(file === undefined ? [] : ['a file of tests/corpus/, or its cases in another:', JSON.stringify(file, null, 2)]),
  ].join('\n')
  return { area: each.name, where: failure?.where ?? '', input, text }
}

export interface Failure {
  readonly why: string
  /** The same for failures of one kind: the error's name and the place that threw it. */
  readonly where: string
}

/** Why the check of an area does not hold of an input; undefined where it does. */
export function failureOf({ check }: Area, input: unknown, most = slowest): Failure | undefined {
  try {
    const start = performance.now()
    check(input)
    const took = performance.now() - start
    return took > most ? { why: `takes ${Math.round(took)} ms`, where: 'time' } : undefined
  } catch (thrown) {
    if (!(thrown instanceof Error)) return { why: inspect(thrown), where: 'no error' }
    const frame = /^ +at .*$/m.exec(thrown.stack ?? '')?.[0].trim() ?? ''
    return { why: `${thrown.name}: ${thrown.message}`.slice(0, 4000), where: `${thrown.name} ${frame}` }
  }
}

function megabytes(): number {
  return heldNow() / 2 ** 20
}

export function report({ tallies, findings, memory: [before, after] }: Fuzzed): readonly string[] {
  const total = tallies.reduce((sum, { runs }) => sum + runs, 0)
  return [
    ...tallies.map(
      ({ name, runs, ms, slowest: most }) =>
        `${name}: ${runs} inputs in ${(ms / 1000).toFixed(1)} s, the slowest took ${Math.ceil(most)} ms`,
    ),
    `${total} inputs, ${findings.length} findings; ${before.toFixed(0)} MB are held after the first round, ${after.toFixed(0)} MB at the end`,
  ]
}
