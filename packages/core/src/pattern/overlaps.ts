/** Which of many globs may overlap with which: a pre-selection that misses no pair and leaves out nearly all others. */

import { stepsDisjoint } from './covers.js'
import { type Language, type Sequence, takes } from './glob.js'
import { emptyNode, insert, type TrieNode } from './trie.js'

/** Pairs of indexes, the greater first, of languages that may have a word sequence in common. */
export function* mayOverlap(languages: readonly Language[]): Iterable<readonly [number, number]> {
  const fromLeft = emptyNode<number>(false)
  const fromRight = emptyNode<number>(false)
  for (const [i, language] of languages.entries()) {
    const found = new Set<number>()
    for (const sequence of language) {
      // A leading `rest` overlaps with whatever is there; from the right there may be more to tell apart.
      if (sequence[0]?.kind === 'rest') collect(fromRight, sequence.toReversed(), 0, found)
      else collect(fromLeft, sequence, 0, found)
    }
    for (const j of found) yield [i, j]
    for (const sequence of language) {
      insert(fromLeft, sequence, i)
      insert(fromRight, sequence.toReversed(), i)
    }
  }
}

function collect(node: TrieNode<number>, sequence: Sequence, index: number, found: Set<number>): void {
  addAll(found, node.restEnds)
  if (node.rest) collectBelow(node.rest, found)
  const step = sequence[index]
  if (step === undefined) return addAll(found, node.ends)
  if (step.kind === 'rest') return collectBelow(node, found)
  for (const child of step.kind === 'literal' ? [node.literals?.get(step.text)] : literalsTaken(node, step)) {
    if (child) collect(child, sequence, index + 1, found)
  }
  for (const { step: affix, node: child } of node.affixes ?? []) {
    if (!stepsDisjoint(affix, step)) collect(child, sequence, index + 1, found)
  }
  if (node.any && !(step.kind === 'literal' && step.text === '')) collect(node.any, sequence, index + 1, found)
}

function literalsTaken(node: TrieNode<number>, step: Sequence[number]): TrieNode<number>[] {
  return (node.literals?.entries ?? []).filter(({ word }) => takes(step, word)).map(({ value }) => value)
}

function collectBelow(node: TrieNode<number>, found: Set<number>): void {
  addAll(found, node.restEnds)
  addAll(found, node.ends)
  for (const { value: child } of node.literals?.entries ?? []) collectBelow(child, found)
  for (const { node: child } of node.affixes ?? []) collectBelow(child, found)
  if (node.any) collectBelow(node.any, found)
  if (node.rest) collectBelow(node.rest, found)
}

function addAll(found: Set<number>, entries: readonly number[] | undefined): void {
  for (const entry of entries ?? []) found.add(entry)
}
