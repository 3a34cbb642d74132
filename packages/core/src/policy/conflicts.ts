/** What the law of specificity forbids, in words: globs of two owners that mean the same, or that both decide somewhere. */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import { meet } from '../pattern/meet.js'
import { allHosts } from '../pattern/origin-index.js'
import type { OriginPattern } from '../pattern/origin-pattern.js'
import { type PathPattern, parsePathPattern } from '../pattern/path-pattern.js'
import type { Conflict } from '../pattern/specificity.js'

/** A glob, whose it is, and where it stands. */
interface Placed<P> {
  readonly pattern: P
  readonly owner: number
  readonly at: string
}

export interface PlacedPath extends Placed<PathPattern> {
  readonly ruleId: string
}

/** An origin glob that is not exact. */
export type PlacedOrigin = Placed<OriginPattern>

/** The later glob is told of the earlier one. */
export function pathConflict(conflict: Conflict<string>, paths: readonly PlacedPath[]): Diagnostic {
  const first = paths[conflict.a] as PlacedPath
  const second = paths[conflict.b] as PlacedPath
  const [a, b] = [first.pattern.text, second.pattern.text]
  if (conflict.kind === 'same') return diagnose('duplicate-path', second.at, [b, a, first.ruleId])
  if (conflict.kind === 'too-complex') return tooComplex(second.at, b, a)
  const settle = meet(first.pattern.language, second.pattern.language)
    .map((words) => `/${words.join('/')}`)
    .filter((glob) => !('fault' in parsePathPattern(glob)))
  const path = conflict.witness
  return diagnose('ambiguous-paths', second.at, [path, a, first.ruleId, b, second.ruleId, settle], {
    witness: { method: 'GET', path },
  })
}

export function originConflict(conflict: Conflict<string>, origins: readonly PlacedOrigin[]): Diagnostic {
  const first = origins[conflict.a] as PlacedOrigin
  const second = origins[conflict.b] as PlacedOrigin
  const [a, b] = [first.pattern.text, second.pattern.text]
  if (conflict.kind === 'same') return diagnose('duplicate-origin', second.at, [b, a, first.at])
  if (conflict.kind === 'too-complex') return tooComplex(second.at, b, a)
  const origin = conflict.witness
  return diagnose('ambiguous-origins', second.at, [origin, a, b, settlingOrigins(first.pattern, second.pattern)], {
    witness: { origin },
  })
}

function tooComplex(at: string, text: string, other: string): Diagnostic {
  return diagnose('pattern-too-complex', at, [
    text,
    `overlaps with \`${other}\` in more ways than can be looked through; make one of them plainer`,
  ])
}

/** The overlap of two globs as origin globs, or nothing where one glob cannot say it. */
export function settlingOrigins(a: OriginPattern, b: OriginPattern): readonly string[] {
  const schemes = a.schemes.filter((s) => b.schemes.includes(s))
  const scheme = schemes.length > 1 ? `{${schemes.join(',')}}` : schemes[0]
  const ports = a.ports === 'any' ? b.ports : b.ports === 'any' ? a.ports : a.ports.filter((p) => b.ports.includes(p))
  const port =
    ports === 'any' ? ':*' : ports.length > 1 ? `:{${ports.join(',')}}` : ports[0] === '' ? '' : `:${ports[0]}`
  const hosts = meet(allHosts(a), allHosts(b)).map(hostText)
  return hosts.includes(undefined) ? [] : hosts.map((host) => `${scheme}://${host}${port}`)
}

/** Words right to left, where `*` and then `**` are one or more labels; other places of `**` no host glob can say. */
function hostText(words: readonly string[]): string | undefined {
  const labels = words.at(-1) === '**' && words.at(-2) === '*' ? [...words.slice(0, -2), '**'] : [...words]
  return labels.slice(0, -1).includes('**') || (labels.at(-1) === '**' && words.at(-2) !== '*')
    ? undefined
    : labels.reverse().join('.')
}
