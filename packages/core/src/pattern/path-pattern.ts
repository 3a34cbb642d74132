/**
 * Path globs: policy text into segments, with a fault that says why and where.
 *
 *     glob     = 1*( "/" segment )
 *     segment  = "**"                                  ; zero or more segments, empty ones too
 *              / "*"                                   ; one segment that is not empty
 *              / *part [ "*" ] *part                   ; text, with at most one run of any characters
 *     part     = text / "{" alternative 1*( "," alternative ) "}"
 *     text     = 1*( any character but / * { } and those refused, or a kept escape )
 *     kept     = "%" ( "23" / "24" / "25" / "26" / "2B" / "2C" / "2F" / "3A" / "3B" / "3D" / "3F" / "40" )
 *
 * Refused: whatever another pattern language gives a meaning (`? [ ] ! ( ) " \ ^ |`, a final `$`, a segment `:name`), and
 * whatever no canonical path holds (control characters, `#`, dot segments, escapes that the router decodes).
 */
import { canonicalPath } from '../web/path.js'
import { type BraceFault, expandBraces, type FaultAt } from './braces.js'
import { type Language, maxExpansions, maxGlobLength, type Sequence, stepOf } from './glob.js'

export interface PathPattern {
  /** As written. */
  readonly text: string
  readonly language: Language
}

export type PathFault =
  | BraceFault
  | 'too-long'
  | 'no-leading-slash'
  | 'character'
  | 'two-stars'
  | 'globstar-in-segment'
  | 'dot-segment'
  | 'route-parameter'
  | 'escape'

export interface PathPatternFault extends FaultAt<PathFault> {
  /** The glob that was probably meant. */
  readonly fix?: string
}

/** The pattern that `text` spells, or its first fault. */
export function parsePathPattern(text: string): PathPattern | PathPatternFault {
  if (text.length > maxGlobLength) return { fault: 'too-long', at: maxGlobLength }
  if (!text.startsWith('/')) return { fault: 'no-leading-slash', at: 0, ...offered(withLeadingSlash(text)) }
  const refused = text.search(refusedCharacters)
  if (refused !== -1) return { fault: 'character', at: refused }
  const escape = escapeFault(text)
  if (escape) return escape
  let sequences: Sequence[] = [[]]
  let at = 1
  for (const segment of text.slice(1).split('/')) {
    const words = segmentWords(segment)
    if (!Array.isArray(words)) return shifted(words as FaultAt<PathFault>, at)
    if (sequences.length * words.length > maxExpansions) return { fault: 'too-many-expansions', at }
    const steps = words.map(stepOf)
    sequences = sequences.flatMap((s) => steps.map((step) => append(s, step)))
    at += segment.length + 1
  }
  return { text, language: sequences }
}

/** Policy text only: a request never meets this expression. */
const refusedCharacters =
  /[\u0000-\u001f\u007f?[\]!()"\\^|#]|\$$|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** `**` behind `**` adds nothing. */
function append(sequence: Sequence, step: Sequence[number]): Sequence {
  return step.kind === 'rest' && sequence.at(-1)?.kind === 'rest' ? sequence : [...sequence, step]
}

function shifted(fault: FaultAt<PathFault>, by: number): PathPatternFault {
  return { ...fault, at: fault.at + by }
}

/** The words of a segment with its braces written out, or a fault. */
function segmentWords(segment: string): readonly string[] | FaultAt<PathFault> {
  if (segment === '**') return [segment]
  if (/^:[A-Za-z_]/.test(segment)) return { fault: 'route-parameter', at: 0 }
  const globstar = segment.indexOf('**')
  if (globstar !== -1) return { fault: 'globstar-in-segment', at: globstar }
  const words = expandBraces(segment)
  if (!Array.isArray(words)) return words as FaultAt<BraceFault>
  const second = segment.indexOf('*', segment.indexOf('*') + 1)
  if (segment.includes('*') && second > segment.indexOf('*')) return { fault: 'two-stars', at: second }
  return words.some(isDotSegment) ? { fault: 'dot-segment', at: 0 } : words
}

/** `.` and `..`, an encoded slash taken for a separator: no canonical path has one. */
export function isDotSegment(word: string): boolean {
  return word.includes('.') && word.split('%2F').some((part) => part === '.' || part === '..')
}

/** Literals are written as the canonical path has them. */
function escapeFault(text: string): PathPatternFault | undefined {
  for (let i = text.indexOf('%'); i !== -1; i = text.indexOf('%', i + 3)) {
    const escape = text.slice(i, i + 3)
    if (keptEscapes.has(escape)) continue
    // A star or brace that was escaped would come to mean something.
    return { fault: 'escape', at: i, ...offered(/%(?:2a|7b|7d)/i.test(text) ? undefined : canonicalPath(text)) }
  }
  return undefined
}

const keptEscapes: ReadonlySet<string> = new Set('%23 %24 %25 %26 %2B %2C %2F %3A %3B %3D %3F %40'.split(' '))

/** A fix is offered only if it is a glob itself. */
function offered(fix: string | undefined): { readonly fix?: string } {
  return fix === undefined || 'fault' in parsePathPattern(fix) ? {} : { fix }
}

/** A glob copied with its scheme and host, or without its slash; `*` alone is meant to be every path. */
function withLeadingSlash(text: string): string {
  if (text === '*') return '/**'
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(text)
  return absolute ? (absolute[1] ?? '/') : `/${text}`
}
