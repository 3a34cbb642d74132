/**
 * The requests that a policy can tell apart, in classes. A rule decides a request, and within it a grant or none; the
 * grant covers its method or does not, and the header names that a preflight asks for or does not. So a policy has
 *
 * - a class for the paths without a rule, and for each rule that allows nobody;
 * - for each other rule a class for the origins that it refuses, where there are any;
 * - for each grant a class for the methods that it covers and one for others; and, where it names request headers, a
 *   class for preflights that ask for such and one for preflights that ask for another.
 *
 * Classes that no request is in are left out: the atoms of paths and origins tell which there are, with a witness.
 */
import { unmentioned } from '../analysis/abilities.js'
import { type OriginAtom, originAtoms } from '../analysis/origin-atoms.js'
import { type PathAtom, pathAtoms } from '../analysis/path-atoms.js'
import { coversHeader, methodRefusal, requestedNames } from '../evaluate/coverage.js'
import { decidingHit, decidingRule } from '../evaluate/deciding.js'
import { isPreflight } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledGrant, CompiledPolicy, CompiledRule } from '../policy/policy.js'
import { isSafelistedMethod } from '../web/method.js'

/** What of a request makes it of its class. */
export type ClassKind =
  | 'no-rule'
  | 'nobody'
  | 'origin-refused'
  | 'method-granted'
  | 'method-refused'
  | 'header-granted'
  | 'header-refused'

export interface RequestClass {
  readonly kind: ClassKind
  /** Absent for `no-rule`. */
  readonly rule?: string
  /** The rule's globs by which paths come to it; empty for `no-rule`, and where only routes name the rule. */
  readonly paths: readonly string[]
  /** The grant's place in the rule, and the origins and globs by which origins come to it; `*`: all others. */
  readonly grant?: { readonly index: number; readonly origins: readonly string[] }
  /** A request of the class. */
  readonly witness: CorsRequest
}

export interface RequestClasses {
  readonly classes: readonly RequestClass[]
  /** False: the globs combine in more ways than can be looked through, and classes may be missing. */
  readonly complete: boolean
}

export function requestClasses(policy: CompiledPolicy): RequestClasses {
  const paths = pathAtoms([policy])
  let complete = paths.complete
  const classes: RequestClass[] = []
  for (const path of paths.atoms) {
    const [rule] = path.rules
    if (rule === undefined) classes.push({ kind: 'no-rule', paths: [], witness: strange(path) })
    else if (rule.grants.length === 0) classes.push({ kind: 'nobody', ...placed(rule, path), witness: strange(path) })
    else {
      const origins = originAtoms([rule])
      complete &&= origins.complete
      for (const origin of origins.atoms) classes.push(...classesOf(rule, path, origin))
    }
  }
  return { classes, complete }
}

function strange({ target }: PathAtom): CorsRequest {
  return { ...target, method: 'GET', origin: 'https://evil.example' }
}

function placed(
  rule: CompiledRule,
  { globs }: PathAtom,
): Pick<RequestClass, 'rule' | 'paths'> & { readonly rule: string } {
  return { rule: rule.id, paths: globs[0] ?? [] }
}

function classesOf(rule: CompiledRule, path: PathAtom, { origin, grants, globs }: OriginAtom): RequestClass[] {
  const [grant] = grants
  const place = placed(rule, path)
  const request = { ...path.target, origin, ...(grant?.methods === 'served' ? { servedMethods: ['GET'] } : {}) }
  if (grant === undefined) return [{ kind: 'origin-refused', ...place, witness: { ...request, method: 'GET' } }]
  const where = { ...place, grant: { index: rule.grants.indexOf(grant), origins: globs[0] ?? [] } }
  const covers = (method: string): boolean => methodRefusal(grant, method, request.servedMethods) === undefined
  const granted = [...familiar, ...grant.methodSet].find(covers)
  const refused = [...unfamiliar, ...familiar, unmentioned('OTHER', grant.methodSet)].find((method) => !covers(method))
  const ask = (method: string): CorsRequest =>
    isSafelistedMethod(method) ? { ...request, method } : { ...request, method: 'OPTIONS', requestMethod: method }
  return [
    ...(granted === undefined ? [] : [{ kind: 'method-granted', ...where, witness: ask(granted) } as const]),
    ...(refused === undefined ? [] : [{ kind: 'method-refused', ...where, witness: ask(refused) } as const]),
    ...headerClasses(grant, where, { ...request, method: 'OPTIONS', requestMethod: granted ?? 'GET' }),
  ]
}

