/**
 * Two policies compared by meaning: which requests are allowed by one and not by the other.
 *
 *     compare(before, after) is `equivalent` iff every request has the same outcome under both: the same methods, request
 *     headers and credentials are allowed, and a script sees the same response headers.
 *
 * A loop over the atoms that asks `evaluate` on a witness of each; the order of rules and the spelling of globs do not
 * matter. How long answers are cached, and the status of preflights, are no part of the outcome. External groups are taken
 * to hold origins that are named nowhere else.
 */
import type { Decision } from '../evaluate/decision.js'
import { evaluate } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { type Abilities, abilitiesOf, requestBy, type Vocabulary, vocabularyOf, type Words } from './abilities.js'
import { namesOfOrigins, namesOfPaths, type OriginNamer, type PathNamer } from './change-names.js'
import { withMembers } from './external-members.js'
import { type OriginAtom, originAtoms } from './origin-atoms.js'
import { type PathAtom, pathAtoms } from './path-atoms.js'

/** What some origins may do under one policy that they may not under the other. */
export interface Difference {
  /** Those that the two rules mention, or browsers send without asking. */
  readonly methods: readonly string[]
  /** Every other method. */
  readonly otherMethods: boolean
  /** Whatever the router serves. */
  readonly servedMethods: boolean
  /** Those that the two rules mention, and `authorization`. */
  readonly requestHeaders: readonly string[]
  /** Every other request header. */
  readonly otherRequestHeaders: boolean
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
  /** Where, in globs of the two policies; none where a route names the rule. `a & b`: what both match. */
  readonly paths: readonly string[]
  /** Globs within `paths` of which it is not so. */
  readonly exceptPaths: readonly string[]
  /** Who, in origins, globs and external groups (`@name`) of the two policies; `*`: all others; `a & b`: whom both match. */
  readonly origins: readonly string[]
  /** Globs and origins within `origins` of which it is not so. */
  readonly exceptOrigins: readonly string[]
  readonly difference: Difference
  /** Whether these origins share credentials under the policy that allows it. */
  readonly withCredentials: boolean
  /** Whether the other policy refuses these origins altogether. */
  readonly whole: boolean
  /** Whether the other policy allows the same methods wherever the router serves them. */
  readonly unlessServed: boolean
  /** A request whose outcome differs. The origin that stands for an external group's members is `https://any-of-….invalid`. */
  readonly witness: CorsRequest
  /** What becomes of it: where both allow it, its headers differ. */
  readonly reasons: { readonly before: Reason; readonly after: Reason }
}

type Reason = Decision['reason']

export interface Comparison {
  readonly verdict: 'equivalent' | 'broader' | 'narrower' | 'both'
  /** Broader ones first; those for anyone, and those with credentials, first among them. */
  readonly changes: readonly Change[]
  /** False: the globs combine in more ways than can be looked through, and changes may be missing. */
  readonly complete: boolean
  /** Where it is not complete: the globs that do, as written. */
  readonly tangled: readonly string[]
}

/** A change of one atom of paths, and the atoms of origins that it is for. */
interface FoundChange {
  readonly change: Pick<Change, 'direction' | 'difference' | 'withCredentials' | 'whole' | 'unlessServed' | 'witness'>
  readonly origins: OriginAtom[]
}

export function compare(before: Policy, after: Policy): Comparison {
  const { policies, groupOf } = withMembers([before, after])
  const [earlier, later] = policies as readonly [CompiledPolicy, CompiledPolicy]
  const { atoms, complete, tangled } = pathAtoms(policies)
  const namePaths = namesOfPaths(atoms)
  const changes: Change[] = []
  const allTangled = new Set(tangled)
  let allComplete = complete
  for (const path of atoms) {
    const origins = originAtoms(path.rules)
    allComplete &&= origins.complete
    for (const glob of origins.tangled) allTangled.add(glob)
    const vocabulary = vocabularyOf(path.rules)
    const found = new Map<string, FoundChange>()
    for (const origin of origins.atoms) {
      const old = abilitiesOf(earlier, path.target, origin.origin, vocabulary)
      const now = abilitiesOf(later, path.target, origin.origin, vocabulary)
      add(found, origin, differ('broader', path, origin, vocabulary, old, now))
      add(found, origin, differ('narrower', path, origin, vocabulary, now, old))
    }
    const samples = origins.atoms.flatMap((atom) => atom.samples)
    const globs = path.rules.flatMap((rule) => rule?.originGlobs ?? [])
    const nameOrigins = namesOfOrigins(samples, globs, groupOf)
    for (const each of found.values()) {
      const { witness } = each.change
      const reasons = { before: evaluate(earlier, witness).reason, after: evaluate(later, witness).reason }
      changes.push({ ...each.change, ...rulesOf(path), ...named(each, path, namePaths, nameOrigins), reasons })
    }
  }
  changes.sort((a, b) => weight(b) - weight(a))
  return { verdict: verdictOf(changes), changes, complete: allComplete, tangled: [...allTangled] }
}

