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
import { kindsOfWords, type Space, searchLimit } from './language.js'
import { acceptedSequences, advance, nextSteps, type States, startStates } from './states.js'

export interface WordClass {
  /** Indexes of the languages that the words match, ascending. */
  readonly members: readonly number[]
  readonly witness: readonly string[]
}

export interface Classes {
  readonly classes: readonly WordClass[]
  /** False: there were too many to look through, and classes may be missing. */
  readonly complete: boolean
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
  let level: Node[] = [{ states: startStates(union), words: [] }]
  while (level.length > 0) {
    const next: Node[] = []
    for (const node of level) {
      const kinds = kindsOfWords(space, nextSteps(union, node.states))
      if (kinds === 'too-complex') return { classes: [...classes.values()], complete: false }
      for (const word of kinds) {
        if (!space.admits(word, node.words.length)) continue
        const states = advance(union, node.states, word)
        const words = [...node.words, word]
        const key = `${Math.min(words.length, 2)} ${states.join(',')}`
        if (seen.has(key)) continue
        if (seen.size >= limit) return { classes: [...classes.values()], complete: false }
        seen.add(key)
        const members = [...new Set(acceptedSequences(union, states).map((s) => owners[s] as number))].sort(
          (a, b) => a - b,
        )
        const name = members.join(',')
        if (!classes.has(name)) classes.set(name, { members, witness: words })
        next.push({ states, words })
      }
    }
    level = next
  }
  return { classes: [...classes.values()], complete: true }
}
