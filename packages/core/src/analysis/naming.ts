/**
 * What to call some of the classes that globs tell apart: by the globs that a person wrote, and the narrower ones in which it
 * is not so.
 */

/** What a class is called: the narrowest glob that decides it, and which classes lie within that. */
export interface Label<T> {
  readonly texts: readonly string[]
  readonly holds: (other: T) => boolean
}

export interface Named {
  readonly globs: readonly string[]
  /** Globs within `globs` of which it is not said. */
  readonly except: readonly string[]
}

/** More labels than this are not held against each other. */
const mostCompared = 200

/** `others`: all classes but those that are to be named. */
export function nameClasses<T>(classes: readonly T[], others: readonly T[], labelOf: (each: T) => Label<T>): Named {
  const own = withoutNarrower(labelled(classes, labelOf))
  const texts = new Set(own.flatMap(({ label }) => label.texts))
  const outside = others.filter((other) => own.some(({ label }) => label.holds(other)))
  const except = withoutNarrower(labelled(outside, labelOf)).flatMap(({ label }) => label.texts)
  return { globs: [...texts], except: [...new Set(except)].filter((text) => !texts.has(text)) }
}

interface Labelled<T> {
  readonly label: Label<T>
  readonly classes: readonly T[]
}

function labelled<T>(classes: readonly T[], labelOf: (each: T) => Label<T>): Labelled<T>[] {
  const found = new Map<string, { label: Label<T>; classes: T[] }>()
  for (const each of classes) {
    const label = labelOf(each)
    const key = label.texts.join('\n')
    const known = found.get(key)
    if (known === undefined) found.set(key, { label, classes: [each] })
    else known.classes.push(each)
  }
  return [...found.values()]
}

/** A label all of whose classes another one holds says nothing beside it. */
function withoutNarrower<T>(labels: readonly Labelled<T>[]): readonly Labelled<T>[] {
  if (labels.length > mostCompared) return labels
  const kept: Labelled<T>[] = []
  for (const each of labels) {
    const isWithin = (wide: Labelled<T>): boolean => wide !== each && each.classes.every((one) => wide.label.holds(one))
    const wider = labels.filter(isWithin)
    // Of two that hold each other the first stays.
    if (wider.every((wide) => !kept.includes(wide) && wide.classes.every((one) => each.label.holds(one))))
      kept.push(each)
  }
  return kept
}
