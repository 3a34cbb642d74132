/**
 * Whether every word sequence of one glob is one of another's.
 *
 *     covers(space, a, b) is true iff L(b) ⊆ L(a).
 *
 * Nearly all pairs that a policy brings up are told apart, or told to be nested, by their steps alone; the rest is
 * searched.
 */
import type { Language, Sequence, Step } from './glob.js'
import { findWord, type Space } from './language.js'

export type Verdict = boolean | 'too-complex'

/** L(b) ⊆ L(a)? */
export function covers(space: Space, a: Language, b: Language): Verdict {
  if (b.every((sequence) => a.some((wider) => nests(wider, sequence)))) return true
  const found = findWord(space, [b], [a])
  return found === 'too-complex' ? found : found === undefined
}

/** True only if no word sequence is in both; may be false where that is so too. */
export function plainlyDisjoint(a: Language, b: Language): boolean {
  return a.every((s) => b.every((t) => sequencesDisjoint(s, t)))
}

/** Step by step from the left up to a `rest`, and from the right up to a `rest`. */
function sequencesDisjoint(a: Sequence, b: Sequence): boolean {
  const restA = a.findIndex(isRest)
  const restB = b.findIndex(isRest)
  if (restA === -1 && restB === -1 && a.length !== b.length) return true
  const left = Math.min(restA === -1 ? a.length : restA, restB === -1 ? b.length : restB)
  for (let i = 0; i < left; i++) if (stepsDisjoint(a[i] as Step, b[i] as Step)) return true
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const s = a[a.length - i] as Step
    const t = b[b.length - i] as Step
    if (isRest(s) || isRest(t)) break
    if (stepsDisjoint(s, t)) return true
  }
  return false
}

function isRest(step: Step): boolean {
  return step.kind === 'rest'
}

/** No word is taken by both. Neither is `rest`. */
export function stepsDisjoint(a: Step, b: Step): boolean {
  if (a.kind === 'literal') return b.kind === 'literal' ? a.text !== b.text : stepDisjointFromWord(b, a.text)
  if (b.kind === 'literal') return stepDisjointFromWord(a, b.text)
  if (a.kind !== 'affix' || b.kind !== 'affix') return false
  return !nestedPrefixes(a.prefix, b.prefix) || !nestedSuffixes(a.suffix, b.suffix)
}

function stepDisjointFromWord(step: Step, word: string): boolean {
  return step.kind === 'affix' ? !step.matches(word) : word === ''
}

function nestedPrefixes(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a)
}

function nestedSuffixes(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a)
}

/**
 * True only if every word sequence of `narrow` is one of `wide`, and told so by the steps alone: a `rest` of `wide` takes
 * any steps, each other step one that it covers. A `rest` takes as few steps as it can, and only the last one met is ever
 * asked for more, for what comes before it is as short as can be: no more than one look at each pair of steps.
 */
function nests(wide: Sequence, narrow: Sequence): boolean {
  let i = 0
  let j = 0
  let behindRest = -1
  let restEndsAt = 0
  while (i < wide.length || j < narrow.length) {
    const w = wide[i]
    const n = narrow[j]
    if (w !== undefined && isRest(w)) {
      behindRest = ++i
      restEndsAt = j
    } else if (w !== undefined && n !== undefined && !isRest(n) && stepNests(w, n)) {
      i++
      j++
    } else {
      if (behindRest === -1 || restEndsAt === narrow.length) return false
      i = behindRest
      j = ++restEndsAt
    }
  }
  return true
}

/** Every word that `narrow` takes is one that `wide` takes. Neither is `rest`. */
function stepNests(wide: Step, narrow: Step): boolean {
  if (wide.kind === 'any') return narrow.kind !== 'literal' || narrow.text !== ''
  if (narrow.kind === 'literal')
    return !stepDisjointFromWord(wide, narrow.text) && (wide.kind !== 'literal' || wide.text === narrow.text)
  return (
    wide.kind === 'affix' &&
    narrow.kind === 'affix' &&
    narrow.prefix.startsWith(wide.prefix) &&
    narrow.suffix.endsWith(wide.suffix)
  )
}
