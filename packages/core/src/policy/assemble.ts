/**
 * The one reading of a policy document: everything wrong with it, and, where nothing is an error, the parts that `compile`
 * puts together. Reading goes on behind a fault, so that all problems are told at once.
 */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import { matchesOrigin, originFamily } from '../pattern/origin-index.js'
import type { OriginPattern } from '../pattern/origin-pattern.js'
import { mayOverlap } from '../pattern/overlaps.js'
import { pathFamily } from '../pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../pattern/path-pattern.js'
import { specificity } from '../pattern/specificity.js'
import { type Origin, parseOrigin } from '../web/origin.js'
import { originConflict, type PlacedOrigin, type PlacedPath, pathConflict } from './conflicts.js'
import { type GrantFields, readGrantFields, readMethods, readRequestHeaders } from './grant.js'
import { type GrantOrigins, placeOf, readOrigins } from './origins.js'
import { field, fieldsOf, listOf, textsOf } from './read.js'

/** A grant as read. */
export interface GrantParts {
  /** Where an origin of the grant stands. */
  readonly placeOf: (origin: string) => string
  readonly fields: GrantFields
  readonly origins: GrantOrigins
}

/** A rule as read. Ranks are those of the law of specificity: over all rules for paths, within the rule for origins. */
export interface RuleParts {
  readonly id: string
  readonly paths: readonly { readonly pattern: PathPattern; readonly rank: number }[]
  readonly grants: readonly GrantParts[]
  /** By index of the grant, then of its pattern. */
  readonly originRanks: readonly (readonly number[])[]
}

export interface Assembly {
  readonly rules: readonly RuleParts[]
  readonly diagnostics: readonly Diagnostic[]
}

/** `seenByRouter`: what the router makes of a path glob, where it folds paths. */
export function assemble(document: unknown, seenByRouter: (pattern: PathPattern) => PathPattern): Assembly {
  const found: Diagnostic[] = []
  readGroups(document, found)
  const rules = listOf(field(document, 'rules'))
  readIds(rules, '/rules', found)
  const placed = rules.flatMap((rule, r) => readPaths(rule, r, seenByRouter, found))
  const { ranks, conflicts } = specificity(pathFamily, placed, mayOverlap)
  found.push(...conflicts.map((conflict) => pathConflict(conflict, placed)))
  const pathsOf: { pattern: PathPattern; rank: number }[][] = rules.map(() => [])
  for (const [i, { pattern, owner }] of placed.entries()) pathsOf[owner]?.push({ pattern, rank: ranks[i] as number })
  const parts = rules.map((rule, r) => {
    const grants = listOf(field(rule, 'allow')).map((grant, g) =>
      readGrant(document, grant, `/rules/${r}/allow/${g}`, found),
    )
    return { id: idOf(rule), paths: pathsOf[r] ?? [], grants, originRanks: rankOrigins(grants, found) }
  })
  readInvariants(document, found)
  return { rules: parts, diagnostics: found }
}

function idOf(rule: unknown): string {
  const id = field(rule, 'id')
  return typeof id === 'string' ? id : ''
}

function readIds(items: readonly unknown[], at: string, found: Diagnostic[]): void {
  const first = new Map<string, number>()
  for (const [i, item] of items.entries()) {
    const id = idOf(item)
    const before = first.get(id)
    if (before === undefined) first.set(id, i)
    else if (id !== '') found.push(diagnose('duplicate-id', `${at}/${i}/id`, [id, `${at}/${before}`]))
  }
}

/** Globs of groups are held to the dialect even where no grant names the group. */
function readGroups(document: unknown, found: Diagnostic[]): void {
  const used = new Set<string>()
  for (const rule of listOf(field(document, 'rules'))) {
    for (const grant of listOf(field(rule, 'allow'))) {
      for (const [, text] of textsOf(field(grant, 'origins'))) if (text.startsWith('@')) used.add(text.slice(1))
    }
  }
  const unused = Object.fromEntries(
    Object.entries(fieldsOf(field(document, 'origins'))).filter(([name]) => !used.has(name)),
  )
  for (const name of Object.keys(unused)) {
    readOrigins({ origins: unused }, [`@${name}`], '', { credentials: false, accepts: () => true }, found)
  }
}

function readPaths(
  rule: unknown,
  owner: number,
  seen: (p: PathPattern) => PathPattern,
  found: Diagnostic[],
): PlacedPath[] {
  return [...textsOf(field(rule, 'paths'))].flatMap(([i, text]) => {
    const at = `/rules/${owner}/paths/${i}`
    const pattern = readPath(text, at, found)
    return pattern === undefined ? [] : [{ pattern: seen(pattern), owner, at, ruleId: idOf(rule) }]
  })
}

