/** A policy held against a router: which rules its routes meet, and the same policy for a router that folds paths. */

import { findWord } from '../pattern/language.js'
import { pathFamily, pathSpace } from '../pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../pattern/path-pattern.js'
import type { RouterOptions } from '../web/path.js'
import { compileFor } from './compile.js'
import { foldPattern } from './fold.js'
import type { CompiledPolicy, CompiledRule, Policy } from './policy.js'
import { printPolicy } from './print.js'
import { withExternal } from './with-origins.js'

/**
 * The same policy for a router that folds paths: globs are folded as the router folds paths, so that a folded path meets
 * them. Give the same options to `canonicalPath` and `corsRequest`.
 *
 * @throws PolicyError where folding makes globs of two rules equal or ambiguous.
 */
export function foldPolicy(policy: Policy, router: RouterOptions): Policy {
  const { externalOrigins } = policy as CompiledPolicy
  return withExternal(compileFor(printPolicy(policy), router), externalOrigins)
}

/**
 * The ids of all rules that decide some canonical path matched by one of the globs; `undefined` is among them if some such
 * path has no rule. A rule may be named without need where the globs are too complex to tell, but none is left out.
 *
 * @throws TypeError on a text that is no path glob.
 */
export function rulesMet(policy: Policy, globs: readonly string[]): readonly (string | undefined)[] {
  const { rules, router } = policy as CompiledPolicy
  const fold = foldPattern(router)
  const asked = globs.map((text) => fold(patternOf(text)))
  const meets = (inside: readonly PathPattern[], outside: readonly PathPattern[]): boolean =>
    asked.some((glob) => {
      const languages = [glob, ...inside].map((p) => p.language)
      return (
        findWord(
          pathSpace,
          languages,
          outside.map((p) => p.language),
        ) !== undefined
      )
    })
  const near = (pattern: PathPattern): boolean => asked.some((glob) => !pathFamily.plainlyDisjoint(glob, pattern))
  const candidates = rules
    .map((rule) => ({ rule, patterns: rule.patterns.filter(near) }))
    .filter((c) => c.patterns.length > 0)
  const met: (string | undefined)[] = candidates
    .filter(({ rule, patterns }) => patterns.some((pattern) => meets([pattern], narrowerOf(pattern, rule, candidates))))
    .map(({ rule }) => rule.id)
  if (
    meets(
      [],
      candidates.flatMap((c) => c.patterns),
    )
  )
    met.push(undefined)
  return met
}

function patternOf(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new TypeError(`not a path glob: ${text}`)
  return pattern
}

interface Candidate {
  readonly rule: CompiledRule
  readonly patterns: readonly PathPattern[]
}

function isWithin(narrow: PathPattern, wide: PathPattern): boolean {
  return !pathFamily.plainlyDisjoint(wide, narrow) && pathFamily.covers(wide, narrow) === true
}

/** The globs of other rules that decide before this one where both match. */
function narrowerOf(pattern: PathPattern, owner: CompiledRule, candidates: readonly Candidate[]): PathPattern[] {
  return candidates.flatMap(({ rule, patterns }) =>
    rule === owner ? [] : patterns.filter((other) => isWithin(other, pattern)),
  )
}
