/** Which rule's glob decides a path. */
import { covers, plainlyDisjoint } from './covers.js'
import { findWord, maxAffixes, type Search, type Space } from './language.js'
import { isDotSegment, type PathPattern } from './path-pattern.js'
import { SegmentIndex } from './segment-index.js'
import type { Family } from './specificity.js'

/** More letters than globs can take away. */
const letters = String.fromCharCode(...Array.from({ length: 2 * maxAffixes + 1 }, (_, i) => 0x4e00 + i))

/** The segments of canonical paths. */
export const pathSpace: Space = {
  admits: (segment) => !isDotSegment(segment),
  fillers: `xyzwvutsrqponmlkjihgfedcba0123456789-_~XYZWVUTSRQPONMLKJIHGFEDCBA@:+=\u00e4\u00f6\u00fc${letters}`,
}

/** Path globs under the law of specificity; what matches is shown by a canonical path. */
export const pathFamily: Family<PathPattern, string> = {
  language: (p) => p.language,
  plainlyDisjoint: (a, b) => plainlyDisjoint(a.language, b.language),
  covers: (wide, narrow) => covers(pathSpace, wide.language, narrow.language),
  witness: (a, b, others) =>
    pathOf(
      findWord(
        pathSpace,
        [a.language, b.language],
        others.map((o) => o.language),
      ),
    ),
}

/** The path that a search found. */
export function pathOf(found: Search): string | undefined | 'too-complex' {
  return typeof found === 'object' ? `/${found.join('/')}` : found
}

/** The same, where a search that was given up found nothing. */
export function foundPath(found: Search): string | undefined {
  return typeof found === 'object' ? pathOf(found) : undefined
}

/** A glob of the index: what it belongs to, and its place in the order of specificity. */
export interface PathEntry<T> {
  readonly pattern: PathPattern
  readonly rank: number
  readonly value: T
}

/** Finds the owner of the most specific glob that matches a canonical path. */
export class PathIndex<T> {
  readonly #segments = new SegmentIndex<PathEntry<T>, undefined>({ separator: '/', fromRight: false }, () => true)

  constructor(entries: Iterable<PathEntry<T>>) {
    for (const entry of entries) for (const sequence of entry.pattern.language) this.#segments.add(sequence, entry)
  }

  find(path: string): T | undefined {
    return this.entry(path)?.value
  }

  /** The glob that decides. */
  entry(path: string): PathEntry<T> | undefined {
    return this.#segments.find(path, 1, path.length, undefined)
  }
}