function readPath(text: string, at: string, found: Diagnostic[]): PathPattern | undefined {
  const pattern = parsePathPattern(text)
  if (!('fault' in pattern)) return pattern
  const { fault, fix } = pattern
  if (fault === 'too-many-expansions')
    found.push(diagnose('pattern-too-complex', at, [text, 'has more than 64 alternatives; split it']))
  else found.push(diagnose('invalid-path', at, [text, fault, pattern.at, fix], { fix }))
  return undefined
}

function readGrant(document: unknown, grant: unknown, at: string, found: Diagnostic[]): GrantParts {
  const fields = readGrantFields(grant, at, found)
  const waived = new Set(fields.accept.map((waiver) => waiver.code))
  const sharing = { credentials: fields.credentials, accepts: (code: string) => waived.has(code) }
  const listed = field(grant, 'origins')
  const origins = readOrigins(document, listed, `${at}/origins`, sharing, found)
  return { fields, origins, placeOf: (origin) => placeOf(origin, document, listed, `${at}/origins`) }
}

/** One origin, one grant: what two grants of a rule have in common is told, and the rest is put in order. */
function rankOrigins(grants: readonly GrantParts[], found: Diagnostic[]): readonly (readonly number[])[] {
  if (grants.length > 1) found.push(...repeatedOrigins(grants))
  const placed: PlacedOrigin[] = grants.flatMap(({ origins }, owner) => origins.patterns.map((p) => ({ ...p, owner })))
  const plain = specificity(originFamily, placed, mayOverlap)
  const settling = plain.conflicts.some(({ kind }) => kind === 'ambiguous') ? exactInOverlaps(grants, placed) : []
  const all = [...placed, ...settling]
  const { ranks, conflicts } = settling.length === 0 ? plain : specificity(originFamily, all, mayOverlap)
  found.push(...conflicts.map((conflict) => originConflict(conflict, all)))
  let next = 0
  return grants.map(({ origins }) => origins.patterns.map(() => ranks[next++] as number))
}

/** Exact origins that match patterns of several grants: an origin that is listed itself is not ambiguous. */
function exactInOverlaps(grants: readonly GrantParts[], placed: readonly PlacedOrigin[]): PlacedOrigin[] {
  const found = new Map<string, PlacedOrigin>()
  for (const [owner, { origins, placeOf }] of grants.entries()) {
    for (const text of origins.exact) {
      const origin = parseOrigin(text)
      if (origin === undefined || found.has(text)) continue
      const owners = new Set(placed.filter((p) => matchesOrigin(p.pattern, origin)).map((p) => p.owner))
      if (owners.size <= 1) continue
      // Its place is looked for where it is told of only: there may be very many.
      found.set(text, {
        pattern: exactPattern(text, origin),
        owner,
        get at() {
          return placeOf(text)
        },
      })
    }
  }
  return [...found.values()]
}

function exactPattern(text: string, { scheme, host, port }: Origin): OriginPattern {
  return { kind: 'pattern', text, schemes: [scheme], hosts: [], literalHosts: [host], ports: [port] }
}

/** More repeats than this say nothing new. */
const maxRepeats = 20

/** Exact origins, `"*"` and external groups that stand in two grants. */
function repeatedOrigins(grants: readonly GrantParts[]): Diagnostic[] {
  const found: Diagnostic[] = []
  const first = new Map<string, GrantParts>()
  for (const grant of grants) {
    const { exact, anyone, external } = grant.origins
    const groups = external.map((name) => `@${name}`)
    for (const text of anyone === undefined ? [...exact, ...groups] : [...exact, ...groups, '*']) {
      const before = first.get(text)
      if (before === undefined) first.set(text, grant)
      else if (before !== grant && found.length < maxRepeats) {
        found.push(diagnose('duplicate-origin', grant.placeOf(text), [text, text, before.placeOf(text)]))
      }
    }
  }
  return found
}

/** Invariants are read by the same rules; whether they hold is for the analysis to say. */
function readInvariants(document: unknown, found: Diagnostic[]): void {
  const invariants = listOf(field(document, 'invariants'))
  readIds(invariants, '/invariants', found)
  for (const [i, invariant] of invariants.entries()) {
    const at = `/invariants/${i}/never`
    const never = field(invariant, 'never')
    readOrigins(document, field(never, 'origins'), `${at}/origins`, { credentials: false, accepts: () => true }, found)
    for (const [j, text] of textsOf(field(never, 'paths'))) readPath(text, `${at}/paths/${j}`, found)
    readMethods(field(never, 'methods'), `${at}/methods`, found)
    readRequestHeaders(field(never, 'requestHeaders'), `${at}/requestHeaders`, found)
  }
}
