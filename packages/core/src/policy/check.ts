/** Everything that is wrong with a policy document, without compiling it. */
import { type Diagnostic, distinct, errorsFirst } from '../diagnostic.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import { type Assembly, assemble } from './assemble.js'
import { locationsOf } from './document.js'
import { readShape } from './shape.js'

/**
 * Every problem of a policy document at once, errors first; empty for a flawless one. Never throws, whatever the value.
 * A document that came from `parsePolicy` gives positions.
 */
export function checkPolicy(document: unknown): Diagnostic[] {
  return [...assembleChecked(document).diagnostics]
}

export interface CheckedAssembly extends Assembly {
  /** The document as plain data that nobody else holds: what was judged is what is compiled. */
  readonly value: unknown
}

/** The reading of a document together with all that is wrong with it, shape first. */
export function assembleChecked(
  document: unknown,
  seenByRouter: (p: PathPattern) => PathPattern = (p) => p,
): CheckedAssembly {
  const shape = readShape(document)
  const { rules, diagnostics } = assemble(shape.value, seenByRouter)
  return {
    rules,
    diagnostics: located(document, errorsFirst(distinct([...shape.diagnostics, ...diagnostics]))),
    value: shape.value,
  }
}

/** The diagnostics with the positions that a parsed document, a policy's or a suite's, carries. */
export function located(document: unknown, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const locate = locationsOf(document)
  return diagnostics.map((d) => (locate === undefined ? d : { ...d, position: d.position ?? locate(d.pointer) }))
}
