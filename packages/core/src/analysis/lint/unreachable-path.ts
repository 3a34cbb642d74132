/**
 * A glob all of whose paths are decided by narrower ones, so that the policy means the same without it:
 *
 *     L(p) ⊆ ∪ { L(q) : L(q) ⊊ L(p) }, or an earlier glob of the same rule has the same language
 *
 * Nobody can meet a rule by it, whatever its grants say.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { findWord } from '../../pattern/language.js'
import { mayOverlap } from '../../pattern/overlaps.js'
import { foundPath, pathFamily, pathSpace } from '../../pattern/path-index.js'
import type { PathPattern } from '../../pattern/path-pattern.js'
import { matchesWords } from '../../pattern/states.js'
import type { LintedPolicy } from '../linted.js'

interface Placed {
  readonly pattern: PathPattern
  readonly at: string
  readonly rule: number
}

export function* unreachablePath({ policy }: LintedPolicy): Iterable<Diagnostic> {
  const globs = policy.rules.flatMap(({ patterns }, rule) =>
    patterns.map((pattern, i): Placed => ({ pattern, at: `/rules/${rule}/paths/${i}`, rule })),
  )
  for (const [i, others] of overlapping(globs).entries()) {
    const glob = globs[i] as Placed
    const near = others.map((j) => globs[j] as Placed)
    if (plainPaths(glob.pattern).some((words) => !near.some(({ pattern }) => matchesWords(pattern.language, words))))
      continue
    const deciding = decidingInstead(glob, near, globs)
    const path = deciding.length === 0 ? undefined : foundPath(findWord(pathSpace, [glob.pattern.language], []))
    if (path === undefined) continue
    // Where the rule decides all the same, a text stands twice; where another one does, its author is mistaken.
    const severity = deciding.every(({ rule }) => rule === glob.rule) ? 'info' : 'warning'
    const texts = deciding.map(({ pattern }) => pattern.text)
    yield diagnose('unreachable-path', glob.at, [glob.pattern.text, path, texts], {
      severity,
      remove: true,
      witness: { method: 'GET', path },
    })
  }
}

/** Paths of the glob that hardly another matches: most globs are seen to decide one, and need no search. */
function plainPaths({ language }: PathPattern): readonly (readonly string[])[] {
  return language.map((steps) =>
    steps.map((step) => {
      if (step.kind === 'literal') return step.text
      return step.kind === 'affix' ? `${step.prefix}0${step.suffix}` : '0'
    }),
  )
}

/** By index: the globs that may have a path in common with this one. */
function overlapping(globs: readonly Placed[]): readonly (readonly number[])[] {
  const found: number[][] = globs.map(() => [])
  for (const [i, j] of mayOverlap(globs.map(({ pattern }) => pattern.language))) {
    found[i]?.push(j)
    found[j]?.push(i)
  }
  return found
}

/** The globs that together decide all its paths; empty: it decides some itself, or that cannot be told. */
function decidingInstead(glob: Placed, others: readonly Placed[], globs: readonly Placed[]): readonly Placed[] {
  const covers = (wide: Placed, narrow: Placed): boolean => pathFamily.covers(wide.pattern, narrow.pattern) === true
  const within = others.filter((other) => covers(glob, other))
  const same = within.find((other) => globs.indexOf(other) < globs.indexOf(glob) && covers(other, glob))
  if (same) return [same]
  const narrower = within.filter((other) => !covers(other, glob))
  if (narrower.length < 2) return []
  const left = findWord(
    pathSpace,
    [glob.pattern.language],
    narrower.map(({ pattern }) => pattern.language),
  )
  return left === undefined ? narrower : []
}
