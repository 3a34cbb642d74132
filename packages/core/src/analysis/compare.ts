/**
 * Two policies compared by meaning: which requests are allowed by one and not by the other.
 *
 *     compare(before, after) is `equivalent` iff every request has the same outcome under both: the same methods, request
 *     headers and credentials are allowed, and a script sees the same response headers.
 *
 * A loop over the atoms that asks `evaluate` on a witness of each; the order of rules and the spelling of globs do not
 * matter. How long answers are cached, and the status of preflights, are no part of the outcome.
 */
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { type Abilities, abilitiesOf, otherHeader, vocabularyOf } from './abilities.js'
import { type OriginAtom, originAtoms } from './origin-atoms.js'
import { type PathAtom, pathAtoms } from './path-atoms.js'

/** What some origins may do under one policy that they may not under the other. */
export interface Difference {
  /** `OTHER`: every method that no rule mentions; `SERVED`: whatever the router serves. */
  readonly methods: readonly string[]
  /** `x-other`: every name that no rule mentions. */
  readonly requestHeaders: readonly string[]
  /** `*`: all. */
  readonly exposedHeaders: readonly string[]
  readonly credentials: boolean
}

export interface Change {
  /** `broader`: only the later policy allows it; `narrower`: only the earlier one does. */
  readonly direction: 'broader' | 'narrower'
  /** The rules that decide, before and after; absent where there is none. */
  readonly before?: string
  readonly after?: string
  /** The path globs by which the allowing policy comes to its rule; empty where a route names the rule. */
  readonly paths: readonly string[]
  /** The origins and globs that the allowing policy names; `*`: all others. */
  readonly origins: readonly string[]
  readonly difference: Difference
  /** Whether the other policy refuses these origins altogether. */
  readonly whole: boolean
  /** A request whose outcome differs. */
  readonly witness: CorsRequest
}

export interface Comparison {
  readonly verdict: 'equivalent' | 'broader' | 'narrower' | 'both'
  /** Broader ones first; those with credentials first among them. */
  readonly changes: readonly Change[]
  /** False: the globs combine in more ways than can be looked through, and changes may be missing. */
  readonly complete: boolean
}

export function compare(before: Policy, after: Policy): Comparison {
  const policies = [before as CompiledPolicy, after as CompiledPolicy] as const
  const { atoms, complete } = pathAtoms(policies)
  const changes: Change[] = []
  let allComplete = complete
  for (const path of atoms) {
    const origins = originAtoms(path.rules)
    allComplete &&= origins.complete
    const vocabulary = vocabularyOf(path.rules)
    for (const origin of origins.atoms) {
      const [old, now] = policies.map((policy) => abilitiesOf(policy, path.target, origin.origin, vocabulary)) as [
        Abilities,
        Abilities,
      ]
      changes.push(...differ('broader', path, origin, old, now), ...differ('narrower', path, origin, now, old))
    }
  }
  const merged = merge(changes).sort(weightier)
  return { verdict: verdictOf(merged), changes: merged, complete: allComplete }
}

function verdictOf(changes: readonly Change[]): Comparison['verdict'] {
  const broader = changes.some((change) => change.direction === 'broader')
  const narrower = changes.some((change) => change.direction === 'narrower')
  if (broader && narrower) return 'both'
  return broader ? 'broader' : narrower ? 'narrower' : 'equivalent'
}

/** What `more` allows and `less` does not, if anything. */
function differ(
  direction: Change['direction'],
  path: PathAtom,
  origin: OriginAtom,
  less: Abilities,
  more: Abilities,
): Change[] {
  const difference: Difference = {
    methods: missing(more.methods, less.methods),
    requestHeaders: missing(more.requestHeaders, less.requestHeaders),
    exposedHeaders: less.exposedHeaders.has('*') ? [] : missing(more.exposedHeaders, less.exposedHeaders),
    credentials: more.credentials && !less.credentials,
  }
  const { methods, requestHeaders, exposedHeaders, credentials } = difference
  if (methods.length + requestHeaders.length + exposedHeaders.length === 0 && !credentials) return []
  const allowing = direction === 'broader' ? 1 : 0
  const [old, now] = path.rules
  return [
    {
      direction,
      ...(old ? { before: old.id } : {}),
      ...(now ? { after: now.id } : {}),
      paths: path.globs[allowing] ?? [],
      origins: origin.globs[allowing] ?? [],
      difference,
      whole: less.methods.size === 0,
      witness: witnessOf(path, origin, difference, more),
    },
  ]
}

function missing(from: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] {
  return [...from].filter((name) => !other.has(name))
}

/** The plainest request that shows it: an actual one where it can, else the preflight for a header. */
function witnessOf({ target }: PathAtom, { origin }: OriginAtom, difference: Difference, more: Abilities): CorsRequest {
  const [method = [...more.methods][0] ?? 'GET'] = difference.methods
  const [header] = difference.requestHeaders
  if (difference.methods.length > 0 || header === undefined) return { ...target, method, origin }
  const requestHeaders = difference.requestHeaders.find((name) => name !== otherHeader) ?? header
  return { ...target, method: 'OPTIONS', origin, requestMethod: method, requestHeaders }
}

/** Changes that differ only in who gains or loses become one; the first witness stands for all. */
function merge(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>()
  for (const change of changes) {
    const { paths, origins, witness: _, ...what } = change
    const key = JSON.stringify(what)
    const known = merged.get(key)
    if (known === undefined) merged.set(key, change)
    else merged.set(key, { ...known, paths: union(known.paths, paths), origins: union(known.origins, origins) })
  }
  return [...merged.values()]
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])]
}

function weightier(a: Change, b: Change): number {
  return weight(b) - weight(a)
}

/** Broader before narrower, credentials before none, anyone before named origins, everything before a part. */
function weight({ direction, difference, origins, whole }: Change): number {
  return (
    (direction === 'broader' ? 8 : 0) +
    (difference.credentials ? 4 : 0) +
    (origins.includes('*') ? 2 : 0) +
    (whole ? 1 : 0)
  )
}
