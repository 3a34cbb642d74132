/** Whether a grant covers a method and the names of request headers; if not, the reason. */
import type { CompiledGrant } from '../policy/policy.js'
import { isForbiddenMethod, isMethod } from '../web/method.js'
import { eachRequestHeader, parseRequestHeaders } from '../web/request-headers.js'

export type MethodRefusal = 'method-malformed' | 'method-not-allowed'
export type HeadersRefusal = 'request-headers-malformed' | 'request-headers-not-allowed'

/** `undefined`: covered. Methods are case-sensitive; a forbidden one is covered by nothing. */
export function methodRefusal(
  grant: CompiledGrant,
  method: string,
  servedMethods: readonly string[] | undefined,
): MethodRefusal | undefined {
  if (isListed(grant, method) && method !== '*') return undefined
  if (!isMethod(method)) return 'method-malformed'
  if (grant.anyMethod && !isForbiddenMethod(method)) return undefined
  if (grant.methods === 'served' && !isForbiddenMethod(method) && serves(servedMethods, method)) return undefined
  return 'method-not-allowed'
}

function isListed({ methodList }: CompiledGrant, method: string): boolean {
  // By index: an iterator over a frozen list is allocated.
  for (let i = 0; i < methodList.length; i++) if (methodList[i] === method) return true
  return false
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

/** Whether the grant covers the name of a request header. */
export function coversHeader(grant: CompiledGrant, name: string): boolean {
  return coversHeaderAt(grant, name, 0, name.length)
}

/**
 * Whether the grant covers the name, in lower case, that stands in a text. `*` covers all but `authorization`, which is to
 * be listed (Fetch, "CORS non-wildcard request-header name"). It covers the name `*` only where `*` is what the answer says:
 * echoed, that name would be a wildcard to the browser's preflight cache.
 */
function coversHeaderAt(grant: CompiledGrant, text: string, start: number, end: number): boolean {
  if (grant.requestHeaderTable.at(text, start, end) === true) return true
  if (!grant.anyRequestHeader) return false
  if (end - start === 1 && text.charCodeAt(start) === star) return grant.allowHeaders !== undefined
  return end - start !== authorization.length || !text.startsWith(authorization, start)
}

const star = 42
const authorization = 'authorization'

/** True only if they are covered, and that was found lately. */
export function isKnownToBeCovered(grant: CompiledGrant, requestHeaders: string | undefined): boolean {
  return requestHeaders === undefined || grant.recentAsked.find(requestHeaders, requestHeaders.length) !== undefined
}

/**
 * `undefined`: all that `Access-Control-Request-Headers` asks for is covered. No name is cut out, and once one is not covered
 * the others are only looked at for a fault, which comes first.
 */
export function headersRefusal(grant: CompiledGrant, requestHeaders: string | undefined): HeadersRefusal | undefined {
  if (requestHeaders === undefined) return undefined
  // All of it at once, if there is a name at all. What lower-casing makes a letter of ASCII is malformed.
  let lower: string | undefined
  let isCovered = true
  const isWellFormed = eachRequestHeader(requestHeaders, (start, end) => {
    lower ??= requestHeaders.toLowerCase()
    if (isCovered) isCovered = coversHeaderAt(grant, lower, start, end)
  })
  if (!isWellFormed) return 'request-headers-malformed'
  if (!isCovered) return 'request-headers-not-allowed'
  grant.recentAsked.keep({ text: requestHeaders }, requestHeaders.length)
  return undefined
}
