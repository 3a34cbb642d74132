/** What safeconduct says about a policy: a diagnostic is data, with a permanent code, a place and a sentence. */
import type { CorsRequest } from './evaluate/request.js'
import { escapeText } from './quote.js'
import { sentences } from './sentences.js'

export type Severity = 'error' | 'warning' | 'info'

/** A place in a policy's text. Lines and columns count from 1; a column counts UTF-16 code units, as editors do. */
export interface Position {
  readonly file?: string
  readonly line: number
  readonly column: number
}

/** A concrete request, or the part of one that matters, that shows the point of a diagnostic. */
export type Witness = Partial<CorsRequest>

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** JSON Pointer (RFC 6901) into the policy document. */
  readonly pointer: string
  readonly message: string
  /** Replacement text for the value at `pointer`; digits at a `maxAge` are a number. */
  readonly fix?: string
  /** The cure is to remove the value at `pointer`. There is no `fix` then. */
  readonly remove?: true
  readonly witness?: Witness
  /** Present where the text of the document is known (`@safeconduct/core/text`). */
  readonly position?: Position
}

/**
 * Thrown at the outer doors, by whatever takes a policy or a suite (`compilePolicy`, `withOrigins`, `parsePolicy`,
 * `runSuite`). Holds every problem, errors first.
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(diagnosticLine).join('\n'))
    this.diagnostics = diagnostics
  }
}

/** One diagnostic on one line: place, severity, code, message. */
export function diagnosticLine(d: Diagnostic): string {
  const at = d.position
  const file = at?.file === undefined ? '' : `${escapeText(at.file)}:`
  const place = at ? `${file}${at.line}:${at.column}` : d.pointer === '' ? '(document)' : escapeText(d.pointer)
  return `${place} ${d.severity} ${d.code}: ${d.message}`
}

/** A JSON Pointer (RFC 6901) from its unescaped reference tokens. */
export function pointer(...tokens: readonly (string | number)[]): string {
  return tokens.map((t) => `/${String(t).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Errors first, then warnings, then infos; within one severity in the order in which they were found. */
export function errorsFirst(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity])
}

/** A group that several grants name is judged for each of them; what is said twice is told once, at its worst. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>()
  for (const d of diagnostics) {
    const key = `${d.code} ${d.pointer} ${d.message}`
    if (!seen.has(key) || d.severity === 'error') seen.set(key, d)
  }
  return [...seen.values()]
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

type Sentences = typeof sentences

/** Permanent: a code is never renamed, and never comes to mean something else. `docs/diagnostics/<code>.md` explains each. */
export type DiagnosticCode = keyof Sentences

/** Every code there is. */
export const diagnosticCodes: readonly DiagnosticCode[] = Object.keys(sentences) as DiagnosticCode[]

/** The makings of a diagnostic beside its code, its place and the words of its sentence. */
export interface DiagnosticDetails {
  readonly severity?: Severity
  readonly fix?: string | undefined
  readonly remove?: boolean
  readonly witness?: Witness | undefined
}

/** The only maker of diagnostics. `words` are what the code's sentence is about. */
export function diagnose<C extends DiagnosticCode>(
  code: C,
  at: string,
  words: Parameters<Sentences[C]>,
  details: DiagnosticDetails = {},
): Diagnostic {
  const sentence = sentences[code] as (...words: readonly unknown[]) => string
  return {
    code,
    severity: details.severity ?? 'error',
    pointer: at,
    message: sentence(...words),
    ...(details.fix === undefined ? {} : { fix: details.fix }),
    ...(details.remove === true ? { remove: true } : {}),
    ...(details.witness === undefined ? {} : { witness: details.witness }),
  }
}
