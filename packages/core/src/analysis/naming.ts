/**
 * What to call some of the classes that globs tell apart: by the globs that a person wrote, and the narrower ones in which it
 * is not so. As everywhere, the most specific of them decides.
 */

/** What a class is called: the narrowest glob that matches it, and which classes lie within that. */
export interface Label<T> {
  readonly text: string
  readonly holds: (other: T) => boolean
}

export interface Named {
  readonly globs: readonly string[]
  /** Globs within `globs` of which it is not said. One of `globs` may lie within one of these again. */
  readonly except: readonly string[]
}

/** `others`: all classes but those that are to be named. */
export function nameClasses<T>(classes: readonly T[], others: readonly T[], labelOf: (each: T) => Label<T>): Named {
  const own = labelled(classes, labelOf)
  const outside = others.filter((other) => own.some(({ label }) => label.holds(other)))
  const except = labelled(outside, labelOf)
  return { globs: textsOf(needed(own, except)), except: textsOf(needed(except, own)) }
}

interface Labelled<T> {
  readonly label: Label<T>
  readonly classes: readonly T[]
}

function labelled<T>(classes: readonly T[], labelOf: (each: T) => Label<T>): readonly Labelled<T>[] {
  const found = new Map<string, { label: Label<T>; classes: T[] }>()
  for (const each of classes) {
    const label = labelOf(each)
    const known = found.get(label.text)
    if (known === undefined) found.set(label.text, { label, classes: [each] })
    else known.classes.push(each)
  }
  return [...found.values()]
}

/** More labels than this are not held against each other: all are told. */
const mostCompared = 200

/** A label within another one says nothing beside it, unless one of the opposite stands between the two. */
function needed<T>(labels: readonly Labelled<T>[], opposite: readonly Labelled<T>[]): readonly Labelled<T>[] {
  if (labels.length > mostCompared) return labels
  const kept: Labelled<T>[] = []
  for (const each of labels) {
    // Of two that hold each other the first stays.
    const wider = labels.filter(
      (wide) => wide !== each && holdsAll(wide, each) && (kept.includes(wide) || !holdsAll(each, wide)),
    )
    const between = opposite.filter((other) => holdsAll(other, each))
    if (wider.length === 0 || between.some((other) => wider.some((wide) => holdsAll(wide, other)))) kept.push(each)
  }
  return kept
}

function holdsAll<T>({ label }: Labelled<T>, { classes }: Labelled<T>): boolean {
  return classes.every((one) => label.holds(one))
}

function textsOf<T>(labels: readonly Labelled<T>[]): readonly string[] {
  return labels.map(({ label }) => label.text)
}
