/** From a policy and a request to a decision: the whole product, in one call. */
import type { CompiledPolicy, CompiledRule, Hit, Policy } from '../policy/policy.js'
import { isSafelistedMethod } from '../web/method.js'
import { allowedActual, allowedPreflight, debuggedPreflight, keptPreflight, nonCorsOfPublicRule } from './allowed.js'
import { answersOf } from './answers.js'
import { headersRefusal, isKnownToBeCovered, methodRefusal } from './coverage.js'
import { decidingHit, decidingRule, type NoRule } from './deciding.js'
import type { Decision, PreflightDecision } from './decision.js'
import type { CorsRequest } from './request.js'

export interface EvaluateOptions {
  /**
   * A refused preflight of an allowed origin is answered with the lists and an ok status, so that the browser's console
   * names the reason. It tells the policy's methods and header names to any allowed origin. Default false.
   */
  readonly debug?: boolean
}

/**
 * Decides a request (Fetch, "CORS protocol"). Total: no string makes it throw. Pure but for decisions that it keeps with
 * the policy; time is linear in the request's bytes and independent of the number of origins.
 *
 * The answer is deeply frozen, and may be the same object for many requests.
 */
export function evaluate(policy: Policy, request: CorsRequest, options?: EvaluateOptions): Decision {
  const compiled = policy as CompiledPolicy
  const rule = decidingRule(compiled, request)
  if (typeof rule === 'string') return withoutGrants(undefined, rule, request)
  if (rule.grants.length === 0) return withoutGrants(rule, 'nobody-allowed', request)
  if (request.origin === undefined) return nonCors(rule, request)
  if (isPreflight(request)) return preflight(compiled, rule, request.origin, request, options?.debug === true)
  return actual(rule, request.origin, request)
}

/** Fetch, "HTTP requests": CORS-preflight request. Any other OPTIONS is a request of that method. */
export function isPreflight(request: CorsRequest): boolean {
  return request.method === 'OPTIONS' && request.origin !== undefined && request.requestMethod !== undefined
}

function withoutGrants(rule: CompiledRule | undefined, reason: NoRule, request: CorsRequest): Decision {
  const answers = answersOf(rule)
  if (request.origin === undefined) return answers.nonCors
  return isPreflight(request) ? answers.preflight[reason] : answers.actual[reason]
}

function nonCors(rule: CompiledRule, { method, servedMethods }: CorsRequest): Decision {
  const isOptions = method === 'OPTIONS'
  const { anyone } = rule
  if (rule.isPublic && anyone !== undefined && methodRefusal(anyone.grant, method, servedMethods) === undefined) {
    return nonCorsOfPublicRule(rule, anyone, isOptions)
  }
  return isOptions ? answersOf(rule).nonCorsOptions : answersOf(rule).nonCors
}

function actual(rule: CompiledRule, origin: string, { method, servedMethods }: CorsRequest): Decision {
  const isOptions = method === 'OPTIONS'
  const hit = rule.isPublic && rule.anyone !== undefined ? rule.anyone : decidingHit(rule, origin)
  const refused = typeof hit === 'string' ? hit : methodRefusal(hit.grant, method, servedMethods)
  if (refused === undefined) return allowedActual(rule, hit as Hit, isOptions)
  return isOptions ? answersOf(rule).actualOptions[refused] : answersOf(rule).actual[refused]
}

/** In the order of the standard's steps: "CORS check", then methods, then header names ("CORS-preflight fetch"). */
function preflight(
  policy: CompiledPolicy,
  rule: CompiledRule,
  origin: string,
  request: CorsRequest,
  debug: boolean,
): PreflightDecision {
  const refusals = answersOf(rule).preflight
  const hit = decidingHit(rule, origin)
  if (typeof hit === 'string') return refusals[hit]
  const { requestMethod = '', servedMethods, splitByMethod = false } = request
  const { requestHeaders } = request
  const refusedMethod = methodRefusal(hit.grant, requestMethod, servedMethods)
  if (refusedMethod === undefined && !splitByMethod && isKnownToBeCovered(hit.grant, requestHeaders)) {
    const kept = keptPreflight(hit)
    if (kept !== undefined) return kept
  }
  const refused = refusedMethod ?? headersRefusal(hit.grant, requestHeaders)
  const asked = { method: requestMethod, requestHeaders, servedMethods, splitByMethod }
  if (refused === undefined) return allowedPreflight(rule, hit, policy.preflightStatus, asked)
  // What is malformed no browser sent. A refused method that is safelisted would be sent all the same once the preflight
  // passes.
  if (!debug || refused === 'request-headers-malformed') return refusals[refused]
  if (refused !== 'request-headers-not-allowed' && isSafelistedMethod(requestMethod)) return refusals[refused]
  return debuggedPreflight(rule, hit, policy.preflightStatus, refused, asked)
}
