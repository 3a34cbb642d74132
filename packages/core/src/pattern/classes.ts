/**
 * All that a set of globs can tell apart: each combination of globs that some word sequence matches, and no others of the
 * set, with a shortest such sequence.
 *
 *     classesOf(space, languages) holds one class for each set S of languages such that some word sequence is in all of S
 *     and in none of the others, the empty S included.
 *
 * It is one subset construction over the union of the globs, breadth first, each state tagged with its glob. At each step
 * only the words that the steps at hand can tell apart are tried, so globs that have gone their own ways cost nothing.
 */
import type { Language } from './glob.js'
import { findWord, kindsOfWords, type Space, searchLimit } from './language.js'
import { mayOverlap } from './overlaps.js'
import { acceptedSequences, advance, matchesWords, nextSteps, type States, sequenceOf, startStates } from './states.js'

export interface WordClass {
  /** Indexes of the languages that the words match, ascending. */
  readonly members: readonly number[]
  readonly witness: readonly string[]
}

export interface Classes {
  readonly classes: readonly WordClass[]
  /** False: there were too many to look through, and classes may be missing; those of each language and each pair are there. */
  readonly complete: boolean
  /** Where it is not complete: indexes of the languages that combine in so many ways. */
  readonly tangled: readonly number[]
}

interface Node {
  readonly states: States
  readonly words: readonly string[]
}

export function classesOf(space: Space, languages: readonly Language[], limit: number = searchLimit): Classes {
  const union = languages.flat()
  const owners = languages.flatMap((language, i) => language.map(() => i))
  const seen = new Set<string>()
  const classes = new Map<string, WordClass>()
  const partial = (frontier: readonly Node[]): Classes => {
    for (const each of pairwiseClasses(space, languages)) add(classes, each)
    return { classes: [...classes.values()], complete: false, tangled: busiest(frontier, owners) }
  }
  let level: Node[] = [{ states: startStates(union), words: [] }]
  while (level.length > 0) {
    const next: Node[] = []
    for (const node of level) {
      const kinds = kindsOfWords(space, nextSteps(union, node.states))
      if (kinds === 'too-complex') return partial([node])
      for (const word of kinds) {
        if (!space.admits(word, node.words.length)) continue
        const states = advance(union, node.states, word)
        const words = [...node.words, word]
        const key = `${Math.min(words.length, 2)} ${states.join(',')}`
        if (seen.has(key)) continue
        if (seen.size >= limit) return partial([node, ...next])
        seen.add(key)
        const members = ascending(new Set(acceptedSequences(union, states).map((s) => owners[s] as number)))
        add(classes, { members, witness: words })
        next.push({ states, words })
      }
    }
    level = next
  }
  return { classes: [...classes.values()], complete: true, tangled: [] }
}

/** The first witness of a class stays: it is a shortest one. */
function add(classes: Map<string, WordClass>, each: WordClass): void {
  const name = each.members.join(',')
  if (!classes.has(name)) classes.set(name, each)
}

function ascending(members: Iterable<number>): readonly number[] {
  return [...members].sort((a, b) => a - b)
}

/** More pairs than this are not searched. */
const mostPairs = 2000

/** What is left where all combinations are too many: a class of each language, of each two that overlap, and of the one without the other. */
function* pairwiseClasses(space: Space, languages: readonly Language[]): Iterable<WordClass> {
  const asked: (readonly [inside: readonly number[], outside: readonly number[]])[] = languages.map((_, i) => [[i], []])
  for (const [a, b] of mayOverlap(languages)) {
    asked.push([[a, b], []], [[a], [b]], [[b], [a]])
    if (asked.length > 3 * mostPairs) break
  }
  for (const [inside, outside] of asked) {
    const of = (indexes: readonly number[]): Language[] => indexes.map((i) => languages[i] as Language)
    const witness = findWord(space, of(inside), of(outside))
    if (typeof witness !== 'object') continue
    yield { members: languages.flatMap((language, i) => (matchesWords(language, witness) ? [i] : [])), witness }
  }
}

/** The languages that most of the ways at hand are in the midst of. */
function busiest(frontier: readonly Node[], owners: readonly number[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const { states } of frontier) {
    for (const owner of new Set(states.map((state) => owners[sequenceOf(state)] as number))) {
      counts.set(owner, (counts.get(owner) ?? 0) + 1)
    }
  }
  const most = Math.max(0, ...counts.values())
  return ascending([...counts].flatMap(([owner, n]) => (n * 2 >= most ? [owner] : [])))
}
