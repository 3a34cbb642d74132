/** Where a change is, and whom it is for, in the globs of the two policies. */
import { meet } from '../pattern/meet.js'
import { matchesOrigin, originFamily } from '../pattern/origin-index.js'
import type { OriginPattern } from '../pattern/origin-pattern.js'
import { pathFamily } from '../pattern/path-index.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import { settlingOrigins } from '../policy/conflicts.js'
import { type Label, type Named, nameClasses } from './naming.js'
import type { OriginSample } from './origin-atoms.js'
import type { PathAtom, PathClass } from './path-atoms.js'

/** `allowing`: the index of the policy that allows what the other does not. */
export type PathNamer = (atom: PathAtom, allowing: number) => Named

/** The same for the origins of one atom of paths. */
export type OriginNamer = (samples: readonly OriginSample[], allowing: number) => Named

export function namesOfPaths(atoms: readonly PathAtom[]): PathNamer {
  const classes = atoms.flatMap((atom) => atom.classes)
  const within = new Map<PathPattern, PathClass[]>()
  for (const each of classes) {
    for (const pattern of each.matching) {
      const others = within.get(pattern)
      if (others === undefined) within.set(pattern, [each])
      else others.push(each)
    }
  }
  const known = new Map<string, readonly string[]>()
  const textsOf = (a: PathPattern, b: PathPattern): readonly string[] => {
    const key = `${a.text}\n${b.text}`
    const texts = known.get(key) ?? sharedTexts(a, b)
    known.set(key, texts)
    return texts
  }
  return ({ classes: own }, allowing) => {
    const labelOf = ({ deciding }: PathClass): Label<PathClass> => {
      const [first, second] = [deciding[allowing] ?? deciding[1 - allowing], deciding[1 - allowing]]
      const texts = first === undefined ? [] : second === undefined ? [first.text] : textsOf(first, second)
      const needed = [first, second].filter((pattern) => pattern !== undefined)
      return { texts, holds: ({ matching }) => needed.length > 0 && needed.every((pattern) => matching.has(pattern)) }
    }
    const deciders = new Set(own.flatMap(({ deciding }) => deciding))
    const near = new Set([...deciders].flatMap((pattern) => (pattern && within.get(pattern)) ?? []))
    for (const each of own) near.delete(each)
    return nameClasses(own, [...near], labelOf)
  }
}

/** The narrower of two globs that overlap; else the globs that say where both match, or the first where none can. */
function sharedTexts(a: PathPattern, b: PathPattern): readonly string[] {
  if (a.text === b.text || pathFamily.covers(b, a) === true) return [a.text]
  if (pathFamily.covers(a, b) === true) return [b.text]
  const texts = meet(a.language, b.language).map((words) => `/${words.join('/')}`)
  return texts.length === 0 ? [a.text] : texts
}

/** `all`: a sample of each class of origins that the rules at hand tell apart. */
export function namesOfOrigins(
  samples: readonly OriginSample[],
  all: readonly OriginSample[],
  allowing: number,
  groupOf: ReadonlyMap<string, string>,
): Named {
  const own = new Set(samples)
  const labelOf = ({ origin, deciding }: OriginSample): Label<OriginSample> => {
    const group = groupOf.get(origin)
    if (group !== undefined) return { texts: [`@${group}`], holds: (other) => groupOf.get(other.origin) === group }
    const deciders = [deciding[allowing], deciding[1 - allowing]].filter((each) => each !== undefined)
    const exact = deciders.find(({ text, pattern }) => pattern === undefined && text !== '*')
    if (exact !== undefined) return { texts: [exact.text], holds: (other) => other.origin === origin }
    const patterns = deciders.flatMap(({ pattern }) => pattern ?? [])
    const isHeld = ({ parsed, origin: other }: OriginSample): boolean =>
      parsed !== undefined && !groupOf.has(other) && patterns.every((pattern) => matchesOrigin(pattern, parsed))
    return patterns.length === 0
      ? { texts: deciders.map(({ text }) => text).slice(0, 1), holds: () => deciders.length > 0 }
      : { texts: sharedOrigins(patterns), holds: isHeld }
  }
  return nameClasses(
    samples,
    all.filter((sample) => !own.has(sample)),
    labelOf,
  )
}

/** The same for origins. */
function sharedOrigins([a, b]: readonly OriginPattern[]): readonly string[] {
  if (a === undefined) return []
  if (b === undefined || a.text === b.text || originFamily.covers(b, a) === true) return [a.text]
  if (originFamily.covers(a, b) === true) return [b.text]
  const texts = settlingOrigins(a, b)
  return texts.length === 0 ? [a.text] : texts
}