function rulesOf({ rules: [old, now] }: PathAtom): Pick<Change, 'before' | 'after'> {
  return { ...(old ? { before: old.id } : {}), ...(now ? { after: now.id } : {}) }
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
  { target }: PathAtom,
  { origin }: OriginAtom,
  vocabulary: Vocabulary,
  less: Abilities,
  more: Abilities,
): FoundChange['change'] | undefined {
  const { otherMethod, servedMethod, otherHeader } = vocabulary
  const methods = missing(more.methods, less.methods)
  const requestHeaders = missing(more.requestHeaders, less.requestHeaders)
  const difference: Difference = {
    methods: methods.filter((name) => name !== otherMethod && name !== servedMethod),
    otherMethods: methods.includes(otherMethod),
    servedMethods: methods.includes(servedMethod),
    requestHeaders: requestHeaders.filter((name) => name !== otherHeader),
    otherRequestHeaders: requestHeaders.includes(otherHeader),
    exposedHeaders: less.exposedHeaders.has('*') ? [] : missing(more.exposedHeaders, less.exposedHeaders),
    credentials: more.credentials && !less.credentials,
  }
  const { exposedHeaders, credentials } = difference
  if (methods.length + requestHeaders.length + exposedHeaders.length === 0 && !credentials) return undefined
  return {
    direction,
    difference,
    withCredentials: more.credentials,
    whole: less.methods.size === 0,
    unlessServed: methods.length > 0 && less.methods.has(servedMethod),
    witness: { ...target, origin, ...witnessOf({ methods, requestHeaders }, vocabulary, less, more) },
  }
}

function missing(from: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] {
  return [...from].filter((name) => !other.has(name))
}

/** The plainest request that shows it: an actual one where it can, else the preflight for a header. */
function witnessOf(
  { methods, requestHeaders }: Words,
  vocabulary: Vocabulary,
  less: Abilities,
  more: Abilities,
): Pick<CorsRequest, 'method'> & Partial<CorsRequest> {
  const [method = [...more.methods][0] ?? 'GET'] = methods
  const request = requestBy(method, vocabulary, methods.length > 0 ? less.methods : new Set())
  const [header] = requestHeaders
  if (methods.length > 0 || header === undefined) return request
  return { ...request, method: 'OPTIONS', requestMethod: request.method, requestHeaders: header }
}

/** Changes that differ only in who gains or loses become one; the first witness stands for all. */
function add(found: Map<string, FoundChange>, origin: OriginAtom, change: FoundChange['change'] | undefined): void {
  if (change === undefined) return
  const { witness: _, ...what } = change
  const key = JSON.stringify(what)
  const known = found.get(key)
  if (known === undefined) found.set(key, { change, origins: [origin] })
  else known.origins.push(origin)
}

function named(
  { origins }: FoundChange,
  path: PathAtom,
  namePaths: PathNamer,
  nameOrigins: OriginNamer,
): Pick<Change, 'paths' | 'exceptPaths' | 'origins' | 'exceptOrigins'> {
  const where = namePaths(path)
  const who = nameOrigins(origins.flatMap((atom) => atom.samples))
  return { paths: where.globs, exceptPaths: where.except, origins: who.globs, exceptOrigins: who.except }
}

/** Broader before narrower, anyone before named origins, credentials before none, everything before a part. */
function weight({ direction, withCredentials, origins, whole }: Change): number {
  return (
    (direction === 'broader' ? 8 : 0) + (origins.includes('*') ? 4 : 0) + (withCredentials ? 2 : 0) + (whole ? 1 : 0)
  )
}
