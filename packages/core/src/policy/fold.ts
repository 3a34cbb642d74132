/**
 * What a router that folds paths makes of a path glob: the same that it makes of a path, so that glob and path meet. A glob
 * that no folded path could ever match would silently lose its rule.
 */
import { diagnose, PolicyError } from '../diagnostic.js'
import type { Language, Sequence, Step } from '../pattern/glob.js'
import { anyStep, maxExpansions, restStep, stepOf, stepText } from '../pattern/glob.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import type { RouterOptions } from '../web/path.js'

/**
 * The folding of path globs under these options; the text stays as written. For questions: one that comes to very many globs
 * is folded to a wider one.
 */
export function foldPattern(router: RouterOptions): (pattern: PathPattern) => PathPattern {
  return ({ text, language }) => ({ text, language: foldLanguage(language, router, widened) })
}

/** The same for the globs of rules, which must not get wider. @throws PolicyError on one that comes to very many globs. */
export function foldRulePattern(router: RouterOptions): (pattern: PathPattern) => PathPattern {
  return ({ text, language }) => {
    const refuse = (): never => {
      const why = 'has more than 64 alternatives where the router ignores case; split it'
      throw new PolicyError([diagnose('pattern-too-complex', '', [text, why])])
    }
    return { text, language: foldLanguage(language, router, refuse) }
  }
}

/** What is made of steps that come to too many. */
type TooMany = (variants: readonly (readonly Step[])[]) => Sequence

/** More than they take, never less. */
const widened: TooMany = (variants) => variants.map((each) => (each.length > 1 ? anyStep : (each[0] as Step)))

function foldLanguage(language: Language, router: RouterOptions, tooMany: TooMany): Language {
  const folded = new Map<string, Sequence>()
  for (const steps of language.flatMap((sequence) => foldSequence(sequence, router, tooMany))) {
    folded.set(steps.map(stepText).join('/'), steps)
  }
  return [...folded.values()]
}

/** In the router's order: the end of the path, doubled slashes, a trailing slash, case. */
function foldSequence(sequence: Sequence, router: RouterOptions, tooMany: TooMany): Language {
  const cut = router.useSemicolonDelimiter === true ? cutAtSemicolon(sequence) : sequence
  let steps = cut
  if (router.ignoreDuplicateSlashes === true)
    steps = steps.filter((step, i) => !isEmpty(step) || i === steps.length - 1)
  if (router.ignoreTrailingSlash === true && steps.length > 1 && isEmpty(steps.at(-1))) steps = steps.slice(0, -1)
  const keepsSlash = router.ignoreDuplicateSlashes === true && router.ignoreTrailingSlash !== true
  const folded = keepsSlash && endsBelowSlash(cut) ? belowSlash(steps) : [steps]
  return router.caseSensitive === false ? folded.flatMap((each) => lowerCase(each, tooMany)) : folded
}

/** `//**` at the end: what is above the slashes is not among the paths. */
function endsBelowSlash(sequence: Sequence): boolean {
  return sequence.at(-1)?.kind === 'rest' && isEmpty(sequence.at(-2))
}

/** `/a//**` folded: `/a/` and all below, without `/a`. */
function belowSlash(steps: Sequence): Language {
  const above = steps.slice(0, -1)
  return [
    [...above, stepOf('')],
    [...above, anyStep, restStep],
  ]
}

function isEmpty(step: Step | undefined): boolean {
  return step?.kind === 'literal' && step.text === ''
}

function cutAtSemicolon(sequence: Sequence): Sequence {
  const at = sequence.findIndex((step) => step.kind !== 'rest' && stepText(step).includes(';'))
  if (at === -1) return sequence
  const word = stepText(sequence[at] as Step)
  return [...sequence.slice(0, at), stepOf(word.slice(0, word.indexOf(';')))]
}

/** Every way in which the router writes what the steps take. */
function lowerCase(steps: Sequence, tooMany: TooMany): Language {
  const variants = steps.map(lowerCases)
  if (variants.reduce((count, each) => count * each.length, 1) > maxExpansions) return [tooMany(variants)]
  return variants.reduce<Sequence[]>(
    (all, each) => all.flatMap((before) => each.map((step) => [...before, step])),
    [[]],
  )
}

/**
 * As the router does it. A capital sigma comes to one of two letters, by whether a letter stands before and behind it
 * (Unicode, "Final_Sigma"); beside a `*` either may be.
 */
function lowerCases(step: Step): readonly Step[] {
  if (step.kind === 'literal') return [stepOf(inLowerCase(step.text))]
  if (step.kind !== 'affix') return [step]
  const prefixes = new Set([inLowerCase(step.prefix), inLowerCase(`${step.prefix}x`).slice(0, -1)])
  const suffixes = new Set([inLowerCase(step.suffix), inLowerCase(`x${step.suffix}`).slice(1)])
  return [...prefixes].flatMap((prefix) => [...suffixes].map((suffix) => stepOf(`${prefix}*${suffix}`)))
}

/** Escapes that the router keeps stay in upper-case hex. */
function inLowerCase(text: string): string {
  return text.toLowerCase().replace(/%[0-9a-f]{2}/g, (escape) => escape.toUpperCase())
}
