/** A trie over the steps of globs: what several globs begin with is held once. */
import type { AffixStep, Sequence } from './glob.js'
import { LiteralTable } from './literal-table.js'

export interface TrieNode<E> {
  literals: LiteralTable<TrieNode<E>> | undefined
  affixes: { readonly step: AffixStep; readonly node: TrieNode<E> }[] | undefined
  any: TrieNode<E> | undefined
  /** Behind a `rest`: stays while words go by. */
  rest: TrieNode<E> | undefined
  /** Of sequences that end here. */
  ends: E[] | undefined
  /** Of sequences that end in a `rest` here: they match whatever follows. */
  restEnds: E[] | undefined
  /** Whether this node stands behind a `rest`. */
  readonly stays: boolean
}

export function emptyNode<E>(stays: boolean): TrieNode<E> {
  return {
    literals: undefined,
    affixes: undefined,
    any: undefined,
    rest: undefined,
    ends: undefined,
    restEnds: undefined,
    stays,
  }
}

/** Adds an entry at the end of a sequence. */
export function insert<E>(root: TrieNode<E>, sequence: Sequence, entry: E): void {
  let node = root
  for (const [i, step] of sequence.entries()) {
    if (step.kind === 'rest' && i === sequence.length - 1) {
      node.restEnds ??= []
      node.restEnds.push(entry)
      return
    }
    node = childFor(node, step)
  }
  node.ends ??= []
  node.ends.push(entry)
}

function childFor<E>(node: TrieNode<E>, step: Sequence[number]): TrieNode<E> {
  switch (step.kind) {
    case 'literal': {
      node.literals ??= new LiteralTable()
      const known = node.literals.get(step.text)
      if (known) return known
      const child = emptyNode<E>(false)
      node.literals.add(step.text, child)
      return child
    }
    case 'affix': {
      node.affixes ??= []
      const same = node.affixes.find((a) => a.step.prefix === step.prefix && a.step.suffix === step.suffix)
      if (same) return same.node
      const child = emptyNode<E>(false)
      node.affixes.push({ step, node: child })
      return child
    }
    case 'any':
      node.any ??= emptyNode(false)
      return node.any
    case 'rest':
      node.rest ??= emptyNode(true)
      return node.rest
  }
}
