/** All that can be said of a policy: text, shape, meaning, promises, lint. */
import {
  checkPolicy,
  compilePolicy,
  type Diagnostic,
  type PolicyDocument,
  PolicyError,
  type Position,
} from '@safeconduct/core'
import { lint, proveInvariants } from '@safeconduct/core/analysis'
import { locationsOf, parsePolicy } from '@safeconduct/core/text'
import type { Io } from './io.js'
import type { Finding } from './report/report.js'
import type { TextFile } from './text-file.js'

export interface JudgedFile extends TextFile {
  /** Absent where the text or the shape is not a policy's. */
  readonly document?: PolicyDocument
  /** Where the value at a JSON Pointer stands. */
  readonly locate?: (pointer: string) => Position
  /** Errors first, each kind in the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

export function judge({ file, text }: TextFile, io: Pick<Io, 'today'>): JudgedFile {
  let document: PolicyDocument
  try {
    document = parsePolicy(text, { file })
  } catch (error) {
    if (error instanceof PolicyError) return { file, text, diagnostics: inOrder(error.diagnostics) }
    throw error
  }
  const locate = locationsOf(document)
  return { file, text, document, diagnostics: judgeDocument(document, io), ...(locate ? { locate } : {}) }
}

export function judgeDocument(document: PolicyDocument, { today }: Pick<Io, 'today'>): readonly Diagnostic[] {
  const found = [...checkPolicy(document), ...lint(document, { today })]
  // A policy with an error does not load, so it has no meaning to hold promises against.
  if (found.some(({ severity }) => severity === 'error')) return inOrder(found)
  return inOrder([...proveInvariants(compilePolicy(document), document), ...found])
}

const rank = { error: 0, warning: 1, info: 2 } as const

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  )
}

export function findingsOf({ file, diagnostics }: JudgedFile): Finding[] {
  return diagnostics.map((diagnostic) => ({ ...diagnostic, file: diagnostic.position?.file ?? file }))
}
