/**
 * A language as an automaton over words, run on sets of states. Nothing is built beforehand: a state is a place in a
 * sequence.
 */
import { type Language, type Sequence, type Step, takes } from './glob.js'

/** Ascending; each is the number of a sequence times `stride` plus the steps behind. */
export type States = readonly number[]

const stride = 65_536

/** Where a language stands before the first word. */
export function startStates(language: Language): States {
  const states = new Set<number>()
  for (const [i, sequence] of language.entries()) enter(states, sequence, i * stride, 0)
  return [...states].sort(ascending)
}

/** Adds a state, and those behind the `rest` steps that may take no word. */
function enter(states: Set<number>, sequence: Sequence, base: number, index: number): void {
  for (let i = index; ; i++) {
    states.add(base + i)
    if (sequence[i]?.kind !== 'rest') return
  }
}

/** Where it stands behind one more word; empty: nothing of it can match any more. */
export function advance(language: Language, from: States, word: string): States {
  const states = new Set<number>()
  for (const state of from) {
    const index = state % stride
    const sequence = language[(state - index) / stride] as Sequence
    const step = sequence[index]
    if (step !== undefined && takes(step, word))
      enter(states, sequence, state - index, step.kind === 'rest' ? index : index + 1)
  }
  return [...states].sort(ascending)
}

/** Whether the words so far are a word sequence of the language. */
export function accepts(language: Language, states: States): boolean {
  return states.some((state) => (language[(state - (state % stride)) / stride] as Sequence).length === state % stride)
}

/** Whether the words are a word sequence of the language: the plain answer, without an index. */
export function matchesWords(language: Language, words: readonly string[]): boolean {
  return accepts(
    language,
    words.reduce((states, word) => advance(language, states, word), startStates(language)),
  )
}

function ascending(a: number, b: number): number {
  return a - b
}

/** The steps that the next word may be taken by. */
export function nextSteps(language: Language, states: States): readonly Step[] {
  return states.flatMap((state) => (language[sequenceOf(state)] as Sequence)[state % stride] ?? [])
}

/** The numbers of the sequences that the words so far are a word sequence of. */
export function acceptedSequences(language: Language, states: States): readonly number[] {
  return states.flatMap((state) => {
    const sequence = sequenceOf(state)
    return (language[sequence] as Sequence).length === state % stride ? [sequence] : []
  })
}

/** The number of the sequence that a state is in. */
export function sequenceOf(state: number): number {
  return Math.floor(state / stride)
}
