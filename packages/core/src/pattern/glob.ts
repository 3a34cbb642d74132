/**
 * What path globs and host globs have in common: both are sequences of steps over words, segments of a path from left
 * to right or labels of a host from right to left. Braces are written out beforehand, so a glob is the union of a few
 * plain sequences.
 */
import picomatch from 'picomatch'

/** Exactly this word. */
export interface LiteralStep {
  readonly kind: 'literal'
  readonly text: string
}

/** Any word that starts with `prefix` and ends with `suffix`, at least one of which is not empty, without overlap. */
export interface AffixStep {
  readonly kind: 'affix'
  readonly prefix: string
  readonly suffix: string
  readonly matches: (word: string) => boolean
}

/** One word that is not empty. */
export interface AnyStep {
  readonly kind: 'any'
}

/** Zero or more words, empty ones too where the space has them. */
export interface RestStep {
  readonly kind: 'rest'
}

export type Step = LiteralStep | AffixStep | AnyStep | RestStep
export type Sequence = readonly Step[]

/** The union of its sequences. */
export type Language = readonly Sequence[]

export const anyStep: AnyStep = { kind: 'any' }
export const restStep: RestStep = { kind: 'rest' }

/** More written-out alternatives than this in one glob are refused. */
export const maxExpansions = 64

/** A longer glob is refused unread: what is compared step by step is bounded by this. */
export const maxGlobLength = 2048

/** A word of a glob without braces: `*`, `**`, text, or text with one `*`. */
export function stepOf(word: string): Step {
  if (word === '**') return restStep
  if (word === '*') return anyStep
  const star = word.indexOf('*')
  if (star === -1) return { kind: 'literal', text: word }
  const expression = picomatch.makeRe(word, dialect)
  return {
    kind: 'affix',
    prefix: word.slice(0, star),
    suffix: word.slice(star + 1),
    matches: (text) => expression.test(text),
  }
}

/** picomatch's options, without the name of its types: those are a package that users would have to install. */
type Dialect = Readonly<Record<string, boolean | string>>

/**
 * The subset of picomatch's language on which its answer is the plain one. With one `*` a word its expression cannot
 * backtrack beyond linear time. `s`: a decoded path may hold a line feed, which `.` does not match otherwise.
 */
export const dialect: Dialect = {
  dot: true,
  // They escape only the first of several `+` or `$` in a row: `c++*` would match `c+`.
  fastpaths: false,
  flags: 's',
  nobrace: true,
  nobracket: true,
  noextglob: true,
  noglobstar: true,
  nonegate: true,
  strictSlashes: true,
  // Else picomatch asks the platform, and a backslash comes to separate segments.
  windows: false,
}

/** Whether one step, which is not `rest`, takes this word. */
export function takes(step: Step, word: string): boolean {
  switch (step.kind) {
    case 'literal':
      return step.text === word
    case 'affix':
      return step.matches(word)
    case 'any':
      return word !== ''
    case 'rest':
      return true
  }
}

/** The word of a glob that a step was made of; the inverse of `stepOf`. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'literal':
      return step.text
    case 'affix':
      return `${step.prefix}*${step.suffix}`
    case 'any':
      return '*'
    case 'rest':
      return '**'
  }
}
