/**
 * An origin that another entry of the same grant covers, so that the policy means the same without it. Entries are held
 * against those of their own list; those of the grant itself against the groups that it names too, but not the reverse,
 * since other grants name a group as well.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { allHosts, matchesOrigin, originFamily } from '../../pattern/origin-index.js'
import type { ExactOrigin, OriginPattern } from '../../pattern/origin-pattern.js'
import { mayOverlap } from '../../pattern/overlaps.js'
import type { CompiledGrant, CompiledRule } from '../../policy/policy.js'
import { parseOrigin } from '../../web/origin.js'
import type { LintedGrant, LintedOrigin, LintedPolicy } from '../linted.js'
import { sharedWith } from '../showing.js'

export function* redundantOrigin(grant: LintedGrant, policy: LintedPolicy): Iterable<Diagnostic> {
  const index = wideOnes(grant)
  for (const origin of grant.origins) {
    const wider = widerOf(grant, origin, index)
    if (wider === undefined || (origin.group !== undefined && !policy.isWhole)) continue
    // Without an entry of a group every grant that names the group must mean the same.
    const users = origin.group === undefined ? [grant] : policy.grants.filter((g) => g.origins.includes(origin))
    if (!users.every((user) => meansTheSameWithout(user, origin.glob, wider))) continue
    const witness = sharedWith(grant, origin.glob)
    if (!witness) continue
    const text = wider === 'anyone' ? '*' : wider.text
    yield diagnose('redundant-origin', origin.at, [origin.glob.text, text], { severity: 'info', remove: true, witness })
  }
}

type Wider = ExactOrigin | OriginPattern | 'anyone'

type LintedPattern = LintedOrigin & { readonly glob: OriginPattern }

interface WideOnes {
  readonly patterns: readonly LintedPattern[]
  /** By where a pattern stands: those that may have an origin in common with it, in the order of the text. */
  readonly near: ReadonlyMap<string, readonly LintedPattern[]>
  /** Exact origins by text, with where each stands. */
  readonly exact: ReadonlyMap<string, readonly LintedOrigin[]>
  readonly anyone: boolean
}

function wideOnes({ origins, written }: LintedGrant): WideOnes {
  const exact = new Map<string, LintedOrigin[]>()
  for (const origin of origins) {
    if (origin.glob.kind === 'exact') exact.set(origin.glob.text, [...(exact.get(origin.glob.text) ?? []), origin])
  }
  const patterns = origins.flatMap(({ glob, ...place }) => (glob.kind === 'pattern' ? [{ ...place, glob }] : []))
  return { patterns, near: overlapping(patterns), exact, anyone: written.origins.includes('*') }
}

function overlapping(patterns: readonly LintedPattern[]): ReadonlyMap<string, readonly LintedPattern[]> {
  const indexes: number[][] = patterns.map(() => [])
  for (const [i, j] of mayOverlap(patterns.map(({ glob }) => allHosts(glob)))) {
    indexes[i]?.push(j)
    indexes[j]?.push(i)
  }
  return new Map(
    indexes.map((others, i) => [
      (patterns[i] as LintedPattern).at,
      others.sort((a, b) => a - b).map((j) => patterns[j] as LintedPattern),
    ]),
  )
}

/** An entry that covers this one, and may stand against it. */
function widerOf(
  { origins, rule }: LintedGrant,
  narrow: LintedOrigin,
  { patterns, near, exact, anyone }: WideOnes,
): Wider | undefined {
  const mayCover = (wide: LintedOrigin): boolean =>
    wide.at !== narrow.at && (wide.group === narrow.group || narrow.group === undefined)
  if (anyone && narrow.group === undefined) return 'anyone'
  const { glob } = narrow
  if (glob.kind === 'exact') {
    const twin = exact.get(glob.text)?.find((wide) => mayCover(wide) && wide.group !== undefined)
    // Most match no pattern of the rule: one look-up tells.
    if (twin !== undefined || patternHeir(rule, glob.text) === undefined) return twin?.glob
    return patterns.find((wide) => mayCover(wide) && matches(wide.glob, glob.text))?.glob
  }
  const place = origins.indexOf(narrow)
  return near.get(narrow.at)?.find((wide) => {
    if (!mayCover(wide) || originFamily.plainlyDisjoint(wide.glob, glob)) return false
    if (originFamily.covers(wide.glob, glob) !== true) return false
    // Of two that mean the same the later one goes; one of a group stays.
    const isSame = originFamily.covers(glob, wide.glob) === true
    return !isSame || wide.group !== narrow.group || origins.findIndex((o) => o.at === wide.at) < place
  })?.glob
}

function matches(pattern: OriginPattern, text: string): boolean {
  const origin = parseOrigin(text)
  return origin !== undefined && matchesOrigin(pattern, origin)
}

/** Whether no other grant of the rule takes over what the entry leaves. `false` where that is not plain. */
function meansTheSameWithout(linted: LintedGrant, narrow: ExactOrigin | OriginPattern, wider: Wider): boolean {
  const { rule, grant } = linted
  if (rule.grants.length === 1 || (wider !== 'anyone' && wider.kind === 'exact')) return true
  if (rule.grants.some((other) => other !== grant && other.externalGroups.length > 0)) return false
  if (narrow.kind === 'exact' && heirOf(rule, narrow.text) !== grant) return false
  const own = new Set(linted.origins.map(({ glob }) => glob.text))
  // An exact origin may stand here to settle which of two grants decides it.
  return rule.originGlobs.every(
    (other) =>
      own.has(other.text) ||
      (narrow.kind === 'exact'
        ? !matches(other, narrow.text)
        : originFamily.plainlyDisjoint(other, narrow) || originFamily.covers(narrow, other) === true) ||
      (wider !== 'anyone' && originFamily.covers(other, wider) === true),
  )
}

/** Who decides an exact origin once it is not listed itself. */
function heirOf(rule: CompiledRule, text: string): CompiledGrant | undefined {
  return patternHeir(rule, text) ?? rule.anyone?.grant
}

function patternHeir({ originPatterns }: CompiledRule, text: string): CompiledGrant | undefined {
  const origin = parseOrigin(text)
  return origin && originPatterns?.find(origin)
}
