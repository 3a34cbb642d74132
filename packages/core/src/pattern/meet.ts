/**
 * The overlap of two globs, written as globs where globs can say it: what a policy must add to one of two rules to settle
 * which of them decides there.
 */
import { type AffixStep, type Language, type Sequence, type Step, stepOf, stepText, takes } from './glob.js'

/** More globs than this settle nothing that a person would read. */
const maxGlobs = 4
/** Two globs with more `**` than this between them meet in more sequences than that, or in none that can be found soon. */
const maxRests = 8

/** The words of the sequences, or nothing where the overlap cannot be said in a few globs. */
export function meet(a: Language, b: Language): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const s of a) {
    for (const t of b) {
      const sequences = meetSequences(s, t)
      if (sequences === undefined) return []
      for (const sequence of sequences) found.set(sequence.map(stepText).join('/'), sequence.map(stepText))
      if (found.size > maxGlobs) return []
    }
  }
  return [...found.values()]
}

/** `undefined`: more than globs can say, or than a person would read. */
function meetSequences(a: Sequence, b: Sequence): readonly Sequence[] | undefined {
  if (a.filter(isRest).length + b.filter(isRest).length > maxRests) return undefined
  // The steps behind i in `a` and behind j in `b` meet in the same sequences, whichever way led there.
  const found = new Map<number, readonly Sequence[] | undefined>()
  return from(0, 0)

  function from(i: number, j: number): readonly Sequence[] | undefined {
    const key = i * (b.length + 1) + j
    if (!found.has(key)) found.set(key, meetSteps(i, j))
    return found.get(key)
  }

  function meetSteps(i: number, j: number): readonly Sequence[] | undefined {
    const s = a[i]
    const t = b[j]
    if (s === undefined && t === undefined) return [[]]
    if (s?.kind === 'rest' && t?.kind === 'rest') return union(prepend(s, from(i + 1, j)), prepend(s, from(i, j + 1)))
    if (s?.kind === 'rest') return union(from(i + 1, j), t === undefined ? [] : prepend(t, from(i, j + 1)))
    if (t?.kind === 'rest') return union(from(i, j + 1), s === undefined ? [] : prepend(s, from(i + 1, j)))
    if (s === undefined || t === undefined) return []
    return meetStep(s, t)
      .map((step) => prepend(step, from(i + 1, j + 1)))
      .reduce(union, [])
  }
}

function isRest(step: Step): boolean {
  return step.kind === 'rest'
}

function prepend(step: Step, sequences: readonly Sequence[] | undefined): readonly Sequence[] | undefined {
  return sequences?.map((s) => (step.kind === 'rest' && s[0]?.kind === 'rest' ? s : [step, ...s]))
}

function union(
  a: readonly Sequence[] | undefined,
  b: readonly Sequence[] | undefined,
): readonly Sequence[] | undefined {
  if (a === undefined || b === undefined) return undefined
  return a.length + b.length > 4 * maxGlobs ? undefined : [...a, ...b]
}

/** The steps that take, together, just the words that both take; neither is `rest`. */
function meetStep(a: Step, b: Step): readonly Step[] {
  if (a.kind === 'any') return b.kind === 'literal' && b.text === '' ? [] : [b]
  if (b.kind === 'any') return meetStep(b, a)
  if (a.kind === 'literal') return takes(b, a.text) ? [a] : []
  if (b.kind === 'literal') return meetStep(b, a)
  return a.kind === 'affix' && b.kind === 'affix' ? meetAffixes(a, b) : []
}

function meetAffixes(a: AffixStep, b: AffixStep): readonly Step[] {
  const prefix = longer(a.prefix, b.prefix, a.prefix.startsWith(b.prefix), b.prefix.startsWith(a.prefix))
  const suffix = longer(a.suffix, b.suffix, a.suffix.endsWith(b.suffix), b.suffix.endsWith(a.suffix))
  if (prefix === undefined || suffix === undefined) return []
  const one = [a, b].find((step) => step.prefix === prefix && step.suffix === suffix)
  if (one !== undefined) return [one]
  // `ab*` and `*bc` share `abc` beside `ab*bc`.
  const short = runTogether(prefix, suffix).filter((word) => a.matches(word) && b.matches(word))
  return [`${prefix}*${suffix}`, ...short].map(stepOf)
}

function longer(a: string, b: string, aHoldsB: boolean, bHoldsA: boolean): string | undefined {
  return aHoldsB ? a : bHoldsA ? b : undefined
}

/** The words that start with one and end with the other without room for both. */
function runTogether(prefix: string, suffix: string): readonly string[] {
  const words: string[] = []
  for (let shared = 1; shared <= Math.min(prefix.length, suffix.length); shared++) {
    if (prefix.endsWith(suffix.slice(0, shared))) words.push(prefix + suffix.slice(shared))
  }
  return words
}
