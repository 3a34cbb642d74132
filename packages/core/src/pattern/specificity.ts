/**
 * The law by which one of several globs decides: the most specific, a before b iff L(a) ⊊ L(b). The order of the file
 * means nothing. Where the most specific globs that match something have different owners, nobody decides: a conflict.
 *
 *     a and b, of different owners and neither covering the other, are in conflict iff
 *     L(a) ∩ L(b) \ ∪ { L(c) : L(c) ⊊ L(a) or L(c) ⊊ L(b) } is not empty.
 *
 * Without conflicts, "the first in any order that puts the narrower of two nested globs first" finds the deciding owner:
 * if a narrower glob of another owner matched too, it would stand before it. So an index needs no more than a rank.
 */

import type { Verdict } from './covers.js'
import type { Language } from './glob.js'

/** What a family of globs must answer for the law to hold in it. */
export interface Family<P, W> {
  /** Word sequences such that globs whose sequences do not overlap do not overlap. */
  readonly language: (pattern: P) => Language
  /** True only if nothing matches both. */
  readonly plainlyDisjoint: (a: P, b: P) => boolean
  /** L(narrow) ⊆ L(wide)? */
  readonly covers: (wide: P, narrow: P) => Verdict
  /** Something that matches both and none of the others. */
  readonly witness: (a: P, b: P, others: readonly P[]) => W | undefined | 'too-complex'
}

export interface Owned<P> {
  readonly pattern: P
  readonly owner: number
}

export type Conflict<W> =
  | { readonly kind: 'same'; readonly a: number; readonly b: number }
  | { readonly kind: 'ambiguous'; readonly a: number; readonly b: number; readonly witness: W }
  | { readonly kind: 'too-complex'; readonly a: number; readonly b: number }

export interface Specificity<W> {
  /** By index of the item: of two nested globs of different owners the narrower has the lower rank. */
  readonly ranks: readonly number[]
  /** By index: `a` is the earlier item. */
  readonly conflicts: readonly Conflict<W>[]
}

/** More pairs of globs than this are not compared, and more conflicts are not looked for, the slow ones least of all. */
const maxPairs = 1_000_000
const maxConflicts = 100
const maxTooComplex = 4

export function specificity<P, W>(
  family: Family<P, W>,
  items: readonly Owned<P>[],
  mayOverlap: (languages: readonly Language[]) => Iterable<readonly [number, number]>,
): Specificity<W> {
  const widerThan: number[][] = items.map(() => [])
  const conflicts: Conflict<W>[] = []
  let pairs = 0
  if (items.every((item) => item.owner === items[0]?.owner)) return { ranks: items.map((_, i) => i), conflicts }
  for (const [b, a] of mayOverlap(items.map((item) => family.language(item.pattern)))) {
    const [first, second] = [items[a] as Owned<P>, items[b] as Owned<P>]
    if (first.owner === second.owner || family.plainlyDisjoint(first.pattern, second.pattern)) continue
    if (++pairs > maxPairs || conflicts.length >= maxConflicts) {
      if (pairs > maxPairs) conflicts.push({ kind: 'too-complex', a, b })
      break
    }
    if (conflicts.filter((c) => c.kind === 'too-complex').length >= maxTooComplex) break
    const firstIsWider = family.covers(first.pattern, second.pattern)
    const secondIsWider = family.covers(second.pattern, first.pattern)
    if (firstIsWider === 'too-complex' || secondIsWider === 'too-complex') conflicts.push({ kind: 'too-complex', a, b })
    else if (firstIsWider && secondIsWider) conflicts.push({ kind: 'same', a, b })
    else if (firstIsWider) widerThan[b]?.push(a)
    else if (secondIsWider) widerThan[a]?.push(b)
    else conflicts.push(...ambiguity(family, items, a, b))
  }
  return { ranks: topological(widerThan), conflicts }
}

function ambiguity<P, W>(family: Family<P, W>, items: readonly Owned<P>[], a: number, b: number): Conflict<W>[] {
  const first = (items[a] as Owned<P>).pattern
  const second = (items[b] as Owned<P>).pattern
  if (family.witness(first, second, []) === undefined) return []
  const narrower: P[] = []
  let isTooComplex = false
  for (const { pattern } of items) {
    if (pattern === first || pattern === second) continue
    if (family.plainlyDisjoint(pattern, first) || family.plainlyDisjoint(pattern, second)) continue
    const below = [strictlyWithin(family, pattern, first), strictlyWithin(family, pattern, second)]
    if (below.includes(true)) narrower.push(pattern)
    else isTooComplex ||= below.includes('too-complex')
  }
  const witness = family.witness(first, second, narrower)
  if (witness === undefined) return []
  // What could not be looked through might settle the matter.
  return [
    witness === 'too-complex' || isTooComplex ? { kind: 'too-complex', a, b } : { kind: 'ambiguous', a, b, witness },
  ]
}

function strictlyWithin<P, W>(family: Family<P, W>, narrow: P, wide: P): Verdict {
  const within = family.covers(wide, narrow)
  if (within !== true) return within
  const same = family.covers(narrow, wide)
  return same === 'too-complex' ? same : !same
}

/** Ranks such that an item precedes all that are wider. */
function topological(widerThan: readonly (readonly number[])[]): readonly number[] {
  const waitsFor = widerThan.map(() => 0)
  for (const wider of widerThan) for (const w of wider) waitsFor[w] = (waitsFor[w] as number) + 1
  const order = waitsFor.flatMap((n, i) => (n === 0 ? [i] : []))
  for (let k = 0; k < order.length; k++) {
    for (const w of widerThan[order[k] as number] as readonly number[]) {
      waitsFor[w] = (waitsFor[w] as number) - 1
      if (waitsFor[w] === 0) order.push(w)
    }
  }
  const ranks: number[] = widerThan.map(() => order.length)
  for (const [rank, i] of order.entries()) ranks[i] = rank
  return ranks
}
