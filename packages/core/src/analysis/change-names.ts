/**
 * Where a change is, and whom it is for, in the globs of the two policies. What several globs match, none of which lies
 * within another, is written as one glob where one can say it, else as all of them with ` & ` between.
 */
import { meet } from '../pattern/meet.js'
import { matchesOrigin, originFamily } from '../pattern/origin-index.js'
import type { OriginPattern } from '../pattern/origin-pattern.js'
import { pathFamily } from '../pattern/path-index.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import { settlingOrigins } from '../policy/conflicts.js'
import { type Label, type Named, nameClasses } from './naming.js'
import type { OriginSample } from './origin-atoms.js'
import type { PathAtom, PathClass } from './path-atoms.js'

export type PathNamer = (atom: PathAtom) => Named

export function namesOfPaths(atoms: readonly PathAtom[]): PathNamer {
  const within = new Map<PathPattern, PathClass[]>()
  for (const each of atoms.flatMap((atom) => atom.classes)) {
    for (const pattern of each.matching) {
      const others = within.get(pattern)
      if (others === undefined) within.set(pattern, [each])
      else others.push(each)
    }
  }
  const narrowest = narrowestOf(pathFamily.covers, (a: PathPattern, b) =>
    meet(a.language, b.language).map((words) => `/${words.join('/')}`),
  )
  const labels = new Map<PathClass, Label<PathClass>>()
  const labelOf = ({ matching }: PathClass): Label<PathClass> => {
    const { globs, text } = narrowest([...matching])
    return { text, holds: (other) => globs.length > 0 && globs.every((pattern) => other.matching.has(pattern)) }
  }
  return ({ classes: own }) => {
    const deciders = new Set(own.flatMap(({ deciding }) => deciding))
    const near = new Set([...deciders].flatMap((pattern) => (pattern && within.get(pattern)) ?? []))
    for (const each of own) near.delete(each)
    return nameClasses(own, [...near], (each) => remembered(labels, each, () => labelOf(each)))
  }
}

/** The same for the origins of one atom of paths. */
export type OriginNamer = (samples: readonly OriginSample[]) => Named

/** `all`: a sample of each class of origins that the rules at hand tell apart; `patterns`: their globs. */
export function namesOfOrigins(
  all: readonly OriginSample[],
  patterns: readonly OriginPattern[],
  groupOf: ReadonlyMap<string, string>,
): OriginNamer {
  const narrowest = narrowestOf(originFamily.covers, settlingOrigins)
  const labels = new Map<OriginSample, Label<OriginSample>>()
  const labelOf = ({ origin, parsed, deciding }: OriginSample): Label<OriginSample> => {
    const group = groupOf.get(origin)
    if (group !== undefined) return { text: `@${group}`, holds: (other) => groupOf.get(other.origin) === group }
    const exact = deciding.find((each) => each !== undefined && each.pattern === undefined && each.text !== '*')
    if (exact !== undefined) return { text: exact.text, holds: (other) => other.origin === origin }
    const deciders = deciding.flatMap((each) => each?.pattern ?? [])
    if (deciders.length === 0) return { text: '*', holds: () => true }
    const matching = parsed === undefined ? deciders : patterns.filter((pattern) => matchesOrigin(pattern, parsed))
    const { globs, text } = narrowest(matching)
    return { text, holds: (other) => !groupOf.has(other.origin) && matchesAll(globs, other) }
  }
  return (samples) => {
    const own = new Set(samples)
    const others = all.filter((sample) => !own.has(sample))
    return nameClasses(samples, others, (each) => remembered(labels, each, () => labelOf(each)))
  }
}

function matchesAll(globs: readonly OriginPattern[], { parsed }: OriginSample): boolean {
  return parsed !== undefined && globs.every((glob) => matchesOrigin(glob, parsed))
}

interface Narrowest<G> {
  readonly globs: readonly G[]
  /** What matches all of them. */
  readonly text: string
}

/** Of globs that all match one thing, those that no other one lies within. */
function narrowestOf<G extends { readonly text: string }>(
  covers: (wide: G, narrow: G) => boolean | 'too-complex',
  shared: (a: G, b: G) => readonly string[],
): (globs: readonly G[]) => Narrowest<G> {
  const answers = new Map<string, boolean>()
  const isWithin = (narrow: G, wide: G): boolean =>
    narrow.text === wide.text ||
    remembered(answers, `${narrow.text}\n${wide.text}`, () => covers(wide, narrow) === true)
  return (matching) => {
    const globs: G[] = []
    for (const [i, each] of matching.entries()) {
      const others = matching.filter((other, j) => j !== i && isWithin(other, each))
      // Of two that lie within each other the first stays.
      if (others.every((other) => isWithin(each, other) && matching.indexOf(other) > i)) globs.push(each)
    }
    const [first, second, third] = globs
    const [only, more] = first && second && !third ? shared(first, second) : []
    const isOne = only !== undefined && more === undefined
    return { globs, text: isOne ? only : globs.map(({ text }) => text).join(' & ') }
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const before = known.get(key)
  if (before !== undefined) return before
  const made = make()
  known.set(key, made)
  return made
}
