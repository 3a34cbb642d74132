/**
 * The headers of an allowed response (Fetch, "HTTP responses"). Decisions on one origin under one grant are kept with the
 * hit; where the answer depends on more of the request, it is made each time.
 */
import type { CompiledGrant, CompiledRule, Hit } from '../policy/policy.js'
import { isAsSerialized } from '../web/request-headers.js'
import { varyOf } from './answers.js'
import { coversHeader, requestedNames, servedList } from './coverage.js'
import type { ActualDecision, DecisionHeaders, NonCorsDecision, PreflightDecision } from './decision.js'

/** `*` for the grant of `"*"`, whatever else it lists; else the received bytes (Fetch, "CORS check"). */
function allowOrigin(rule: CompiledRule, { grant, text }: Hit): string {
  return grant === rule.anyone?.grant ? '*' : text
}

/** Written out, shape by shape: an object that is made at once takes less time than one that is filled. */
function actualHeaders(rule: CompiledRule, hit: Hit): DecisionHeaders {
  const { credentials, exposeHeaders } = hit.grant
  const origin = allowOrigin(rule, hit)
  if (exposeHeaders === '') {
    return credentials
      ? Object.freeze({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
      : Object.freeze({ 'access-control-allow-origin': origin })
  }
  return credentials
    ? Object.freeze({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': exposeHeaders,
      })
    : Object.freeze({ 'access-control-allow-origin': origin, 'access-control-expose-headers': exposeHeaders })
}

/** A response without `Origin` that carries what every response of a public rule carries. */
export function nonCorsOfPublicRule(rule: CompiledRule, anyone: Hit, isOptions: boolean): NonCorsDecision {
  if (isOptions) return nonCors(rule, anyone, isOptions)
  anyone.nonCors ??= nonCors(rule, anyone, isOptions)
  return anyone.nonCors as NonCorsDecision
}

function nonCors(rule: CompiledRule, anyone: Hit, isOptions: boolean): NonCorsDecision {
  return Object.freeze({
    kind: 'non-cors',
    ruleId: rule.id,
    reason: 'no-origin',
    headers: actualHeaders(rule, anyone),
    vary: varyOf(rule, isOptions),
  })
}

/** From the second time on this is a look-up: no closure here, for even one that is not called would be allocated. */
export function allowedActual(rule: CompiledRule, hit: Hit, isOptions: boolean): ActualDecision {
  if (isOptions) {
    hit.options ??= actual(rule, hit, isOptions)
    return hit.options as ActualDecision
  }
  hit.actual ??= actual(rule, hit, isOptions)
  return hit.actual as ActualDecision
}

function actual(rule: CompiledRule, hit: Hit, isOptions: boolean): ActualDecision {
  return Object.freeze({
    kind: 'actual',
    allowed: true,
    ruleId: rule.id,
    reason: 'allowed',
    headers: actualHeaders(rule, hit),
    vary: varyOf(rule, isOptions),
  })
}

/** What a preflight asked for, and was granted. */
export interface Asked {
  readonly method: string
  readonly requestHeaders: string | undefined
  readonly servedMethods: readonly string[] | undefined
  readonly splitByMethod: boolean
}

/** The answer to all preflights that the hit's grant covers, where it is one and was made before. */
export function keptPreflight(hit: Hit): PreflightDecision | undefined {
  return hit.preflight as PreflightDecision | undefined
}

export function allowedPreflight(rule: CompiledRule, hit: Hit, status: number, asked: Asked): PreflightDecision {
  const { allowMethods, allowHeaders, maxAge } = hit.grant
  const dependsOnAsked = asked.splitByMethod || allowMethods === undefined || allowHeaders === undefined
  if (!dependsOnAsked && hit.preflight !== undefined) return hit.preflight as PreflightDecision
  const headers = listHeaders(rule, hit, asked, namesAsked)
  headers['access-control-max-age'] = asked.splitByMethod ? '0' : String(maxAge)
  const decision = preflight(rule, true, 'allowed', status, headers)
  if (!dependsOnAsked) hit.preflight = decision
  return decision
}

/**
 * Debug mode: the lists under an ok status, so that the browser names what is not in them. What was refused is never
 * listed, and nothing is cached: a browser stores no entry for a preflight that fails. The list of methods is there even
 * if it is empty: an absent one would let an upload's method pass (Fetch, "CORS-preflight fetch", step 7.4).
 */
export function debuggedPreflight(
  rule: CompiledRule,
  hit: Hit,
  status: number,
  reason: 'method-malformed' | 'method-not-allowed' | 'request-headers-not-allowed',
  asked: Asked,
): PreflightDecision {
  const { grant } = hit
  const headers = listHeaders(rule, hit, asked, () => coveredNamesAsked(grant, asked))
  // A refused method would stand in the list as itself or under `*`.
  const unlisted = reason !== 'request-headers-not-allowed' && (asked.splitByMethod || grant.anyMethod)
  if (unlisted) headers['access-control-allow-methods'] = ''
  else headers['access-control-allow-methods'] ??= ''
  return preflight(rule, false, reason, status, headers)
}

function namesAsked({ requestHeaders }: Asked): string {
  if (requestHeaders === undefined || isAsSerialized(requestHeaders)) return requestHeaders ?? ''
  return [...(requestedNames(requestHeaders) ?? [])].join(',')
}

function coveredNamesAsked(grant: CompiledGrant, { requestHeaders }: Asked): string {
  return [...(requestedNames(requestHeaders) ?? [])].filter((name) => coversHeader(grant, name)).join(',')
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

/**
 * All but the max-age. `Access-Control-Allow-Methods` and `-Headers` in full, so that they warm the browser's cache for the
 * whole URL. `names`: those asked for, where they are echoed.
 */
function listHeaders(
  rule: CompiledRule,
  hit: Hit,
  asked: Asked,
  names: (asked: Asked) => string,
): Record<string, string> {
  const { method, servedMethods, splitByMethod } = asked
  const { credentials, methods, allowMethods, allowHeaders } = hit.grant
  const listed = splitByMethod
    ? method
    : (allowMethods ?? (methods === 'served' ? servedList(servedMethods ?? []) : method))
  const listedHeaders = splitByMethod ? names(asked) : (allowHeaders ?? names(asked))
  const headers: Record<string, string> = { 'access-control-allow-origin': allowOrigin(rule, hit) }
  if (credentials) headers['access-control-allow-credentials'] = 'true'
  if (listed !== '') headers['access-control-allow-methods'] = listed
  if (listedHeaders !== '') headers['access-control-allow-headers'] = listedHeaders
  return headers
}
