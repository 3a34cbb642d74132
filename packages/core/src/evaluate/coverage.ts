/** Whether a grant covers a method and the names of request headers; if not, the reason. */
import type { CompiledGrant } from '../policy/policy.js'
import { isForbiddenMethod, isMethod } from '../web/method.js'
import { parseRequestHeaders } from '../web/request-headers.js'

export type MethodRefusal = 'method-malformed' | 'method-not-allowed'
export type HeadersRefusal = 'request-headers-malformed' | 'request-headers-not-allowed'

/** `undefined`: covered. Methods are case-sensitive; a forbidden one is covered by nothing. */
export function methodRefusal(
  grant: CompiledGrant,
  method: string,
  servedMethods: readonly string[] | undefined,
): MethodRefusal | undefined {
  if (grant.methodSet.has(method) && method !== '*') return undefined
  if (!isMethod(method)) return 'method-malformed'
  if (grant.anyMethod && !isForbiddenMethod(method)) return undefined
  if (grant.methods === 'served' && !isForbiddenMethod(method) && serves(servedMethods, method)) return undefined
  return 'method-not-allowed'
}

function serves(servedMethods: readonly string[] | undefined, method: string): boolean {
  return (
    servedMethods !== undefined &&
    (servedMethods.includes(method) || (method === 'HEAD' && servedMethods.includes('GET')))
  )
}

/** The methods that a preflight's answer lists where they depend on what the router serves. */
export function servedList(servedMethods: readonly string[]): string {
  const methods = new Set(servedMethods.filter((method) => isMethod(method) && !isForbiddenMethod(method)))
  if (methods.has('GET')) methods.add('HEAD')
  return [...methods].join(',')
}

/** The names of `Access-Control-Request-Headers`, none where it is absent; `undefined` where it is malformed. */
export function requestedNames(requestHeaders: string | undefined): ReadonlySet<string> | undefined {
  return requestHeaders === undefined ? noNames : parseRequestHeaders(requestHeaders)
}

const noNames: ReadonlySet<string> = new Set()

/**
 * Whether the grant covers a header name. `*` covers all but `authorization`, which is to be listed (Fetch, "CORS
 * non-wildcard request-header name"). It covers the name `*` only where `*` is what the answer says: echoed, that name
 * would be a wildcard to the browser's preflight cache.
 */
export function coversHeader(grant: CompiledGrant, name: string): boolean {
  if (grant.requestHeaderSet.has(name)) return true
  if (!grant.anyRequestHeader || name === 'authorization') return false
  return name !== '*' || grant.allowHeaders !== undefined
}

/** True only if they are covered, and that was found lately. */
export function isKnownToBeCovered(grant: CompiledGrant, requestHeaders: string | undefined): boolean {
  return requestHeaders === undefined || grant.recentAsked.find(requestHeaders) !== undefined
}

/** `undefined`: all are covered. */
export function headersRefusal(
  grant: CompiledGrant,
  names: ReadonlySet<string> | undefined,
): HeadersRefusal | undefined {
  if (names === undefined) return 'request-headers-malformed'
  for (const name of names) if (!coversHeader(grant, name)) return 'request-headers-not-allowed'
  return undefined
}
