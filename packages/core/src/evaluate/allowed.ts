/**
 * The headers of an allowed response (Fetch, "HTTP responses"). Decisions on one origin under one grant are kept with the
 * hit; where the answer depends on more of the request, it is made each time.
 */
import type { CompiledGrant, CompiledRule, Hit } from '../policy/policy.js'
import { varyOf } from './answers.js'
import { coversHeader, servedList } from './coverage.js'
import type { ActualDecision, DecisionHeaders, NonCorsDecision, PreflightDecision } from './decision.js'

interface Kept {
  nonCors: NonCorsDecision | undefined
  actual: ActualDecision | undefined
  options: ActualDecision | undefined
  preflight: PreflightDecision | undefined
}

function keptBy(hit: Hit): Kept {
  hit.kept ??= { nonCors: undefined, actual: undefined, options: undefined, preflight: undefined } satisfies Kept
  return hit.kept as Kept
}

/** `*` for the grant of `"*"`, whatever else it lists; else the received bytes (Fetch, "CORS check"). */
function allowOrigin(rule: CompiledRule, hit: Hit, origin: string): string {
  return hit.grant === rule.anyone?.grant ? '*' : origin
}

function sharedHeaders(rule: CompiledRule, hit: Hit, origin: string): Record<string, string> {
  const headers: Record<string, string> = { 'access-control-allow-origin': allowOrigin(rule, hit, origin) }
  if (hit.grant.credentials) headers['access-control-allow-credentials'] = 'true'
  return headers
}

function actualHeaders(rule: CompiledRule, hit: Hit, origin: string): DecisionHeaders {
  const headers = sharedHeaders(rule, hit, origin)
  if (hit.grant.exposeHeaders !== '') headers['access-control-expose-headers'] = hit.grant.exposeHeaders
  return Object.freeze(headers)
}

/** A response without `Origin` that carries what every response of a public rule carries. */
export function nonCorsOfPublicRule(rule: CompiledRule, hit: Hit, isOptions: boolean): NonCorsDecision {
  if (isOptions) return nonCors(rule, hit, isOptions)
  const kept = keptBy(hit)
  kept.nonCors ??= nonCors(rule, hit, isOptions)
  return kept.nonCors
}

function nonCors(rule: CompiledRule, hit: Hit, isOptions: boolean): NonCorsDecision {
  return Object.freeze({
    kind: 'non-cors',
    ruleId: rule.id,
    reason: 'no-origin',
    headers: actualHeaders(rule, hit, '*'),
    vary: varyOf(rule, isOptions),
  })
}

/** From the second time on this is a look-up: no closure here, for even one that is not called would be allocated. */
export function allowedActual(rule: CompiledRule, hit: Hit, origin: string, isOptions: boolean): ActualDecision {
  const kept = keptBy(hit)
  if (isOptions) {
    kept.options ??= actual(rule, hit, origin, isOptions)
    return kept.options
  }
  kept.actual ??= actual(rule, hit, origin, isOptions)
  return kept.actual
}

function actual(rule: CompiledRule, hit: Hit, origin: string, isOptions: boolean): ActualDecision {
  return Object.freeze({
    kind: 'actual',
    allowed: true,
    ruleId: rule.id,
    reason: 'allowed',
    headers: actualHeaders(rule, hit, origin),
    vary: varyOf(rule, isOptions),
  })
}

/** What a preflight asked for, and was granted. */
export interface Asked {
  readonly method: string
  readonly names: ReadonlySet<string>
  readonly servedMethods: readonly string[] | undefined
  readonly splitByMethod: boolean
}

/** The answer to all preflights that the hit's grant covers, where it is one and was made before. */
export function keptPreflight(hit: Hit): PreflightDecision | undefined {
  return keptBy(hit).preflight
}

export function allowedPreflight(
  rule: CompiledRule,
  hit: Hit,
  origin: string,
  status: number,
  asked: Asked,
): PreflightDecision {
  const { grant } = hit
  const make = (): PreflightDecision => {
    const headers = sharedHeaders(rule, hit, origin)
    Object.assign(headers, lists(grant, asked))
    headers['access-control-max-age'] = asked.splitByMethod ? '0' : String(grant.maxAge)
    return preflight(rule, true, 'allowed', status, headers)
  }
  if (asked.splitByMethod || grant.allowMethods === undefined || grant.allowHeaders === undefined) return make()
  const kept = keptBy(hit)
  kept.preflight ??= make()
  return kept.preflight
}

/**
 * Debug mode: the lists under an ok status, so that the browser names what is not in them. What was refused is never
 * listed, and nothing is cached: a browser stores no entry for a preflight that fails. The list of methods is there even
 * if it is empty: an absent one would let an upload's method pass (Fetch, "CORS-preflight fetch", step 7.4).
 */
export function debuggedPreflight(
  rule: CompiledRule,
  hit: Hit,
  origin: string,
  status: number,
  reason: 'method-malformed' | 'method-not-allowed' | 'request-headers-not-allowed',
  asked: Asked,
): PreflightDecision {
  const { grant } = hit
  const names = new Set([...asked.names].filter((name) => coversHeader(grant, name)))
  const listed = lists(grant, { ...asked, names })
  // A refused method would stand in the list as itself or under `*`.
  const unlisted = reason !== 'request-headers-not-allowed' && (asked.splitByMethod || grant.anyMethod)
  const methods = unlisted ? '' : (listed['access-control-allow-methods'] ?? '')
  const headers = { ...sharedHeaders(rule, hit, origin), ...listed, 'access-control-allow-methods': methods }
  return preflight(rule, false, reason, status, headers)
}

function preflight(
  rule: CompiledRule,
  allowed: boolean,
  reason: PreflightDecision['reason'],
  status: number,
  headers: Record<string, string>,
): PreflightDecision {
  return Object.freeze({
    kind: 'preflight',
    allowed,
    ruleId: rule.id,
    reason,
    status,
    headers: Object.freeze(headers),
    vary: varyOf(rule, true),
  })
}

/** `Access-Control-Allow-Methods` and `-Headers`: in full, so that they warm the browser's cache for the whole URL. */
function lists(grant: CompiledGrant, { method, names, servedMethods, splitByMethod }: Asked): Record<string, string> {
  const methods = splitByMethod
    ? method
    : (grant.allowMethods ?? (grant.methods === 'served' ? servedList(servedMethods ?? []) : method))
  const headers = splitByMethod ? [...names].join(',') : (grant.allowHeaders ?? [...names].join(','))
  return {
    ...(methods === '' ? {} : { 'access-control-allow-methods': methods }),
    ...(headers === '' ? {} : { 'access-control-allow-headers': headers }),
  }
}
