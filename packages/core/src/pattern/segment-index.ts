/**
 * Finds, among many globs, the first in a given order of those that match a text cut into words.
 *
 * It is a trie over steps. A search walks it word by word, cutting no more words than it looks at, so its time is linear
 * in the text, and what cannot match is never looked at:
 *
 *     /api/orders/**  (rank 0)      api ── orders ── (**: 0)
 *     /api/*          (rank 1)       └──── *  : 1
 *     /**             (rank 2)     (**: 2)
 *
 * While one node at a time matches, which is nearly always, the walk is `#follow`; from the first word that two nodes
 * take on it is `#spread`, with the set of nodes.
 */
import type { Sequence } from './glob.js'
import type { LiteralTable } from './literal-table.js'
import { emptyNode, insert, type TrieNode } from './trie.js'

/** Of two entries that match, the one of lower rank is found. */
export interface Ranked {
  readonly rank: number
}

/** How a text is cut into words: a path at its slashes from the left, a host at its dots from the right. */
export interface Cut {
  readonly separator: string
  readonly fromRight: boolean
}

export class SegmentIndex<E extends Ranked, Q> {
  readonly #root: TrieNode<E> = emptyNode(false)
  readonly #admits: (entry: E, query: Q) => boolean
  /** Its character code. */
  readonly #separator: number
  readonly #fromRight: boolean

  /** `admits`: what else an entry asks of a query beside its words. */
  constructor({ separator, fromRight }: Cut, admits: (entry: E, query: Q) => boolean) {
    this.#separator = separator.charCodeAt(0)
    this.#fromRight = fromRight
    this.#admits = admits
  }

  add(sequence: Sequence, entry: E): void {
    insert(this.#root, sequence, entry)
  }

  /** The entry of lowest rank whose sequence matches all words between two places of `text`, and which admits the query. */
  find(text: string, start: number, end: number, query: Q): E | undefined {
    return this.#fromRight ? this.#follow(text, end, start - 1, query) : this.#follow(text, start, end, query)
  }

  /** `last`: the border behind the last word, which is to the left of the text where it is read from the right. */
  #follow(text: string, first: number, last: number, query: Q): E | undefined {
    let node = this.#root
    let best: E | undefined
    let at = first
    for (;;) {
      const { literals, any, affixes, rest, restEnds } = node
      if (restEnds !== undefined) best = this.#better(restEnds, query, best)
      if (rest !== undefined) return this.#spread([node], text, at, last, query, best)
      if (at === ended) return this.#better(node.ends, query, best)
      if (literals === undefined && any === undefined && affixes === undefined) return best
      const border = this.#border(text, at, last)
      let next = literals === undefined ? undefined : this.#literal(literals, text, at, border)
      if (affixes !== undefined || (any !== undefined && next !== undefined))
        return this.#spread([node], text, at, last, query, best)
      if (any !== undefined && !this.#isEmpty(at, border)) next = any
      if (next === undefined) return best
      node = next
      at = this.#after(border, last)
    }
  }

  /** From these nodes on, all of which match what stands before `first`. What they reach by a `rest` is not entered yet. */
  #spread(
    nodes: readonly TrieNode<E>[],
    text: string,
    first: number,
    last: number,
    query: Q,
    found: E | undefined,
  ): E | undefined {
    let best = found
    let active: TrieNode<E>[] = []
    for (const node of nodes) best = this.#reach(node, active, query, best)
    for (let at = first; at !== ended; ) {
      const border = this.#border(text, at, last)
      const next = active.filter((node) => node.stays)
      for (const node of active) {
        const literal = node.literals === undefined ? undefined : this.#literal(node.literals, text, at, border)
        if (literal !== undefined) best = this.#reach(literal, next, query, best)
        if (node.affixes !== undefined) {
          const word = this.#word(text, at, border)
          for (const { step, node: child } of node.affixes)
            if (step.matches(word)) best = this.#reach(child, next, query, best)
        }
        if (node.any !== undefined && !this.#isEmpty(at, border)) best = this.#reach(node.any, next, query, best)
      }
      if (next.length === 0) return best
      active = next
      at = this.#after(border, last)
    }
    for (const node of active) best = this.#better(node.ends, query, best)
    return best
  }

  /** Enters a node: what ends in a `rest` here matches already, and what stands behind a `rest` here may start now. */
  #reach(node: TrieNode<E>, active: TrieNode<E>[], query: Q, best: E | undefined): E | undefined {
    active.push(node)
    const found = this.#better(node.restEnds, query, best)
    return node.rest === undefined || active.includes(node.rest) ? found : this.#reach(node.rest, active, query, found)
  }

  #better(entries: E[] | undefined, query: Q, best: E | undefined): E | undefined {
    if (entries === undefined) return best
    let found = best
    for (const entry of entries) {
      if ((found === undefined || entry.rank < found.rank) && this.#admits(entry, query)) found = entry
    }
    return found
  }

  /** Index of the separator behind the word at `at`, or `last`. */
  #border(text: string, at: number, last: number): number {
    // Not `lastIndexOf`, which costs more than the words of a host have letters.
    let border = at
    if (this.#fromRight) {
      do border--
      while (border > last && text.charCodeAt(border) !== this.#separator)
    } else while (border < last && text.charCodeAt(border) !== this.#separator) border++
    return border
  }

  #word(text: string, at: number, border: number): string {
    return this.#fromRight ? text.slice(border + 1, at) : text.slice(at, border)
  }

  #isEmpty(at: number, border: number): boolean {
    return this.#fromRight ? border + 1 === at : border === at
  }

  #literal(literals: LiteralTable<TrieNode<E>>, text: string, at: number, border: number): TrieNode<E> | undefined {
    return this.#fromRight ? literals.at(text, border + 1, at) : literals.at(text, at, border)
  }

  /** Where the next word starts, or `ended`. */
  #after(border: number, last: number): number {
    if (border === last) return ended
    return this.#fromRight ? border : border + 1
  }
}

const ended = -1
