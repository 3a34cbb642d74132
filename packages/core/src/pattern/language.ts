/**
 * Questions about all words of a glob, answered by a word that shows it.
 *
 *     findWord(space, [a, b], [c]) is a shortest sequence of words in a and in b and not in c, or `undefined` iff there is none.
 *
 * So a covers b iff findWord(space, [b], [a]) finds nothing, and a and b overlap iff findWord(space, [a, b], []) finds
 * something.
 *
 * The globs are automata over words, run side by side, breadth first, on sets of states; none is built before it is
 * needed. At each place the steps at hand tell apart only finitely many kinds of words: each literal is a kind, and all
 * other words fall into kinds by the affixes that they match. One word of each kind is tried.
 */
import { type AffixStep, type Language, type Step, stepText, takes } from './glob.js'
import { accepts, advance, nextSteps, type States, startStates } from './states.js'

/** Which sequences of words there are at all. */
export interface Space {
  /** Whether `word` can stand at this place, the first being 0. */
  readonly admits: (word: string, place: number) => boolean
  /**
   * Characters that make up words of no literal; the more readable come first. An affix takes away two at most: what it goes
   * on with behind a prefix, and before a suffix. So none of the kinds is missed where there are more than that for each of
   * `maxAffixes`, or one that no glob holds.
   */
  readonly fillers: string
}

/** More states than this are not searched. */
export const searchLimit = 20_000
/** Nor are more words tried against more steps. */
const workLimit = 10_000_000
/** Each prefix can go with each suffix, and each such word is held against all affixes. */
export const maxAffixes = 160

export type Search = readonly string[] | undefined | 'too-complex'

/** A shortest sequence of words in all of `inside` and none of `outside`. */
export function findWord(space: Space, inside: readonly Language[], outside: readonly Language[]): Search {
  // What is in none of several languages is not in their union, which is one language.
  const languages = outside.length === 0 ? inside : [...inside, outside.flat()]
  let work = 0
  const start: Node = { states: languages.map(startStates), word: undefined, before: undefined, length: 0 }
  const seen = new Set<string>([keyOf(start)])
  let level = [start]
  while (level.length > 0) {
    const next: Node[] = []
    for (const node of level) {
      const steps = languages.flatMap((language, i) => nextSteps(language, node.states[i] as States))
      work += steps.filter((step) => step.kind === 'affix').length ** 3
      const words = work > workLimit ? 'too-complex' : kindsOfWords(space, steps)
      if (words === 'too-complex') return words
      work += words.length * steps.length
      if (work > workLimit) return 'too-complex'
      for (const word of words) {
        if (!space.admits(word, node.length)) continue
        const states = node.states.map((s, i) => advance(languages[i] as Language, s, word))
        if (states.some((s, i) => i < inside.length && s.length === 0)) continue
        const after: Node = { states, word, before: node, length: node.length + 1 }
        const key = `${Math.min(after.length, 2)} ${keyOf(after)}`
        if (seen.has(key)) continue
        seen.add(key)
        if (seen.size > searchLimit) return 'too-complex'
        if (states.every((s, i) => accepts(languages[i] as Language, s) === i < inside.length)) return wordsOf(after)
        next.push(after)
      }
    }
    level = next
  }
  return undefined
}

interface Node {
  /** For each language the states that it can be in. */
  readonly states: readonly States[]
  readonly word: string | undefined
  readonly before: Node | undefined
  readonly length: number
}

function keyOf(node: Node): string {
  return node.states.map((s) => s.join(',')).join(' ')
}

function wordsOf(node: Node): readonly string[] {
  const words: string[] = []
  for (let at: Node | undefined = node; at?.word !== undefined; at = at.before) words.push(at.word)
  return words.reverse()
}

/** One word of each kind that the steps can tell apart, the most readable first. */
export function kindsOfWords(space: Space, steps: readonly Step[]): readonly string[] | 'too-complex' {
  const literals = new Set(steps.flatMap((s) => (s.kind === 'literal' ? [s.text] : [])))
  const affixes = [...new Map(steps.flatMap((s) => (s.kind === 'affix' ? [[stepText(s), s] as const] : []))).values()]
  const byKind = new Map<string, string>()
  if (affixes.length > maxAffixes) return 'too-complex'
  for (const word of [...fillerWords(space, affixes, literals), ...overlaps(affixes), '']) {
    if (literals.has(word) || !(space.admits(word, 0) || space.admits(word, 1))) continue
    const kind = kindOf(word, affixes)
    if (!byKind.has(kind)) byKind.set(kind, word)
  }
  return [...byKind.values(), ...literals]
}

function kindOf(word: string, affixes: readonly Step[]): string {
  return word === '' ? 'empty' : affixes.map((a) => (takes(a, word) ? '1' : '0')).join('')
}

/**
 * For each longest prefix and longest suffix that a word can have, one word with just these, with filling between, so
 * that it matches every affix that any word with them matches. Its kind is that of all words that are long enough.
 */
function* fillerWords(space: Space, affixes: readonly AffixStep[], literals: ReadonlySet<string>): Iterable<string> {
  const prefixes = new Set(['', ...affixes.map((a) => a.prefix)])
  const suffixes = new Set(['', ...affixes.map((a) => a.suffix)])
  const starts = new Set([...prefixes].flatMap((p) => Array.from(p.split(''), (_, i) => p.slice(0, i + 1))))
  const ends = new Set([...suffixes].flatMap((s) => Array.from(s.split(''), (_, i) => s.slice(i))))
  for (const prefix of prefixes) {
    for (const suffix of suffixes) {
      const filler = firstOf(space.fillers, (f) => !starts.has(prefix + f) && !ends.has(f + suffix))
      if (filler === undefined) continue
      let word = prefix + filler + suffix
      for (let n = 2; literals.has(word); n++) word = prefix + filler.repeat(n) + suffix
      yield word
    }
  }
}

function firstOf(characters: string, fits: (character: string) => boolean): string | undefined {
  for (const character of characters) if (fits(character)) return character
  return undefined
}

/**
 * Words shorter than a prefix and a suffix together, which they share in part: they match affixes that need less room
 * and miss those that need more.
 */
function* overlaps(affixes: readonly AffixStep[]): Iterable<string> {
  const prefixes = new Set(affixes.map((a) => a.prefix))
  const suffixes = new Set(affixes.map((a) => a.suffix))
  for (const prefix of prefixes) {
    for (const suffix of suffixes) {
      yield prefix + suffix
      for (let shared = 1; shared <= Math.min(prefix.length, suffix.length); shared++) {
        if (prefix.endsWith(suffix.slice(0, shared))) yield prefix + suffix.slice(shared)
      }
    }
  }
}