const familiar = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']
/** What a policy that is too generous grants first. */
const unfamiliar = ['DELETE', 'PUT', 'PATCH']

function headerClasses(
  grant: CompiledGrant,
  where: Omit<RequestClass, 'kind' | 'witness'>,
  preflight: CorsRequest,
): RequestClass[] {
  if (grant.requestHeaders.length === 0) return []
  const names = [...grant.requestHeaderSet, unmentioned('x-other', grant.requestHeaderSet), 'authorization']
  const granted = names.find((name) => coversHeader(grant, name))
  const refused = names.find((name) => !coversHeader(grant, name))
  return [
    ...(granted === undefined
      ? []
      : [{ kind: 'header-granted', ...where, witness: { ...preflight, requestHeaders: granted } } as const]),
    ...(refused === undefined
      ? []
      : [{ kind: 'header-refused', ...where, witness: { ...preflight, requestHeaders: refused } } as const]),
  ]
}

/** Names of the classes that a request is in; none for one that is malformed or has no `Origin`. */
export function classesMet(policy: CompiledPolicy, request: CorsRequest): string[] {
  const rule = decidingRule(policy, request)
  if (rule === 'no-rule') return [nameOf({ kind: 'no-rule' })]
  if (typeof rule === 'string') return []
  const ofRule = { rule: rule.id }
  if (rule.grants.length === 0) return [nameOf({ kind: 'nobody', ...ofRule })]
  const hit = request.origin === undefined ? 'origin-malformed' : decidingHit(rule, request.origin)
  if (hit === 'origin-not-allowed') return [nameOf({ kind: 'origin-refused', ...ofRule })]
  if (typeof hit === 'string') return []
  const index = rule.grants.indexOf(hit.grant)
  return [...kindsMet(hit.grant, request)].map((kind) => nameOf({ kind, ...ofRule, grant: { index } }))
}

function* kindsMet(grant: CompiledGrant, request: CorsRequest): Iterable<ClassKind> {
  const method = isPreflight(request) ? (request.requestMethod ?? '') : request.method
  const refusal = methodRefusal(grant, method, request.servedMethods)
  if (refusal === undefined) yield 'method-granted'
  if (refusal === 'method-not-allowed') yield 'method-refused'
  if (!isPreflight(request)) return
  for (const name of requestedNames(request.requestHeaders) ?? []) {
    yield coversHeader(grant, name) ? 'header-granted' : 'header-refused'
  }
}

/** A class in one line. */
export function classLine({ kind, rule, grant }: RequestClass): string {
  const origins = grant?.origins.slice(0, 3).join(', ') ?? ''
  const more = (grant?.origins.length ?? 0) > 3 ? ', …' : ''
  const place = [
    ...(rule === undefined ? [] : [`rule ${rule}`]),
    ...(grant === undefined ? [] : [`${origins}${more}`]),
  ].join(', ')
  return place === '' ? kinds[kind] : `${place}: ${kinds[kind]}`
}

const kinds: Readonly<Record<ClassKind, string>> = {
  'no-rule': 'paths without a rule',
  nobody: 'nobody is allowed',
  'origin-refused': 'origins that are refused',
  'method-granted': 'a method that is granted',
  'method-refused': 'a method that is refused',
  'header-granted': 'a request header that is granted',
  'header-refused': 'a request header that is refused',
}

/** One class, one name. */
export function nameOf({
  kind,
  rule,
  grant,
}: Pick<RequestClass, 'kind' | 'rule'> & { readonly grant?: { readonly index: number } }): string {
  return JSON.stringify([kind, rule ?? null, grant?.index ?? null])
}
