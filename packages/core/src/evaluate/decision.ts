/**
 * A decision is a value: the headers to set, the names to merge into `Vary`, and the reason. Always deeply frozen.
 */

/** Why a CORS request was allowed or refused. Codes are permanent. */
export type Reason =
  | 'allowed'
  | 'no-rule'
  | 'unknown-rule'
  | 'nobody-allowed'
  | 'origin-malformed'
  | 'origin-not-allowed'
  | 'method-malformed'
  | 'method-not-allowed'
  | 'request-headers-malformed'
  | 'request-headers-not-allowed'
  | 'path-malformed'

/** Response headers to set: lower-case name to value. */
export type DecisionHeaders = Readonly<Record<string, string>>

/** A request without `Origin`. */
export interface NonCorsDecision {
  readonly kind: 'non-cors'
  readonly ruleId?: string
  readonly reason: 'no-origin'
  readonly headers: DecisionHeaders
  readonly vary: readonly string[]
}

/** A CORS request that is not a preflight: its response is for the application to make. */
export interface ActualDecision {
  readonly kind: 'actual'
  readonly allowed: boolean
  readonly ruleId?: string
  readonly reason: Reason
  readonly headers: DecisionHeaders
  readonly vary: readonly string[]
}

/** A CORS-preflight request (Fetch, "CORS-preflight fetch"): to be answered with `status`, these headers and no body. */
export interface PreflightDecision {
  readonly kind: 'preflight'
  readonly allowed: boolean
  readonly ruleId?: string
  readonly reason: Reason
  readonly status: number
  readonly headers: DecisionHeaders
  readonly vary: readonly string[]
}

export type Decision = NonCorsDecision | ActualDecision | PreflightDecision

/** A request without `Origin` is neither allowed nor refused. */
export function isAllowed(decision: Decision): boolean {
  return decision.kind !== 'non-cors' && decision.allowed
}
